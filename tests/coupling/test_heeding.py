"""What owners do to bookings of ours: heeded when it is plain, and never mistaken."""

from dataclasses import replace
from datetime import timedelta

import pytest
from calendar_house import ANNA, HOUR, MINUTE, NOW, SAM, CalendarHouse, meeting

from voice.calendars.memory import busy
from voice.calendars.port import AccessDeniedError, BrokenAnswerError
from voice.divert.model import (
    ChangeDivert,
    Mode,
    SetDivert,
    Source,
    UndoChange,
    Until,
)
from voice.store.links_port import Step

SOON = timedelta(seconds=11)


@pytest.fixture
async def house():
    """A phone whose divert is written into its owner's calendar, and was read there."""
    house = CalendarHouse()
    await house.couple()
    await house.follow()
    await house.set(until=NOW + HOUR)
    await house.settle()
    await house.follow()
    return house


@pytest.fixture
def calendar(house):
    return house.calendars[ANNA]


def ours(calendar):
    (entry,) = [each for each in calendar.entries() if each.ours]
    return entry


async def heeded(house):
    """Read the calendar, and ask it as often as it is to be asked."""
    await house.follow()
    await house.settle()
    house.now += SOON
    await house.settle()


async def until(house):
    (divert,) = await house.standing()
    return divert.until


async def test_who_removes_it_has_cleared_the_divert(house, calendar):
    calendar.remove(ours(calendar).key)
    await heeded(house)
    assert await house.standing() == ()
    assert await house.store.bookings.of(ANNA) == ()
    assert [e for e in calendar.entries() if e.ours] == []
    trail = await house.store.audit.entries(ANNA, limit=1)
    assert [(each.by, each.event) for each in trail] == [
        (Source.CALENDAR, "DivertsCleared")
    ]


async def test_it_is_asked_for_twice_and_cleared_once(house, calendar):
    calendar.remove(ours(calendar).key)
    await house.follow()
    assert await house.settle() == pytest.approx(10)
    assert await house.is_closed()
    house.now += SOON
    for _ in range(3):
        assert await house.settle() is None
        await house.follow()
    trail = await house.store.audit.entries(ANNA)
    assert sum(each.event == "DivertsCleared" for each in trail) == 1


async def test_such_a_clear_can_be_taken_back(house, calendar):
    calendar.remove(ours(calendar).key)
    await heeded(house)
    await house.says(UndoChange(ANNA))
    await heeded(house)
    assert await until(house) == NOW + HOUR
    assert ours(calendar).end == NOW + HOUR


async def test_who_removes_one_that_is_yet_to_come_has_cleared_it(house, calendar):
    await house.clear()
    await heeded(house)
    start = NOW + 2 * HOUR
    await house.says(SetDivert(ANNA, SAM.reason, start + HOUR, start))
    await house.settle()
    await house.follow()
    calendar.remove(next(e.key for e in calendar.entries() if e.start == start))
    await heeded(house)
    assert await house.standing() == ()


async def test_who_cancels_it_has_cleared_the_divert(house, calendar):
    calendar.keep(replace(ours(calendar), cancelled=True))
    await heeded(house)
    assert await house.standing() == ()


@pytest.mark.parametrize("minutes", [30, 90])
async def test_who_moves_its_end_has_moved_the_divert(house, calendar, minutes):
    calendar.keep(replace(ours(calendar), end=NOW + minutes * MINUTE))
    await heeded(house)
    (divert,) = await house.standing()
    assert (divert.until, divert.source) == (NOW + minutes * MINUTE, Source.VOICE)
    assert ours(calendar).end == NOW + minutes * MINUTE
    (written,) = await house.store.bookings.of(ANNA)
    assert written.step is Step.NONE
    await house.says(UndoChange(ANNA))
    await house.settle()
    assert await until(house) == ours(calendar).end == NOW + HOUR


async def test_who_moves_its_end_to_the_past_has_cleared_the_divert(house, calendar):
    house.now = NOW + 20 * MINUTE
    calendar.keep(replace(ours(calendar), end=NOW + 15 * MINUTE))
    await heeded(house)
    assert await house.standing() == ()
    assert ours(calendar).end == NOW + 15 * MINUTE


async def test_one_without_an_end_gets_the_end_that_its_owner_gives(house, calendar):
    await house.clear()
    house.now = NOW + 3 * HOUR
    await house.set(until=Until.CLEARED)
    await heeded(house)
    booking = next(e for e in calendar.entries() if e.start == NOW + 3 * HOUR)
    await heeded(house)
    calendar.keep(replace(booking, end=NOW + 5 * HOUR))
    await heeded(house)
    assert await until(house) == NOW + 5 * HOUR


@pytest.mark.parametrize(
    "change",
    [
        {"start": NOW - HOUR},
        {"all_day": True},
        {"mark": None},
        {"mark": replace(meeting().mark, mode=Mode.INFORMING)},
        {"end": NOW - HOUR},
    ],
)
async def test_what_is_not_plain_is_written_again(house, calendar, change):
    before = ours(calendar)
    calendar.keep(replace(before, **change))
    await heeded(house)
    assert await until(house) == NOW + HOUR
    assert ours(calendar) == before


async def test_what_becomes_private_is_left_alone(house, calendar):
    calendar.keep(replace(ours(calendar), private=True, mark=None))
    await heeded(house)
    assert await until(house) == NOW + HOUR
    assert ours(calendar).private


async def test_a_calendar_that_was_read_whole_says_nothing_of_its_owner(
    house, calendar
):
    calendar.remove(ours(calendar).key)
    calendar.expire()
    await heeded(house)
    await heeded(house)
    assert await house.is_closed()


async def test_where_most_is_gone_it_was_not_by_its_owner(house, calendar):
    for nth in range(4):
        start = NOW + (nth + 3) * HOUR
        calendar.keep(meeting(str(nth), start, start + HOUR))
    await house.follow()
    for entry in calendar.entries():
        calendar.remove(entry.key)
    await heeded(house)
    assert await house.is_closed()


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize(
    "fault", [busy(), AccessDeniedError("No."), BrokenAnswerError("Half.")]
)
async def test_what_cannot_be_asked_for_is_not_cleared(house, calendar, fault, nth):
    await house.says(ChangeDivert(ANNA, to=8 * HOUR))
    await heeded(house)
    await house.follow()
    calendar.remove(ours(calendar).key)
    await house.follow()
    if nth == 2:
        await house.settle()
        house.now += SOON
    for _ in range(3):
        calendar.fail(fault)
        house.now += timedelta(seconds=await house.settle())
        assert await house.is_closed()
    for _ in range(2):
        await house.settle()
        house.now += SOON
    assert not await house.is_closed()


async def test_what_is_there_when_it_is_asked_for_again_was_never_gone(house, calendar):
    entry = ours(calendar)
    calendar.remove(entry.key)
    await house.follow()
    await house.settle()
    calendar.keep(entry)
    house.now += SOON
    assert await house.settle() is None
    assert await house.is_closed()


async def test_a_booking_not_yet_noted_as_written_is_written_again(house, calendar):
    (written,) = await house.store.bookings.of(ANNA)
    # As a process left it that was killed between the two.
    await house.store.bookings.put([replace(written, step=Step.PUT)])
    calendar.remove(ours(calendar).key)
    await heeded(house)
    assert await house.is_closed()
    assert ours(calendar).end == NOW + HOUR


async def test_a_crash_between_the_clear_and_its_note_clears_nothing_more(
    house, calendar
):
    (written,) = await house.store.bookings.of(ANNA)
    calendar.remove(ours(calendar).key)
    await heeded(house)
    await house.store.bookings.put([replace(written, step=Step.MISSED)])
    await house.set("TJÄ", until=NOW + 2 * HOUR)
    await house.settle()
    assert [each.reason for each in await house.standing()] == ["TJÄ"]


async def test_what_was_changed_by_phone_meanwhile_stays_changed(house, calendar):
    calendar.remove(ours(calendar).key)
    await house.follow()
    await house.settle()
    await house.says(ChangeDivert(ANNA, to=HOUR))
    await heeded(house)
    assert await until(house) == NOW + 2 * HOUR
    assert ours(calendar).end == NOW + 2 * HOUR


async def test_what_was_cleared_by_phone_meanwhile_is_not_cleared_again(
    house, calendar
):
    calendar.remove(ours(calendar).key)
    await house.follow()
    await house.clear()
    await heeded(house)
    trail = await house.store.audit.entries(ANNA)
    assert sum(each.event == "DivertsCleared" for each in trail) == 1


async def test_what_we_move_and_remove_ourselves_is_nobody_elses_doing(house):
    for more in (HOUR, -HOUR, HOUR):
        house.now += MINUTE
        await house.says(ChangeDivert(ANNA, to=more))
        await house.settle()
        await heeded(house)
    assert await until(house) == NOW + 2 * HOUR
    await house.clear()
    await heeded(house)
    await house.set()
    await heeded(house)
    assert await house.is_closed()
