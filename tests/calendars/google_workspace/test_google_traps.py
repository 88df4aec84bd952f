"""Where Google differs from what one would think, and the connector is not caught."""

from datetime import UTC, datetime

import pytest
from calendar_samples import SAM
from google_samples import (
    ANNA,
    BERIT,
    DAY,
    HOUR,
    calendar_of,
    ground_of,
)

from tests.fakes.google_faults import Way
from voice.calendars.ground import after
from voice.calendars.port import (
    BrokenAnswerError,
    BusyError,
    Cursor,
    CursorExpiredError,
    Window,
)

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
WINDOW = Window(MONDAY - 7 * DAY, MONDAY + 60 * DAY)
WEEKLY = {"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=4"]}
OUTLOOK = {"id": "_60q30c1g60o30e1i", "iCalUID": "040000008200E00074C5B7101A82E008"}


async def whole(calendar, window=WINDOW):
    reading = await calendar.read(window, None)
    assert reading.whole
    return reading


async def one(calendar):
    (entry,) = (await whole(calendar)).entries
    return entry


async def test_an_expired_token_asks_for_the_whole(google_calendar, google):
    first = await whole(google_calendar)
    google.expire_tokens(ANNA)
    with pytest.raises(CursorExpiredError):
        await google_calendar.read(WINDOW, first.cursor)
    again = await whole(google_calendar)
    assert not (await google_calendar.read(WINDOW, again.cursor)).whole


@pytest.mark.parametrize("cursor", ["", "[]", "{}", "17 x", '["t", "x", "y", {}]'])
async def test_a_cursor_that_is_none_of_googles_asks_for_the_whole(
    google_calendar, cursor
):
    with pytest.raises(CursorExpiredError):
        await google_calendar.read(WINDOW, Cursor(cursor))


async def test_another_days_window_is_read_whole(google_calendar, google):
    google.book(ANNA, "SAM: x", WINDOW.end + HOUR, WINDOW.end + 2 * HOUR)
    first = await whole(google_calendar)
    assert first.entries == ()
    tomorrow = Window(WINDOW.start + DAY, WINDOW.end + DAY)
    second = await google_calendar.read(tomorrow, first.cursor)
    assert (second.whole, len(second.entries)) == (True, 1)


async def test_pages_are_read_to_the_last(google_calendar, google):
    google.lists.page_size = 2
    names = [google.book(ANNA, "SAM: x", MONDAY, MONDAY + HOUR) for _ in range(5)]
    first = await whole(google_calendar)
    assert len(first.entries) == 5
    for name in names:
        google.edit(ANNA, name, start=MONDAY + DAY, end=MONDAY + DAY + HOUR)
    second = await google_calendar.read(WINDOW, first.cursor)
    assert [entry.start for entry in second.entries] == [MONDAY + DAY] * 5


async def test_a_reading_that_breaks_off_between_pages_is_none(google_calendar, google):
    google.lists.page_size = 1
    names = [google.book(ANNA, "SAM: x", MONDAY, MONDAY + HOUR) for _ in range(2)]
    first = await whole(google_calendar)
    for name in names:
        google.edit(ANNA, name, summary="x")
    google.fail(status=500, path="/events", skip=1)
    with pytest.raises(BusyError):
        await google_calendar.read(WINDOW, first.cursor)
    second = await google_calendar.read(WINDOW, first.cursor)
    assert [entry.mark for entry in second.entries] == [None, None]


async def test_a_list_without_an_end_is_no_answer(google_calendar, google):
    body = b'{"items": [], "nextPageToken": "again"}'
    google.fail(way=Way.INSTEAD, status=200, body=body, path="/events", times=10_000)
    with pytest.raises(BrokenAnswerError):
        await google_calendar.read(WINDOW, None)


async def test_a_list_without_a_sync_token_is_no_answer(google_calendar, google):
    google.fail(way=Way.INSTEAD, status=200, body=b'{"items": []}', path="/events")
    with pytest.raises(BrokenAnswerError):
        await google_calendar.read(WINDOW, None)


async def test_a_removed_invitation_from_elsewhere_is_known_by_its_key(
    google_calendar, google
):
    name = google.book(ANNA, "SAM: x", MONDAY, MONDAY + HOUR, **OUTLOOK)
    assert name == OUTLOOK["id"]
    first = await whole(google_calendar)
    google.remove(ANNA, name)
    second = await google_calendar.read(WINDOW, first.cursor)
    assert second.gone == (first.entries[0].key,)
    third = await google_calendar.read(WINDOW, second.cursor)
    assert (third.entries, third.gone) == ((), ())


async def test_a_removed_day_of_a_series_from_elsewhere_is_known_by_its_key(
    google_calendar, google
):
    series = google.book(ANNA, "SAM: x", MONDAY, MONDAY + HOUR, **OUTLOOK, **WEEKLY)
    first = await whole(google_calendar)
    google.edit(ANNA, series, summary="SAM: y")
    second = await google_calendar.read(WINDOW, first.cursor)
    google.remove(ANNA, google.instances(ANNA, series)[1])
    third = await google_calendar.read(WINDOW, second.cursor)
    keys = {entry.start: entry.key for entry in first.entries}
    assert third.gone == (keys[MONDAY + 7 * DAY],)
    google.remove(ANNA, series)
    fourth = await google_calendar.read(WINDOW, third.cursor)
    assert set(fourth.gone) == set(keys.values()) - set(third.gone)


async def test_a_shortened_series_loses_its_last_day(google_calendar, google):
    series = google.book(ANNA, "SAM: x", MONDAY, MONDAY + HOUR, **WEEKLY)
    first = await whole(google_calendar)
    google.edit(ANNA, series, recurrence=["RRULE:FREQ=WEEKLY;COUNT=3"])
    second = await google_calendar.read(WINDOW, first.cursor)
    last = max(first.entries, key=lambda entry: entry.start)
    assert second.gone == (last.key,)
    known = after(first.entries, second)
    assert known.keys() == {e.key for e in (await whole(google_calendar)).entries}


async def test_a_booking_moved_out_of_the_window_and_back_keeps_its_key(
    google_calendar, google
):
    name = google.book(ANNA, "SAM: x", MONDAY, MONDAY + HOUR)
    first = await whole(google_calendar)
    google.edit(ANNA, name, start=WINDOW.end + DAY, end=WINDOW.end + 2 * DAY)
    second = await google_calendar.read(WINDOW, first.cursor)
    assert second.gone == (first.entries[0].key,)
    google.edit(ANNA, name, start=MONDAY, end=MONDAY + HOUR)
    third = await google_calendar.read(WINDOW, second.cursor)
    assert third.entries == first.entries


async def test_an_endless_series_ends_with_the_window(google_calendar, google):
    daily = {"recurrence": ["RRULE:FREQ=DAILY"]}
    google.book(ANNA, "SAM: x", MONDAY, MONDAY + HOUR, **daily)
    near = Window(MONDAY - DAY, MONDAY + 20 * DAY)
    assert len((await whole(google_calendar, near)).entries) == 20


@pytest.mark.parametrize(
    ("fields", "is_so"),
    [
        ({"visibility": "confidential"}, {"private": True, "mark": None}),
        ({"visibility": "public"}, {"private": False, "mark": SAM}),
        ({"transparency": "transparent"}, {"free": True, "mark": SAM}),
        ({"status": "tentative"}, {"tentative": True, "mark": SAM}),
        ({"eventType": "outOfOffice"}, {"mark": SAM}),
        ({"eventType": "focusTime"}, {"mark": SAM}),
        ({"eventType": "fromGmail"}, {"mark": SAM}),
        ({"summary": None}, {"mark": None}),
        ({}, {"ours": False, "invited": False, "declined": False}),
    ],
)
async def test_what_google_says_of_a_booking_is_read(
    google_calendar, google, fields, is_so
):
    google.book(ANNA, "SAM: x", MONDAY, MONDAY + HOUR, **fields)
    entry = await one(google_calendar)
    assert {name: getattr(entry, name) for name in is_so} == is_so


@pytest.mark.parametrize("kind", ["workingLocation", "birthday"])
async def test_what_is_no_booking_is_not_read(google_calendar, google, kind):
    google.book(ANNA, "SAM: x", MONDAY, MONDAY + HOUR, eventType=kind)
    assert (await whole(google_calendar)).entries == ()


@pytest.mark.parametrize(
    ("response", "declined", "tentative"),
    [
        ("needsAction", False, False),
        ("accepted", False, False),
        ("tentative", False, True),
        ("declined", True, False),
    ],
)
async def test_the_answer_to_an_invitation_is_read(
    workspace, google, response, declined, tentative
):
    meeting = google.book(ANNA, "SAM: x", MONDAY, MONDAY + HOUR, guests=[ANNA, BERIT])
    google.respond(BERIT, meeting, response)
    theirs = await one(calendar_of(workspace, BERIT))
    assert (theirs.declined, theirs.tentative) == (declined, tentative)
    own = await one(calendar_of(workspace, ANNA))
    assert (own.declined, own.tentative) == (False, False)
    assert (own.invited, theirs.invited) == (False, True)


async def test_every_copy_of_a_meeting_has_one_key(workspace, google):
    meeting = google.book(
        ANNA, "SAM: x", MONDAY, MONDAY + HOUR, guests=[BERIT], **WEEKLY
    )
    second = google.instances(ANNA, meeting)[1]
    google.edit(ANNA, second, start=MONDAY + 8 * DAY, end=MONDAY + 8 * DAY + HOUR)
    own, theirs = [
        (await whole(calendar_of(workspace, who))).entries for who in (ANNA, BERIT)
    ]
    assert [(e.key, e.start) for e in own] == [(e.key, e.start) for e in theirs]
    assert len({entry.key for entry in own}) == 4


async def test_a_code_taken_out_of_a_copy_comes_back_with_the_organisers_edit(
    workspace, google
):
    calendar = calendar_of(workspace, BERIT)
    meeting = google.book(ANNA, "SAM: x", MONDAY, MONDAY + HOUR, guests=[BERIT])
    google.edit(BERIT, meeting, summary="x")
    first = await whole(calendar)
    assert [entry.mark for entry in first.entries] == [None]
    google.edit(ANNA, meeting, location="rum 2")
    second = await calendar.read(WINDOW, first.cursor)
    assert [entry.mark for entry in second.entries] == [SAM]
    # By which whoever follows the calendar knows that it had been taken out.
    assert second.entries[0].key == first.entries[0].key
    assert second.entries[0].invited


async def test_no_more_is_asked_for_than_is_needed(workspace, google):
    ground = ground_of(calendar_of(workspace), google)
    await whole(ground.calendar)
    (asking,) = (each for each in google.asked if each.path.endswith("/events"))
    for name in ("description", "location", "email", "displayName", "creator"):
        assert name not in asking.query["fields"]
    assert asking.query["maxAttendees"] == "1"
