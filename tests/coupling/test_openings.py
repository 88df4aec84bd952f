"""A person's own booking whose phone was opened: it is marked, or its code is cut."""

from dataclasses import replace
from datetime import timedelta

import pytest
from calendar_house import ANNA, HOUR, MINUTE, NOW, SAM, meeting
from opened_house import LATER, UNCODE, carried, codes, proof, read

from voice.calendars.memory import MemoryCalendar, busy
from voice.calendars.port import AccessDeniedError
from voice.calendars.settings import CalendarSettings
from voice.coupling.writing_back import withdraw
from voice.divert.model import UndoChange
from voice.store.links_port import Own, Step


async def test_a_booking_carries_that_its_phone_was_opened():
    house = await read(CalendarSettings(), meeting())
    assert await house.is_closed()
    await house.clear()
    for _ in range(2):
        assert await house.settle() is None
    assert carried(house) == [proof(meeting())]
    await house.follow()
    assert not await house.is_closed()
    house.now = NOW + 2 * HOUR
    await house.settle()
    assert await house.store.bookings.of(ANNA) == ()


async def test_of_several_that_are_one_divert_the_first_carries_it():
    after = meeting("b", NOW + HOUR, NOW + 2 * HOUR)
    house = await read(CalendarSettings(), meeting(), after)
    await house.clear()
    await house.settle()
    assert carried(house) == [proof(meeting(), after.end), ""]


async def test_what_is_taken_back_is_struck_out():
    house = await read(CalendarSettings(), meeting())
    await house.clear()
    await house.settle()
    await house.says(UndoChange(ANNA))
    await house.settle()
    assert carried(house) == [""]
    await house.follow()
    assert await house.is_closed()


async def test_a_store_that_knows_nothing_learns_from_the_calendar():
    house = await read(CalendarSettings(), meeting())
    await house.clear()
    await house.settle()
    fresh = await read(CalendarSettings(), calendar=house.calendars[ANNA])
    assert not await fresh.is_closed()
    (divert,) = await fresh.standing()
    assert divert.opened
    # Until its times or its code change.
    house.calendars[ANNA].keep(replace(meeting(), end=NOW + 2 * HOUR, opened="x"))
    await fresh.follow()
    assert await fresh.is_closed()


@pytest.mark.parametrize(
    "change",
    [
        {"start": NOW - MINUTE},
        {"end": NOW + 2 * HOUR},
        {"mark": replace(SAM, reason="SEM")},
        {"key": meeting("copied").key},
    ],
)
async def test_what_a_changed_or_copied_booking_carries_opens_nothing(change):
    booking = replace(meeting(), opened=proof(meeting()))
    house = await read(CalendarSettings(), replace(booking, **change))
    assert await house.is_closed()


async def test_what_is_yet_to_be_struck_out_opens_nothing():
    house = await read(CalendarSettings(), meeting())
    calendar = house.calendars[ANNA]
    await house.clear()
    await house.settle()
    await house.says(UndoChange(ANNA))
    calendar.fail(busy())
    await house.settle()
    # Its code is gone for a while, so that its divert is new when it comes back.
    for mark in (None, SAM):
        calendar.keep(replace(calendar.entries()[0], mark=mark))
        await house.follow()
    assert carried(house) == [proof(meeting())]
    assert await house.is_closed()


@pytest.mark.parametrize("fault", [busy(), AccessDeniedError("No.")])
async def test_a_mark_is_tried_until_it_is_written_and_the_phone_is_open(fault):
    house = await read(CalendarSettings(), meeting(end=NOW + 8 * HOUR))
    await house.clear()
    house.calendars[ANNA].fail(fault)
    house.now += timedelta(seconds=await house.settle())
    assert carried(house) == [""]
    assert not await house.is_closed()
    assert await house.settle() is None
    assert carried(house) == [proof(meeting(end=NOW + 8 * HOUR))]


async def test_the_marks_leave_with_the_coupling():
    house = await read(CalendarSettings(), meeting())
    await house.clear()
    await house.settle()
    await withdraw(await house.linked(), house.coupled)
    assert carried(house) == [""]
    assert await house.store.bookings.of(ANNA) == ()


async def test_what_is_alike_is_not_taken_for_a_booking_of_ours():
    house = await read(CalendarSettings(), meeting())
    await house.clear()
    for _ in range(2):
        await house.set(until=NOW + HOUR)
        await house.settle()
        await house.follow()
        await house.clear()
        await house.settle()
        # It is told to be gone, which was our doing.
        await house.follow()
    await house.set(until=NOW + HOUR)
    for _ in range(3):
        await house.settle()
        house.now += timedelta(seconds=11)
    assert await house.is_closed()


async def test_the_code_is_cut_when_it_can_no_longer_be_taken_back():
    house = await read(UNCODE, meeting())
    await house.clear()
    assert await house.settle() == pytest.approx(600)
    assert codes(house) == [SAM]
    assert not await house.is_closed()
    house.now += LATER
    assert await house.settle() is None
    assert (codes(house), carried(house)) == ([None], [""])
    for _ in range(2):
        await house.follow()
        await house.settle()
    assert await house.standing() == ()
    assert await house.store.bookings.of(ANNA) == ()


async def test_what_is_taken_back_in_time_keeps_its_code():
    house = await read(UNCODE, meeting())
    await house.clear()
    await house.settle()
    await house.says(UndoChange(ANNA))
    house.now += LATER
    await house.settle()
    assert codes(house) == [SAM]
    assert await house.is_closed()


class BusyAfterOne(MemoryCalendar):
    """A calendar that lets one code be cut, and asks for patience with the next."""

    cut = 0

    async def take_code(self, opening):
        self.cut += 1
        if self.cut == 2:
            raise busy()
        return await super().take_code(opening)


async def test_what_lies_between_two_cuts_closes_nothing():
    overlapping = meeting("b", NOW + MINUTE, NOW + 2 * HOUR)
    house = await read(UNCODE, meeting(), overlapping, calendar=BusyAfterOne())
    house.now += 2 * MINUTE
    await house.clear()
    await house.settle()
    house.now += LATER
    assert await house.settle() > 0
    assert sorted(map(bool, codes(house))) == [False, True]
    await house.follow()
    assert not await house.is_closed()
    house.now += MINUTE
    await house.settle()
    assert codes(house) == [None, None]
    await house.follow()
    await house.settle()
    assert await house.standing() == ()


class ForOthers(MemoryCalendar):
    """A calendar of an organiser, whose bookings are there for many."""

    async def take_code(self, opening):
        return False


async def test_what_cannot_be_cut_is_marked():
    house = await read(UNCODE, meeting(), calendar=ForOthers())
    await house.clear()
    await house.settle()
    house.now += LATER
    assert await house.settle() == 0
    assert await house.settle() is None
    assert (codes(house), carried(house)) == ([SAM], [proof(meeting())])
    for _ in range(2):
        await house.follow()
        assert await house.settle() is None
    (left,) = await house.store.bookings.of(ANNA)
    assert (left.kind, left.step) == (Own.OPENED, Step.NONE)
    assert not await house.is_closed()


async def test_an_invitation_that_lost_its_code_stays_open_when_it_comes_back():
    invited = meeting(invited=True)
    house = await read(UNCODE, invited)
    await house.clear()
    await house.settle()
    house.now += LATER
    await house.settle()
    await house.follow()
    house.calendars[ANNA].keep(replace(invited, end=NOW + 3 * HOUR))
    await house.follow()
    assert not await house.is_closed()
