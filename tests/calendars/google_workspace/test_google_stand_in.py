"""The stand-in does what Google's reference says, to Google's unmodified library."""

from datetime import UTC, datetime

import pytest
from google.auth.exceptions import RefreshError
from google_library import refused
from google_samples import ANNA, BERIT, CECILIA, DAY, HOUR

from tests.fakes.google_faults import Way

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
WEEKLY = ["RRULE:FREQ=WEEKLY;COUNT=4"]


def listed(events, **asked):
    return events.list(calendarId="primary", **asked).execute()


def subjects(answer):
    return [event.get("summary") for event in answer["items"]]


def test_a_list_comes_in_pages_and_only_the_last_has_a_sync_token(google, service):
    for nth in range(5):
        google.book(ANNA, str(nth), MONDAY + nth * HOUR, MONDAY + (nth + 1) * HOUR)
    events, pages, token = service(), [], None
    while True:
        page = listed(events, maxResults=2, pageToken=token)
        pages.append(page)
        token = page.get("nextPageToken")
        if token is None:
            break
    assert [subjects(page) for page in pages] == [["0", "1"], ["2", "3"], ["4"]]
    assert ["nextSyncToken" in page for page in pages] == [False, False, True]


def test_a_sync_token_tells_what_changed_and_what_is_gone(google, service):
    events = service()
    kept, gone = (google.book(ANNA, name, MONDAY, MONDAY + HOUR) for name in "ab")
    token = listed(events)["nextSyncToken"]
    assert listed(events, syncToken=token)["items"] == []
    google.edit(ANNA, kept, summary="c")
    google.remove(ANNA, gone)
    told = listed(events, syncToken=token)
    changed, left = sorted(
        told["items"], key=lambda event: event["status"] == "cancelled"
    )
    assert (changed["id"], changed["summary"]) == (kept, "c")
    assert left.keys() == {"kind", "etag", "id", "status"}
    assert left["id"] == gone
    assert listed(events, syncToken=told["nextSyncToken"])["items"] == []


def test_a_sync_token_expires(google, service):
    events = service()
    token = listed(events)["nextSyncToken"]
    google.expire_tokens(ANNA)
    request = events.list(calendarId="primary", syncToken=token)
    assert refused(request) == (410, "fullSyncRequired")


@pytest.mark.parametrize(
    "more",
    [
        {"timeMin": "2026-03-01T00:00:00Z"},
        {"timeMax": "2026-03-01T00:00:00Z"},
        {"q": "x"},
        {"orderBy": "updated"},
        {"iCalUID": "x"},
        {"privateExtendedProperty": "a=b"},
        {"singleEvents": True},
    ],
)
def test_a_sync_token_goes_with_nothing_but_what_it_was_made_with(service, more):
    events = service()
    token = listed(events)["nextSyncToken"]
    request = events.list(calendarId="primary", syncToken=token, **more)
    assert refused(request) == (400, "invalid")


def test_a_window_counts_ends_from_its_start_and_starts_to_its_end(google, service):
    for nth in range(4):
        google.book(ANNA, str(nth), MONDAY + nth * HOUR, MONDAY + (nth + 1) * HOUR)
    low, high = (MONDAY + HOUR).isoformat(), (MONDAY + 3 * HOUR).isoformat()
    assert subjects(listed(service(), timeMin=low, timeMax=high)) == ["1", "2"]


def test_a_series_comes_as_one_or_as_its_instances(google, service):
    series = google.book(ANNA, "s", MONDAY, MONDAY + HOUR, recurrence=WEEKLY)
    first, second, third, _ = google.instances(ANNA, series)
    google.edit(ANNA, second, start=MONDAY + 8 * DAY, end=MONDAY + 8 * DAY + HOUR)
    google.remove(ANNA, third)
    (one,) = listed(service())["items"]
    assert one["recurrence"] == WEEKLY
    instances = listed(service(), singleEvents=True)["items"]
    assert len(instances) == 3
    moved = instances[1]
    assert moved["id"] == second == f"{series}_20260309T080000Z"
    assert moved["recurringEventId"] == series
    assert moved["originalStartTime"]["dateTime"] == "2026-03-09T09:00:00+01:00"
    assert moved["start"]["dateTime"].startswith("2026-03-10")
    assert {event["iCalUID"] for event in instances} == {one["iCalUID"]}
    # Over the spring night the wall clock's hour stays.
    assert instances[2]["start"]["dateTime"] == "2026-03-23T09:00:00+01:00"
    google.edit(ANNA, series, recurrence=["RRULE:FREQ=WEEKLY;COUNT=5"])
    last = listed(service(), singleEvents=True)["items"][-1]
    assert last["start"]["dateTime"] == "2026-03-30T09:00:00+02:00"
    assert first in {event["id"] for event in instances}


def test_a_shortened_series_tells_of_its_lost_instances_by_id(google, service):
    series = google.book(ANNA, "s", MONDAY, MONDAY + HOUR, recurrence=WEEKLY)
    events = service()
    token = listed(events, singleEvents=True)["nextSyncToken"]
    google.edit(ANNA, series, recurrence=["RRULE:FREQ=WEEKLY;COUNT=3"])
    told = listed(events, singleEvents=True, syncToken=token)["items"]
    (gone,) = (event for event in told if event["status"] == "cancelled")
    assert gone["id"] == f"{series}_20260323T080000Z"
    assert gone["originalStartTime"] == {"dateTime": "2026-03-23T08:00:00Z"}
    assert "iCalUID" not in gone
    assert "summary" not in gone


def test_each_guest_has_a_copy_that_the_organisers_edits_rewrite(google, service):
    meeting = google.book(ANNA, "SAM: m", MONDAY, MONDAY + HOUR, guests=[ANNA, BERIT])
    service(BERIT).patch(
        calendarId="primary",
        eventId=meeting,
        body={"summary": "m", "extendedProperties": {"private": {"own": "1"}}},
    ).execute()
    (hers,), (berits,) = (listed(service(who))["items"] for who in (ANNA, BERIT))
    assert (hers["summary"], berits["summary"]) == ("SAM: m", "m")
    assert hers["iCalUID"] == berits["iCalUID"]
    assert "own" not in str(hers)
    assert (hers["organizer"].get("self"), berits["organizer"].get("self")) == (
        True,
        None,
    )
    google.edit(ANNA, meeting, location="rum 2")
    (berits,) = listed(service(BERIT))["items"]
    assert berits["summary"] == "SAM: m"
    assert berits["extendedProperties"]["private"] == {"own": "1"}
    assert listed(service(CECILIA))["items"] == []


def test_an_answer_to_an_invitation_reaches_every_copy(google, service):
    meeting = google.book(ANNA, "m", MONDAY, MONDAY + HOUR, guests=[BERIT, CECILIA])
    google.respond(BERIT, meeting, "declined")
    for who in (ANNA, BERIT, CECILIA):
        (seen,) = listed(service(who))["items"]
        answers = {
            guest["email"]: guest["responseStatus"] for guest in seen["attendees"]
        }
        assert answers == {BERIT: "declined", CECILIA: "needsAction"}
    (own,) = listed(service(BERIT), maxAttendees=1)["items"]
    assert [guest["self"] for guest in own["attendees"]] == [True]
    assert own["attendeesOmitted"]


def test_of_a_crowd_answers_reach_nobody(google, service):
    crowd = [f"guest{nth}@kommun.example" for nth in range(200)]
    meeting = google.book(ANNA, "m", MONDAY, MONDAY + HOUR, guests=[BERIT, *crowd])
    google.respond(BERIT, meeting, "accepted")
    (seen,) = listed(service(ANNA))["items"]
    assert {guest["responseStatus"] for guest in seen["attendees"]} == {"needsAction"}


def test_a_meeting_that_is_called_off_leaves_every_calendar(google, service):
    meeting = google.book(ANNA, "m", MONDAY, MONDAY + HOUR, guests=[BERIT])
    token = listed(service(BERIT))["nextSyncToken"]
    google.remove(ANNA, meeting)
    (told,) = listed(service(BERIT), syncToken=token)["items"]
    assert (told["id"], told["status"]) == (meeting, "cancelled")


def test_an_id_is_taken_also_by_what_was_removed_and_comes_back_by_a_patch(service):
    events, body = service(), {"id": "abcde", "summary": "x"}
    body |= {name: {"dateTime": "2026-03-02T08:00:00Z"} for name in ("start", "end")}
    events.insert(calendarId="primary", body=body).execute()
    again = events.insert(calendarId="primary", body=body)
    assert refused(again) == (409, "duplicate")
    remove = events.delete(calendarId="primary", eventId="abcde")
    remove.execute()
    assert refused(remove) == (410, "deleted")
    assert refused(again) == (409, "duplicate")
    back = {"status": "confirmed"}
    events.patch(calendarId="primary", eventId="abcde", body=back).execute()
    assert subjects(listed(events)) == ["x"]


def test_an_outdated_etag_changes_nothing(google, service):
    meeting = google.book(ANNA, "m", MONDAY, MONDAY + HOUR)
    events = service()
    before = events.get(calendarId="primary", eventId=meeting).execute()
    google.edit(ANNA, meeting, summary="n")
    late = events.patch(calendarId="primary", eventId=meeting, body={"summary": "o"})
    late.headers["If-Match"] = before["etag"]
    assert refused(late) == (412, "conditionNotMet")
    assert subjects(listed(events)) == ["n"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"id": "UPPER"}, (400, "invalid")),
        ({"start": None}, (400, "required")),
        ({"start": {"dateTime": "2026-03-02T08:00:00"}}, (400, "required")),
        ({"start": {"dateTime": "2026-03-02T09:30:00Z"}}, (400, "timeRangeEmpty")),
        ({"start": {"date": "2026-03-02"}}, (400, "invalid")),
        ({"start": {"dateTime": "soon"}}, (400, "invalid")),
        ({"visibility": "secret"}, (400, "invalid")),
    ],
)
def test_what_is_no_event_is_refused(service, body, why):
    event = {name: {"dateTime": "2026-03-02T09:00:00Z"} for name in ("start", "end")}
    assert refused(service().insert(calendarId="primary", body=event | body)) == why


def test_only_the_fields_that_were_asked_for_come(google, service):
    google.book(ANNA, "m", MONDAY, MONDAY + HOUR, description="d", guests=[BERIT])
    mask = "items(start/dateTime,attendees(responseStatus))"
    (event,) = listed(service(), fields=mask)["items"]
    assert event == {
        "start": {"dateTime": "2026-03-02T08:00:00+00:00"},
        "attendees": [{"responseStatus": "needsAction"}],
    }
    request = service().list(calendarId="primary", fields="items(subject)")
    assert refused(request) == (400, "invalidParameter")


def test_a_question_too_long_for_an_address_is_answered(service):
    long = service().list(calendarId="primary", syncToken="x" * 3000)
    assert refused(long) == (410, "fullSyncRequired")


def test_nobody_is_let_in_who_was_not_let_in(google, service):
    assert refused(service().list(calendarId=BERIT)) == (404, "notFound")
    event = {name: {"dateTime": "2026-03-02T09:00:00Z"} for name in ("start", "end")}
    reader = service(ANNA, "calendar.events.owned.readonly")
    write = reader.insert(calendarId="primary", body=event)
    assert refused(write) == (403, "insufficientPermissions")
    events = service()
    listed(events)
    google.revoke(ANNA)
    with pytest.raises(RefreshError, match="unauthorized_client"):
        listed(events)
    google.restore(ANNA)
    assert listed(events)["items"] == []
    for owner, scope in ((ANNA, "calendar"), ("nobody@kommun.example", "calendar")):
        with pytest.raises(RefreshError):
            listed(service(owner, scope))


def test_more_than_the_quota_is_refused(google, service):
    google.quota.per_person = 2
    events = service()
    for _ in range(2):
        listed(events)
    assert refused(events.list(calendarId="primary")) == (403, "rateLimitExceeded")
    assert listed(service(BERIT))["items"] == []
    assert google.quota.refused == 1


def test_what_is_asked_to_go_wrong_does_so_as_often_as_asked(google, service):
    events = service()
    google.fail(status=429, reason="rateLimitExceeded", method="GET", times=2)
    google.fail(way=Way.DROPPED, owner=BERIT)
    for _ in range(2):
        request = events.list(calendarId="primary")
        assert refused(request) == (429, "rateLimitExceeded")
    assert listed(events)["items"] == []
