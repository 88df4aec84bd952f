"""What is made of Google's faults, and that nothing of a booking is in what is told."""

import asyncio
import logging
import socket
import ssl
import traceback
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import trustme
from calendar_samples import SAM
from google_samples import (
    ANNA,
    BERIT,
    DAY,
    HOUR,
    calendar_of,
    workspace_of,
)

from tests.fakes.google_faults import Way
from voice.calendars.google_wire import Workspace, read_key
from voice.calendars.port import (
    AccessDeniedError,
    Block,
    BrokenAnswerError,
    BusyError,
    CalendarError,
    Window,
)

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
WINDOW = Window(MONDAY - 7 * DAY, MONDAY + 60 * DAY)
BLOCK = Block("key-1", SAM, MONDAY, MONDAY + HOUR)
SECRET = "Hemlig-överläggning"
EVENTS = "/events"


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
        (403, "rateLimitExceeded", BusyError),
        (403, "userRateLimitExceeded", BusyError),
        (403, "quotaExceeded", BusyError),
        (403, "calendarUsageLimitsExceeded", BusyError),
        (429, "rateLimitExceeded", BusyError),
        (500, "backendError", BusyError),
        (503, "backendError", BusyError),
        (403, "forbidden", AccessDeniedError),
        (403, "accessNotConfigured", AccessDeniedError),
        (404, "notFound", AccessDeniedError),
        (400, "badRequest", BrokenAnswerError),
        (302, "moved", BrokenAnswerError),
        (418, "teapot", BrokenAnswerError),
    ],
)
async def test_a_fault_is_of_one_kind_and_says_so(
    google, google_calendar, status, reason, kind
):
    google.fail(status=status, reason=reason, message=SECRET, path=EVENTS)
    with pytest.raises(kind, match=str(status)) as raised:
        await google_calendar.read(WINDOW, None)
    assert reason in str(raised.value)
    assert SECRET not in str(raised.value)
    assert (await google_calendar.read(WINDOW, None)).whole


async def test_how_long_to_wait_is_passed_on(google, google_calendar):
    soon = datetime.now(UTC) + timedelta(seconds=100)
    for told, least in (
        ("7", 7),
        (format_datetime(soon, usegmt=True), 60),
        ("x", None),
    ):
        headers = (("Retry-After", told),)
        google.fail(
            status=429, reason="rateLimitExceeded", headers=headers, path=EVENTS
        )
        with pytest.raises(BusyError) as raised:
            await google_calendar.read(WINDOW, None)
        wait = raised.value.retry_after
        assert (wait is None) if least is None else least <= wait <= 100


@pytest.mark.parametrize(
    "fault",
    [
        {"way": Way.HALF},
        {"way": Way.INSTEAD, "status": 200, "body": b"<html>Log in</html>"},
        {"way": Way.INSTEAD, "status": 200, "body": b""},
        {"way": Way.INSTEAD, "status": 200, "body": b"[]"},
        {"way": Way.INSTEAD, "status": 200, "body": b'"x"'},
        {"way": Way.INSTEAD, "status": 200, "body": b"\xff\xfe"},
        {"way": Way.INSTEAD, "status": 200, "body": b'{"items": {}}'},
        {"way": Way.INSTEAD, "status": 200, "body": b'{"items": ["x"]}'},
        {"way": Way.INSTEAD, "status": 200, "body": b'{"items": [{}]}'},
        {"way": Way.INSTEAD, "status": 403, "body": SECRET.encode()},
        {"way": Way.INSTEAD, "status": 403, "body": b"[]"},
        {"way": Way.INSTEAD, "status": 403, "body": b'{"error": 1}'},
        {"way": Way.INSTEAD, "status": 500, "body": b"[1]"},
    ],
)
async def test_an_answer_that_is_none_is_a_clear_fault(google, google_calendar, fault):
    google.fail(**fault, path=EVENTS, times=3)
    with pytest.raises(CalendarError):
        await google_calendar.read(WINDOW, None)
    google.faults.clear()
    assert (await google_calendar.read(WINDOW, None)).whole


async def test_a_redirect_is_not_followed(google, google_calendar):
    headers = (("Location", f"{google.place}/elsewhere"),)
    google.fail(status=302, headers=headers, path=EVENTS)
    with pytest.raises(BrokenAnswerError):
        await google_calendar.read(WINDOW, None)
    assert not any("elsewhere" in asking.path for asking in google.asked)


@pytest.mark.parametrize(
    "start",
    [
        None,
        {},
        {"dateTime": "yesterday"},
        {"dateTime": 7},
        {"dateTime": "0001-01-01T00:00:00+14:00"},
        {"date": "2026-02-30"},
        {"date": "0001-01-01"},
        "2026-03-02",
    ],
)
async def test_a_booking_that_cannot_be_read_is_a_clear_fault(
    google, google_calendar, start
):
    body = '{"nextSyncToken": "t", "items": [{"id": "x", "iCalUID": "x", "summary": '
    body += f'"{SECRET}", "start": {start!r}, "end": {start!r}' + "}]}"
    answer = body.replace("'", '"').replace("None", "null").encode()
    google.fail(way=Way.INSTEAD, status=200, body=answer, path=EVENTS)
    with pytest.raises(BrokenAnswerError) as raised:
        await google_calendar.read(WINDOW, None)
    assert SECRET not in told(raised.value)


async def test_a_machine_that_does_not_answer_is_busy(google):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = taken.getsockname()[1]
    workspace = Workspace(google.key, f"http://127.0.0.1:{nobody}/calendar/v3/")
    try:
        with pytest.raises(BusyError, match="way to the network"):
            await calendar_of(workspace).read(WINDOW, None)
    finally:
        await workspace.close()


@pytest.mark.parametrize("days", [-1, 30])
async def test_a_certificate_that_is_not_believed_is_told_of(google, days):
    ends = datetime.now(UTC) + timedelta(days=days)
    begins = ends - timedelta(days=60)
    issued = trustme.CA().issue_cert("127.0.0.1", not_before=begins, not_after=ends)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)

    async def unheard(_, writer):
        writer.close()

    server = await asyncio.start_server(unheard, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    workspace = Workspace(google.key, f"https://127.0.0.1:{port}/calendar/v3/")
    async with server:
        with pytest.raises(BrokenAnswerError, match="certificate is not believed"):
            await calendar_of(workspace).read(WINDOW, None)
        await workspace.close()


async def test_access_that_is_taken_away_is_denied_until_it_is_given_again(
    google, workspace
):
    mine, theirs = calendar_of(workspace, ANNA), calendar_of(workspace, BERIT)
    first = await mine.read(WINDOW, None)
    google.revoke(ANNA)
    for refused in (
        mine.read(WINDOW, first.cursor),
        mine.read(WINDOW, None),
        mine.put(BLOCK),
        mine.drop("x"),
    ):
        with pytest.raises(AccessDeniedError, match="domain-wide delegation"):
            await refused
    assert (await theirs.read(WINDOW, None)).whole
    google.restore(ANNA)
    assert not (await mine.read(WINDOW, first.cursor)).whole


async def test_who_has_no_calendar_is_denied(workspace):
    nobody = calendar_of(workspace, "nobody@kommun.example")
    with pytest.raises(AccessDeniedError):
        await nobody.read(WINDOW, None)


async def test_a_scope_that_was_not_given_is_denied(google, google_calendar):
    google.tokens.delegated.clear()
    with pytest.raises(AccessDeniedError, match="calendar.events.owned"):
        await google_calendar.read(WINDOW, None)


async def test_a_token_that_has_ended_is_renewed(google, google_calendar):
    await google_calendar.read(WINDOW, None)
    google.tokens.end_all()
    assert (await google_calendar.read(WINDOW, None)).whole


async def test_a_token_serves_until_it_ends(google, workspace):
    for _ in range(3):
        await calendar_of(workspace).read(WINDOW, None)
    assert [asking.path for asking in google.asked].count("/token") == 1


async def test_one_persons_quota_hinders_nobody_else(google, workspace):
    mine, theirs = calendar_of(workspace, ANNA), calendar_of(workspace, BERIT)
    google.quota.per_person = 1
    await mine.read(WINDOW, None)
    with pytest.raises(BusyError):
        await mine.read(WINDOW, None)
    assert (await theirs.read(WINDOW, None)).whole


@pytest.mark.parametrize("key", [{}, {"type": "x"}, {"private_key": SECRET}])
def test_a_key_that_is_none_is_a_clear_fault(google, key):
    with pytest.raises(CalendarError, match="JSON file") as raised:
        Workspace(key)
    assert SECRET not in told(raised.value)
    broken = google.key | {"private_key": SECRET}
    with pytest.raises(CalendarError, match="JSON file") as raised:
        Workspace(broken)
    assert SECRET not in told(raised.value)


@pytest.mark.parametrize("text", [None, "", "[]", "{", "\x00"])
def test_a_key_file_that_is_none_is_a_clear_fault(tmp_path, text):
    file = tmp_path / "key.json"
    if text is not None:
        file.write_text(text, "utf-8")
    with pytest.raises(CalendarError, match="JSON file"):
        read_key(file)


def told(error: BaseException) -> str:
    """Return all that anybody could write down of a fault."""
    return repr(error) + "".join(traceback.format_exception(error))


FAULTS = [
    {"status": 403, "reason": SECRET, "message": SECRET},
    {"status": 403, "way": Way.INSTEAD, "body": SECRET.encode()},
    {"status": 400, "reason": "invalid", "message": SECRET},
    {"status": 200, "way": Way.INSTEAD, "body": f'{{"x": "{SECRET}'.encode()},
    {"status": 500, "reason": SECRET},
    {"way": Way.HALF},
]


async def test_nothing_of_a_booking_is_told_anywhere(google, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    planted = {"description": SECRET, "location": SECRET, "guests": [BERIT]}
    planted |= {"extendedProperties": {"private": {"other": SECRET}}}
    for subject in (f"SAM: {SECRET}", f"SAM {SECRET}", SECRET):
        google.book(ANNA, subject, MONDAY, MONDAY + HOUR, **planted)
    google.book(ANNA, SECRET, MONDAY, MONDAY + HOUR, visibility="private", **planted)
    seen = []
    async with workspace_of(google) as workspace:
        calendar = calendar_of(workspace)
        reading = await calendar.read(WINDOW, None)
        assert len(reading.entries) == 4
        seen += [repr(reading), repr(calendar), repr(workspace)]
        for fault in FAULTS:
            for asking in (
                lambda: calendar.read(WINDOW, None),
                lambda: calendar.read(WINDOW, reading.cursor),
                lambda: calendar.put(replace(BLOCK, key=SECRET)),
                lambda: calendar.drop(SECRET),
            ):
                google.fail(**fault, path=EVENTS, times=3)
                with pytest.raises(CalendarError) as raised:
                    await asking()
                seen.append(told(raised.value))
                google.faults.clear()
    seen += [record.getMessage() for record in caplog.records]
    seen += list(capfd.readouterr())
    assert not any(SECRET in each for each in seen)
    assert not any(BERIT in each for each in seen)
