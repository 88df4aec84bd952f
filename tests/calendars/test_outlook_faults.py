"""What goes wrong with Outlook is told apart, in words that name nobody."""

import json
import logging
import traceback
from contextlib import suppress

import pytest
from outlook_samples import ANNA, HOUR, calendar_of, daily, ground_of, way_to

from tests.fakes.google_faults import Way
from tests.fakes.graph import stand_in
from voice.calendars.ground import whole
from voice.calendars.port import (
    AccessDeniedError,
    BrokenAnswerError,
    BusyError,
    CalendarError,
    CursorExpiredError,
)

SECRET = "Hemlig överläggning om Åsa"


@pytest.fixture
def microsoft():
    with stand_in() as graph:
        graph.person(ANNA)
        yield graph


@pytest.fixture
async def ground(microsoft):
    async with way_to(microsoft) as graph:
        yield ground_of(calendar_of(graph), microsoft)


@pytest.mark.parametrize(
    ("fault", "error", "says"),
    [
        ({"status": 503}, BusyError, "503"),
        ({"status": 504}, BusyError, "504"),
        ({"way": Way.DROPPED}, BusyError, "does not answer"),
        ({"way": Way.HALF}, BusyError, "does not answer"),
        ({"way": Way.INSTEAD, "status": 200}, BrokenAnswerError, "no list"),
        (
            {"way": Way.INSTEAD, "status": 200, "body": b'{"value": []}'},
            BrokenAnswerError,
            "where its answer ends",
        ),
        (
            {"way": Way.INSTEAD, "status": 200, "body": b"<html>"},
            BrokenAnswerError,
            "not Outlook",
        ),
        (
            {"way": Way.INSTEAD, "status": 200, "body": b'{"value": 3}'},
            BrokenAnswerError,
            "no list",
        ),
        (
            {"way": Way.INSTEAD, "status": 200, "body": b'{"value": [{"id": "x"}]}'},
            BrokenAnswerError,
            "cannot be read",
        ),
        ({"way": Way.INSTEAD, "status": 302}, BrokenAnswerError, "strangely"),
        ({"status": 403, "reason": "ErrorAccessDenied"}, AccessDeniedError, "consent"),
        ({"status": 404, "reason": "ErrorInvalidUser"}, AccessDeniedError, "address"),
        ({"status": 400, "reason": "resyncRequired"}, CursorExpiredError, "whole"),
    ],
)
async def test_each_fault_is_told_apart(microsoft, ground, fault, error, says):
    microsoft.fail(path="calendarView", **fault)
    with pytest.raises(error, match=says) as raised:
        await whole(ground)
    assert type(raised.value) is error or error is AccessDeniedError
    assert ANNA not in str(raised.value)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("17", 17.0), ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0), ("soon", None)],
)
async def test_graph_says_how_long_to_wait(microsoft, ground, header, seconds):
    throttled = {"status": 429, "reason": "ApplicationThrottled"}
    microsoft.fail(headers=(("Retry-After", header),), **throttled)
    with pytest.raises(BusyError, match="429 ApplicationThrottled") as raised:
        await whole(ground)
    assert raised.value.retry_after == seconds


async def test_our_token_is_shown_to_nobody_else(microsoft, ground):
    near = f"{microsoft.base}.example/x"
    for link in ("http://127.0.0.1:9/v1.0/x", near, "http://[", "/x", 3):
        page = json.dumps({"value": [], "@odata.nextLink": link}).encode()
        microsoft.fail(way=Way.INSTEAD, status=200, body=page)
        asked = len(microsoft.asked)
        with pytest.raises(BrokenAnswerError, match="not Outlook"):
            await whole(ground)
        assert len(microsoft.asked) == asked + 1


async def test_an_answer_without_end_is_no_answer(microsoft, ground):
    again = f"{microsoft.base}/users/{ANNA}/calendarView/delta?$skiptoken=x"
    page = b'{"value": [], "@odata.nextLink": "%s"}' % again.encode()
    microsoft.fail(way=Way.INSTEAD, status=200, body=page, times=1001)
    with pytest.raises(BrokenAnswerError, match="no end"):
        await whole(ground)


async def test_a_token_that_was_taken_back_is_asked_for_anew(microsoft, ground):
    await whole(ground)
    microsoft.entra.revoke()
    assert (await whole(ground)).whole
    assert microsoft.entra.given == 2


async def test_access_that_was_taken_away_comes_back(microsoft, ground):
    first = await whole(ground)
    microsoft.revoked.add(ANNA)
    with pytest.raises(AccessDeniedError, match="403 ErrorAccessDenied"):
        await ground.calendar.read(ground.window, first.cursor)
    microsoft.revoked.clear()
    again = await ground.calendar.read(ground.window, first.cursor)
    assert not again.whole


async def test_an_answer_larger_than_any_calendar_is_not_read(microsoft, ground):
    microsoft.fail(way=Way.INSTEAD, status=200, body=b" " * (33 * 1024 * 1024))
    with pytest.raises(BrokenAnswerError, match="larger than any calendar"):
        await whole(ground)


@pytest.mark.parametrize("heeds", [True, False])
async def test_no_text_of_a_booking_is_told_to_anybody(
    microsoft, ground, heeds, caplog
):
    caplog.set_level(logging.DEBUG)
    microsoft.deltas.heeds_select = heeds
    about = {
        "body": {"contentType": "text", "content": f"{SECRET} i brödtexten"},
        "location": {"displayName": f"{SECRET} i rummet"},
        "guests": [f"{SECRET}@kommun.example"],
    }
    start = ground.hour
    for code in ("SAM:", "SAM", ""):
        for more in ({}, {"recurrence": daily(start, 2)}, {"sensitivity": "private"}):
            subject = f"{code} {SECRET} i rubriken"
            microsoft.book(ANNA, subject, start, start + HOUR, **about, **more)
    told = [repr(await whole(ground))]
    spoilt = json.dumps({"value": [{"subject": SECRET, "type": SECRET}]}).encode()
    said = {"reason": SECRET, "message": SECRET}
    for fault in (
        {"way": Way.INSTEAD, "status": 200, "body": spoilt},
        {"way": Way.INSTEAD, "status": 200, "body": SECRET.encode()},
        {"way": Way.DROPPED},
        *({"status": status, **said} for status in (400, 401, 403, 404, 409, 429, 500)),
    ):
        microsoft.fail(**fault, times=2)
        with pytest.raises(CalendarError) as raised:
            await whole(ground)
        microsoft.faults.clear()
        shown = None if raised.value.__suppress_context__ else raised.value.__context__
        assert shown is None or isinstance(shown, CalendarError)
        told += [str(raised.value), repr(raised.value)]
        told += traceback.format_exception(raised.value, chain=True)
    with suppress(CalendarError):
        await ground.calendar.put(ground.block())
    told += [record.getMessage() for record in caplog.records]
    told += [str(record.args) for record in caplog.records]
    assert any(SECRET.encode() in body for body in microsoft.sent)
    for text in told:
        assert "Hemlig" not in text
        assert "anna@" not in text
