"""What leaves a calendar with the coupling is not taken for its owner's doing."""

from datetime import timedelta

import pytest
from calendar_house import ANNA, HOUR, NOW, CalendarHouse

from voice.calendars.memory import MemoryCalendar
from voice.coupling.writing_back import withdraw


class KilledError(Exception):
    """Whoever runs us has ended."""


class Killing(MemoryCalendar):
    """A calendar that removes what it is told to, and ends who has told it once."""

    kills = False

    async def drop(self, key):
        await super().drop(key)
        if self.kills:
            raise KilledError


async def test_who_is_killed_in_leaving_and_coupled_again_stays_closed():
    house = CalendarHouse()
    calendar = house.calendars[ANNA] = Killing()
    await house.couple()
    await house.set(until=NOW + HOUR)
    for _ in range(2):
        await house.follow()
        await house.settle()
    calendar.kills = True
    with pytest.raises(KilledError):
        await withdraw(await house.linked(), house.coupled)
    assert calendar.entries() == ()
    calendar.kills = False
    for _ in range(3):
        await house.follow()
        await house.settle()
        house.now += timedelta(seconds=11)
    assert await house.is_closed()
    assert [each.end for each in calendar.entries()] == [NOW + HOUR]
