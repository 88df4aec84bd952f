"""Diverts set by phone in their owners' calendars: once, whatever happens between."""

from dataclasses import replace
from datetime import timedelta

import pytest
from calendar_house import ANNA, HOUR, MINUTE, NOW, SAM, CalendarHouse, meeting

from voice.calendars.memory import busy
from voice.calendars.port import AccessDeniedError, BrokenAnswerError
from voice.divert.model import ChangeDivert, UndoChange
from voice.store.links_port import LinkKind, Step


@pytest.fixture
async def house():
    house = CalendarHouse()
    await house.couple()
    return house


@pytest.fixture
def calendar(house):
    return house.calendars[ANNA]


def booked(calendar):
    """Return code, start and end of each booking of ours."""
    return [
        (each.mark.reason, each.start, each.end)
        for each in calendar.entries()
        if each.ours
    ]


async def test_a_divert_set_by_phone_stands_in_the_calendar_once(house, calendar):
    await house.set()
    for _ in range(3):
        assert await house.settle() is None
    assert booked(calendar) == [("SAM", NOW, NOW + HOUR)]


async def test_it_is_never_read_back_as_a_new_divert(house, calendar):
    await house.set()
    await house.settle()
    await house.follow()
    assert len(await house.standing()) == 1
    await house.clear()
    await house.follow()
    assert not await house.is_closed()


async def test_it_moves_when_the_divert_is_extended_and_shortened(house, calendar):
    await house.set()
    await house.settle()
    for more in (30 * MINUTE, -20 * MINUTE):
        house.now += MINUTE
        await house.says(ChangeDivert(ANNA, to=more))
        await house.settle()
        (divert,) = await house.standing()
        assert booked(calendar) == [("SAM", NOW, divert.until)]


async def test_it_is_shortened_when_cleared_and_comes_back_when_that_is_undone(
    house, calendar
):
    await house.set()
    await house.settle()
    house.now = NOW + 10 * MINUTE
    await house.clear()
    await house.settle()
    assert booked(calendar) == [("SAM", NOW, NOW + 10 * MINUTE)]
    house.now = NOW + 12 * MINUTE
    await house.settle()
    await house.says(UndoChange(ANNA))
    await house.settle()
    assert booked(calendar) == [("SAM", NOW, NOW + HOUR)]


async def test_what_is_cleared_before_it_was_written_is_not_written(house, calendar):
    await house.set()
    calendar.fail(busy())
    assert await house.settle() > 0
    await house.clear()
    await house.settle()
    assert booked(calendar) == []
    assert await house.store.bookings.of(ANNA) == ()


@pytest.mark.parametrize("fault", [busy(), BrokenAnswerError("Half of it.")])
async def test_it_is_tried_until_it_is_done(house, calendar, fault):
    await house.set()
    waits = []
    for _ in range(5):
        calendar.fail(fault)
        waits.append(await house.settle())
        house.now += timedelta(seconds=waits[-1])
    assert waits == sorted(waits)
    assert booked(calendar) == []
    assert await house.settle() is None
    assert booked(calendar) == [("SAM", NOW, NOW + HOUR)]


async def test_nothing_is_tried_before_its_time(house, calendar):
    await house.set()
    calendar.fail(busy(retry_after=120))
    assert await house.settle() >= 120
    opened = house.opened
    house.now += MINUTE
    assert await house.settle() == pytest.approx(60, abs=5)
    assert house.opened == opened


async def test_where_we_may_not_write_it_is_tried_seldom(house, calendar):
    await house.set()
    calendar.fail(AccessDeniedError("We may not write: give us the right to."))
    assert await house.settle() >= 600


async def test_a_calendar_that_is_only_read_is_not_written_into(house):
    calendar = await house.couple(kind=LinkKind.ICS)
    await house.set()
    assert await house.settle() is None
    assert booked(calendar) == []


async def test_a_crash_after_the_write_and_before_the_note_doubles_nothing(
    house, calendar
):
    await house.set()
    await house.settle()
    (written,) = await house.store.bookings.of(ANNA)
    # As a process left it that was killed in between.
    await house.store.bookings.put([replace(written, step=Step.PUT)])
    assert await house.settle() is None
    assert booked(calendar) == [("SAM", NOW, NOW + HOUR)]


async def test_a_crash_after_the_removal_and_before_the_note_is_no_fault(
    house, calendar
):
    await house.set("SAM", NOW + HOUR)
    await house.settle()
    (written,) = await house.store.bookings.of(ANNA)
    await calendar.drop(written.key)
    await house.clear()
    assert await house.settle() is None
    assert booked(calendar) == []


async def test_what_has_ended_is_let_go_and_stays(house, calendar):
    await house.set()
    await house.settle()
    house.now = NOW + 2 * HOUR
    assert await house.settle() is None
    assert booked(calendar) == [("SAM", NOW, NOW + HOUR)]
    assert await house.store.bookings.unsettled() == ()


async def test_what_a_person_books_stays_as_it_is_but_for_our_mark(house, calendar):
    calendar.keep(meeting(mark=SAM))
    await house.follow()
    await house.clear()
    await house.set()
    await house.settle()
    await house.clear()
    await house.settle()
    own = [replace(e, opened="") for e in calendar.entries() if not e.ours]
    assert own == [meeting(mark=SAM)]
