"""Notes in owners' calendars on slips: for them alone, and gone once all is mended."""

from dataclasses import replace
from datetime import timedelta

import pytest
from calendar_house import ANNA, HOUR, MINUTE, NOW, SAM, CalendarHouse, meeting

from voice.calendars.memory import busy
from voice.calendars.settings import CalendarSettings
from voice.coupling.writing_back import settle, withdraw
from voice.divert.advice import NOTED
from voice.divert.model import Slip
from voice.divert.walltime import local

WORDS = {snag: f"Skriv {snag}" for snag in NOTED}
SLIP = meeting("slip", NOW + HOUR, NOW + 2 * HOUR, None, slip=Slip.NO_SIGN)


class Noting(CalendarHouse):
    """A house whose owners find notes in their calendars."""

    @property
    def coupled(self):
        return replace(super().coupled, notes=WORDS)


@pytest.fixture
async def house():
    house = Noting(settings=CalendarSettings(notes=True))
    await house.couple()
    return house


@pytest.fixture
def calendar(house):
    return house.calendars[ANNA]


def notes(calendar):
    """Return when there are notes, which are private and take no time."""
    found = [entry for entry in calendar.entries() if entry.ours]
    assert all(each.private and each.free and each.mark is None for each in found)
    return [each.start for each in found]


async def seen(house):
    await house.follow()
    await house.settle()


@pytest.mark.parametrize("slip", Slip)
async def test_a_slip_has_a_note_at_its_start_once(house, calendar, slip):
    calendar.keep(replace(SLIP, slip=slip))
    for _ in range(3):
        await seen(house)
    assert notes(calendar) == [SLIP.start]


async def test_a_day_has_its_note_in_the_morning(house, calendar):
    day = meeting("day", NOW + 24 * HOUR, NOW + 48 * HOUR, all_day=True)
    calendar.keep(day)
    await seen(house)
    (start,) = notes(calendar)
    assert local(start).hour == 8


@pytest.mark.parametrize(
    "change",
    [
        {"mark": SAM, "slip": None},
        {"slip": None},
        {"cancelled": True},
        {"private": True, "slip": None},
    ],
)
async def test_a_note_goes_when_the_slip_is_mended(house, calendar, change):
    calendar.keep(SLIP)
    await seen(house)
    calendar.keep(replace(SLIP, **change))
    await seen(house)
    assert notes(calendar) == []
    assert await house.store.bookings.of(ANNA) == ()


async def test_a_note_moves_along_and_goes_with_the_booking(house, calendar):
    calendar.keep(SLIP)
    await seen(house)
    calendar.keep(replace(SLIP, start=NOW + 3 * HOUR, end=NOW + 4 * HOUR))
    await seen(house)
    assert notes(calendar) == [NOW + 3 * HOUR]
    calendar.remove(SLIP.key)
    await seen(house)
    assert notes(calendar) == []


async def test_a_note_goes_when_it_is_past(house, calendar):
    calendar.keep(SLIP)
    await seen(house)
    house.now = NOW + 3 * HOUR
    await house.settle()
    assert notes(calendar) == []
    assert await house.store.bookings.of(ANNA) == ()


async def test_what_is_far_ahead_or_has_no_slip_has_no_note(house, calendar):
    far = timedelta(days=20)
    calendar.keep(replace(SLIP, start=NOW + far, end=NOW + far + HOUR))
    calendar.keep(meeting("coded"))
    calendar.keep(meeting("private", private=True, mark=None))
    await seen(house)
    assert notes(calendar) == []


async def test_a_note_is_read_back_as_nothing(house, calendar):
    calendar.keep(SLIP)
    for _ in range(3):
        await seen(house)
    assert await house.standing() == ()
    kept = await house.store.links.kept(ANNA)
    assert kept.entries == (SLIP,)


async def test_a_note_that_its_owner_removes_stays_away_and_clears_nothing(
    house, calendar
):
    calendar.keep(SLIP)
    await house.set(until=NOW + 2 * HOUR)
    await seen(house)
    note = next(each for each in calendar.entries() if each.private)
    calendar.remove(note.key)
    for _ in range(3):
        await seen(house)
        house.now += MINUTE
    assert [each.start for each in calendar.entries() if each.private] == []
    assert await house.is_closed()


async def test_a_note_is_tried_until_it_is_written(house, calendar):
    calendar.keep(SLIP)
    await house.follow()
    calendar.fail(busy())
    house.now += timedelta(seconds=await house.settle())
    assert notes(calendar) == []
    assert await house.settle() is None
    assert notes(calendar) == [SLIP.start]


async def test_where_no_notes_are_wanted_there_are_none(house, calendar):
    calendar.keep(SLIP)
    await seen(house)
    without = replace(house.coupled, settings=CalendarSettings())
    await settle(await house.linked(), without, luck=0.5)
    assert notes(calendar) == []


async def test_the_notes_leave_with_the_coupling(house, calendar):
    calendar.keep(SLIP)
    await seen(house)
    await withdraw(await house.linked(), house.coupled)
    assert notes(calendar) == []
