"""The sync when whose calendar is followed changes, also in the midst of something."""

from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from calendar_house import ANNA, BO, HOUR, NOW, CalendarHouse, link_of, meeting
from sync_running import QUICK, going, in_mid_reading, running

from voice.calendars.memory import MemoryCalendar
from voice.coupling.syncing import Sync
from voice.store.links_port import LinkKind


@pytest.fixture
def house():
    return CalendarHouse(settings=QUICK)


async def test_another_calendar_in_mid_reading_takes_the_place_of_the_first(house):
    first = await in_mid_reading(house)
    second = MemoryCalendar()
    later = meeting("b", NOW + HOUR, NOW + 2 * HOUR)
    second.keep(later)

    async def follows_the_second():
        standing = await house.standing()
        return [each.entry for each in standing] == [later.key]

    async with running(house):
        await first.asked.wait()
        await house.store.directory.remove(ANNA, NOW, "test")
        house.calendars[ANNA] = second
        await house.couple(kind=LinkKind.CALDAV)
        first.answers.set()
        await house.until(follows_the_second)
        (linked,) = await house.store.links.list()
        assert linked.link == link_of(ANNA, LinkKind.CALDAV)


async def test_what_was_removed_and_made_again_is_read_from_the_beginning(house):
    calendar = await house.couple()
    calendar.keep(meeting())
    sync = Sync(house.coupled)
    await sync.once()
    await house.store.directory.remove(ANNA, NOW, "test")
    await house.couple()
    calendar.keep(meeting("b", NOW + 2 * HOUR, NOW + 3 * HOUR))
    await sync.once()
    assert len(await house.standing()) == 2
    assert len((await house.store.links.kept(ANNA)).entries) == 2


async def test_one_uncoupled_in_mid_reading_is_not_closed_by_it(house):
    await house.couple(BO)
    calendar = await in_mid_reading(house)

    async def is_let_go():
        return calendar.answers.is_set() and not await house.is_closed()

    async with running(house):
        await calendar.asked.wait()
        listing = await house.store.directory.find(ANNA)
        uncoupled = replace(listing, coupled=False)
        await house.store.directory.put([uncoupled], NOW, "test")
        await house.until(looked_since(house))
        calendar.answers.set()
        await house.until(is_let_go)
        await house.until(looked_since(house))
        assert not await house.is_closed()


def looked_since(house):
    """Tell when others were read often enough for the store to be looked into."""
    before = house.opened

    async def looked():
        return house.opened > before + 20

    return looked


async def test_our_bookings_leave_the_calendar_of_one_who_is_uncoupled(house):
    calendar = await house.couple()
    await house.couple(BO)

    def ours():
        return [each for each in calendar.entries() if each.ours]

    async def is_booked():
        return bool(ours())

    async def is_rid():
        return not ours()

    async with running(house):
        await house.set()
        await house.until(is_booked)
        listing = await house.store.directory.find(ANNA)
        await house.store.directory.put([replace(listing, coupled=False)], NOW, "test")
        await house.until(is_rid)
        assert await house.is_closed()
        # Coupled again, it is there again.
        await house.store.directory.put([listing], NOW, "test")
        await house.until(is_booked)


async def test_our_booking_moves_to_the_calendar_that_is_linked_instead(house):
    first, second = await house.couple(), MemoryCalendar()

    async def is_booked():
        return any(each.ours for each in house.calendars[ANNA].entries())

    async def has_moved():
        return await is_booked() and not any(each.ours for each in first.entries())

    @asynccontextmanager
    async def opened(link):
        async with house.coupled.open(link) as calendar:
            yield first if link.kind is LinkKind.GOOGLE else calendar

    sync = Sync(replace(house.coupled, open=opened), seconds=0.01)
    async with going(sync):
        await house.set()
        await house.until(is_booked)
        house.calendars[ANNA] = second
        await house.couple(kind=LinkKind.CALDAV)
        await house.until(has_moved)
    assert len(second.entries()) == 1


async def test_our_booking_leaves_a_calendar_that_is_unlinked(house):
    calendar = await house.couple()
    await house.couple(BO)

    async def is_booked():
        return any(each.ours for each in calendar.entries())

    async def is_rid():
        return not await is_booked()

    async with running(house):
        await house.set()
        await house.until(is_booked)
        await house.store.links.remove(ANNA, NOW, "test")
        await house.until(is_rid)
        assert await house.store.bookings.of(ANNA) == ()
