"""What was opened stays open, whatever else is booked beside it or goes from there."""

from dataclasses import replace

import pytest
from calendar_house import ANNA, HOUR, MINUTE, NOW, SAM, meeting
from opened_house import LATER, UNCODE, carried, codes, proof, read

from voice.calendars.settings import CalendarSettings, Clearing


@pytest.mark.parametrize("clearing", list(Clearing))
async def test_a_booking_after_what_was_opened_closes_the_phone_no_earlier(clearing):
    house = await read(CalendarSettings(clearing=clearing), meeting())
    await house.clear()
    after = meeting("b", NOW + HOUR, NOW + 2 * HOUR)
    house.calendars[ANNA].keep(after)
    for _ in range(2):
        await house.follow()
        await house.settle()
        assert not await house.is_closed()
    house.now = after.start
    for _ in range(2):
        assert await house.is_closed()
        await house.follow()
    house.now = NOW + LATER
    await house.settle()
    await house.follow()
    house.now = after.start
    assert await house.is_closed()


async def test_one_that_goes_from_what_was_opened_closes_nothing():
    after = meeting("b", NOW + HOUR, NOW + 2 * HOUR)
    house = await read(CalendarSettings(), meeting(), after)
    await house.clear()
    house.calendars[ANNA].remove(after.key)
    for _ in range(2):
        await house.follow()
        await house.settle()
        assert not await house.is_closed()
    assert carried(house) == [proof(meeting())]
    house.calendars[ANNA].keep(meeting(end=NOW + HOUR / 2))
    await house.follow()
    assert await house.is_closed()


async def test_one_over_what_was_opened_closes_the_phone_for_its_own_time():
    house = await read(UNCODE, meeting())
    await house.clear()
    over = meeting("b", NOW + 30 * MINUTE, NOW + 2 * HOUR)
    house.calendars[ANNA].keep(over)
    await house.follow()
    await house.settle()
    assert not await house.is_closed()
    house.now = over.start
    for _ in range(2):
        assert await house.is_closed()
        await house.settle()
        await house.follow()
    assert codes(house) == [None, SAM]


class ClearedMeanwhile:
    """What stands, in a store where somebody opens the phone once it was looked at."""

    def __init__(self, house):
        self._house, self._diverts = house, house.store.diverts
        self._is_cleared = False

    async def standing(self, extension):
        seen = await self._diverts.standing(extension)
        if not self._is_cleared:
            self._is_cleared = True
            await self._house.clear()
        return seen

    async def apply(self, *asked):
        return await self._diverts.apply(*asked)


async def test_who_opens_the_phone_in_mid_reading_is_not_overruled():
    house = await read(CalendarSettings(), meeting())
    house.calendars[ANNA].keep(meeting("b", NOW + HOUR, NOW + 2 * HOUR))
    looked_at = ClearedMeanwhile(house)
    reader = replace(house, store=replace(house.store, diverts=looked_at))
    await reader.follow()
    assert not await house.is_closed()
