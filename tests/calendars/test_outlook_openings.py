"""What we write on people's bookings in Outlook is asked for by it, and no guest's."""

import logging
import traceback
from dataclasses import replace

import pytest
from outlook_samples import ANNA, BERIT, DAY, HOUR, calendar_of, ground_of, way_to

from tests.fakes.google_faults import Way
from voice.calendars.ground import Booking, whole
from voice.calendars.port import BusyError, CalendarError
from voice.calendars.touched import opening

SECRET = "Hemlig-överläggning"


@pytest.fixture
async def ground(microsoft):
    async with way_to(microsoft) as graph:
        yield ground_of(calendar_of(graph), microsoft)


@pytest.fixture
async def berits(microsoft):
    async with way_to(microsoft) as graph:
        yield calendar_of(graph, BERIT)


def met(microsoft, ground):
    """Have Anna call Berit to a meeting with a code."""
    times = (ground.hour, ground.hour + HOUR)
    microsoft.book(ANNA, "SAM: hemligt", *times, guests=[BERIT])


async def opening_in(calendar, ground):
    (entry,) = (await calendar.read(ground.window, None)).entries
    return opening(entry)


def item(microsoft, owner):
    (found,) = microsoft.mailboxes.of[owner].items.values()
    return found


async def test_a_meeting_of_ones_own_is_left_as_it_is(microsoft, ground):
    met(microsoft, ground)
    mine = await opening_in(ground.calendar, ground)
    await ground.calendar.set_opened(mine, True)
    assert not await ground.calendar.take_code(mine)
    assert not [each for each in microsoft.asked if each.method == "PATCH"]


async def test_a_guests_own_copy_is_theirs(microsoft, ground, berits):
    met(microsoft, ground)
    before = microsoft.rows(ANNA)
    theirs = await opening_in(berits, ground)
    await berits.set_opened(theirs, True)
    assert await opening_in(berits, ground) == theirs
    assert await berits.take_code(theirs)
    assert item(microsoft, BERIT).told["subject"] == "hemligt"
    assert microsoft.rows(ANNA) == before


async def test_a_series_carries_what_is_of_its_days(microsoft, ground):
    start = ground.hour
    await ground.hand.book(Booking("SAM: x", start, start + HOUR, days=4))
    days = sorted((await whole(ground)).entries, key=lambda entry: entry.start)
    for nth in (1, 3):
        await ground.calendar.set_opened(opening(days[nth]), True)
    (row,) = microsoft.rows(ANNA)
    assert row["type"] == "seriesMaster"
    assert item(microsoft, ANNA).exceptions == {}
    after = sorted((await whole(ground)).entries, key=lambda entry: entry.start)
    opened = [
        opening(day).proof in e.opened.split()
        for day, e in zip(days, after, strict=True)
    ]
    assert opened == [False, True, False, True]
    await ground.calendar.set_opened(opening(days[1]), False)
    assert item(microsoft, ANNA).extended.popitem()[1] == opening(days[3]).proof


async def test_a_calendar_without_a_code_is_asked_for_no_marks(microsoft, ground):
    microsoft.book(ANNA, "budget", ground.hour, ground.hour + HOUR)
    await whole(ground)
    assert not [each for each in microsoft.asked if "$expand" in each.query]


async def test_where_marks_cannot_be_asked_for_all_else_is_read(microsoft, ground):
    await ground.hand.book(Booking("SAM: x", ground.hour, ground.hour + HOUR))
    microsoft.fail(status=400, reason="ErrorInvalidUrlQuery", path="/events")
    (entry,) = (await whole(ground)).entries
    assert (entry.mark, entry.opened) == (ground.mark, "")


async def test_a_server_that_is_busy_with_marks_is_read_later(microsoft, ground):
    await ground.hand.book(Booking("SAM: x", ground.hour, ground.hour + HOUR))
    microsoft.fail(status=503, reason="ServiceUnavailable", path="/events")
    with pytest.raises(BusyError):
        await whole(ground)


async def test_what_is_removed_meanwhile_is_left(microsoft, ground):
    await ground.hand.book(Booking("SAM: x", ground.hour, ground.hour + HOUR))
    mine = await opening_in(ground.calendar, ground)
    for method in ("PATCH", "GET"):
        gone = {"status": 404, "reason": "ErrorItemNotFound", "path": "/events/"}
        microsoft.fail(method=method, times=2, **gone)
        await ground.calendar.set_opened(mine, True)
        assert await ground.calendar.take_code(mine)
    later = replace(mine, start=mine.start + 9 * DAY, end=mine.end + 9 * DAY)
    await ground.calendar.set_opened(later, True)
    assert item(microsoft, ANNA).extended == {}


@pytest.mark.parametrize(
    "fault",
    [
        *({"status": s, "reason": SECRET, "message": SECRET} for s in (400, 409, 500)),
        {"status": 200, "way": Way.INSTEAD, "body": SECRET.encode()},
        {"way": Way.HALF},
    ],
)
async def test_no_subject_is_told_to_anybody(microsoft, ground, fault, caplog):
    caplog.set_level(logging.DEBUG)
    subject = f"SAM: {SECRET}"
    await ground.hand.book(Booking(subject, ground.hour, ground.hour + HOUR))
    mine = await opening_in(ground.calendar, ground)
    microsoft.fail(**fault, method="PATCH", times=2)
    with pytest.raises(CalendarError) as raised:
        await ground.calendar.take_code(mine)
    told = "".join(traceback.format_exception(raised.value))
    assert SECRET not in told + caplog.text
