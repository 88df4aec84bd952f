"""Whose diverts people have changed is read from the trail, and from nothing else."""

from dataclasses import dataclass, replace

import pytest
from calendar_house import ANNA, BO, HOUR, NOW, CalendarHouse, meeting

from voice.coupling.trail import Trail
from voice.store.audit_port import Audit, ChangesWanted


@pytest.fixture
async def house():
    house = CalendarHouse()
    for extension in (ANNA, BO):
        await house.couple(extension)
    return house


@pytest.fixture
async def trail(house):
    trail = Trail(house.store.audit)
    assert await trail.changed() == ()
    return trail


async def changed_by_calendar(house, times):
    """Let Bo's calendar have another booking, so many times."""
    for nth in range(times):
        for old in house.calendars[BO].entries():
            house.calendars[BO].remove(old.key)
        house.calendars[BO].keep(meeting(f"{nth}", NOW, NOW + (nth + 1) * HOUR))
        await house.follow(BO)


async def test_nobody_is_told_of_twice(house, trail):
    await house.set(extension=ANNA)
    assert await trail.changed() == (ANNA,)
    assert await trail.changed() == ()
    await house.clear(ANNA)
    assert await trail.changed() == (ANNA,)


async def test_what_a_calendar_changed_is_left_out(house, trail):
    await changed_by_calendar(house, 3)
    assert await trail.changed() == ()


async def test_one_is_found_behind_very_many_that_calendars_changed(house, trail):
    await house.set(extension=ANNA)
    await changed_by_calendar(house, 70)
    assert await trail.changed() == (ANNA,)
    await changed_by_calendar(house, 70)
    assert await trail.changed() == ()


async def test_who_was_numbered_earlier_and_kept_later_is_found(house):
    """A database numbers what is being written, and not what has been."""
    await house.set(extension=ANNA)
    (hers,) = (await house.store.audit.find(ChangesWanted(), limit=1)).changes
    await house.set(extension=BO)
    late = LateAudit(house.store.audit, hers.number)
    trail = Trail(late)
    await trail.changed()
    late.number = None
    assert await trail.changed() == (ANNA,)


@dataclass
class LateAudit:
    """An audit trail on which one change is yet to appear."""

    audit: Audit
    number: int | None

    async def find(self, *wanted):
        found = await self.audit.find(*wanted)
        there = tuple(each for each in found.changes if each.number != self.number)
        return replace(found, changes=there)
