"""The sync as it runs: by poll and by call, for many, through faults and changes."""

import asyncio
import logging
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from calendar_house import ANNA, BO, HOUR, NOW, CalendarHouse, meeting

from voice.calendars.memory import MemoryCalendar, busy
from voice.calendars.port import AccessDeniedError
from voice.calendars.settings import CalendarSettings
from voice.coupling.syncing import Sync
from voice.store.links_port import LinkKind

QUICK = CalendarSettings(
    google_seconds=0.01, ics_seconds=0.01, at_once=4, per_minute=600_000
)
PUSHED = replace(QUICK, push_address="https://calls.example.org", pushed_seconds=0.01)


@pytest.fixture
async def house():
    house = CalendarHouse(settings=QUICK)
    await house.couple()
    return house


@asynccontextmanager
async def going(sync):
    task = asyncio.ensure_future(sync.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()


def running(house):
    return going(Sync(house.coupled, seconds=0.01))


async def test_a_change_is_followed_by_poll_alone(house):
    async with running(house):
        house.calendars[ANNA].keep(meeting())
        await house.until(house.is_closed)
        house.calendars[ANNA].remove(meeting().key)
        await house.until(lambda: opens(house))


async def opens(house):
    return not await house.is_closed()


async def test_what_is_set_by_phone_is_soon_in_the_calendar(house):
    async def is_booked():
        return any(each.ours for each in house.calendars[ANNA].entries())

    async with running(house):
        await house.until(read_once(house))
        await house.set()
        await house.until(is_booked)


def read_once(house):
    async def has_been_read():
        return house.opened > 0

    return has_been_read


async def test_one_whose_calendar_fails_hinders_nobody_else(house):
    await house.couple(BO)
    house.calendars[ANNA].fail(*(busy() for _ in range(1000)))
    house.calendars[BO].keep(meeting())

    async def bos_is_closed():
        return await house.is_closed(BO)

    async with running(house):
        await house.until(bos_is_closed)
        await house.until(lambda: opens(house))


async def test_one_who_is_coupled_later_is_followed_too(house):
    async with running(house):
        await house.until(read_once(house))
        (await house.couple(BO)).keep(meeting())
        await house.until(lambda: house.is_closed(BO))


async def test_one_who_is_coupled_no_more_is_let_go(house):
    house.calendars[ANNA].keep(meeting())
    await house.couple(BO)
    async with running(house):
        await house.until(house.is_closed)
        listing = replace(await house.store.directory.find(ANNA), coupled=False)
        await house.store.directory.put([listing], NOW, "test")
        await house.until(lambda: opens(house))


async def test_a_link_that_is_removed_takes_its_diverts_along(house):
    house.calendars[ANNA].keep(meeting())
    await house.couple(BO)
    async with running(house):
        await house.until(house.is_closed)
        await house.store.links.remove(ANNA, NOW, "test")
        await house.until(lambda: opens(house))


async def test_an_extension_that_leaves_the_directory_ends_nothing(house):
    house.calendars[ANNA].keep(meeting())
    await house.couple(BO)
    async with running(house):
        await house.until(house.is_closed)
        await house.store.directory.remove(ANNA, NOW, "test")
        house.calendars[BO].keep(meeting())
        await house.until(lambda: house.is_closed(BO))


async def test_once_reads_and_writes_for_everybody_and_tells_how_it_went(house):
    await house.couple(BO)
    house.calendars[ANNA].keep(meeting(start=NOW + HOUR, end=NOW + 2 * HOUR))
    house.calendars[BO].fail(AccessDeniedError("No right: give it to us."))
    await house.set()
    annas, bos = await Sync(house.coupled).once()
    assert annas.progress.read_at == NOW
    assert (bos.progress.read_at, bos.progress.fault) == (None, "AccessDeniedError")
    assert await house.store.links.list() == (annas, bos)
    assert sorted(each.ours for each in house.calendars[ANNA].entries()) == [
        False,
        True,
    ]


async def test_a_calendar_that_promises_to_call_is_believed_by_its_token():
    house = CalendarHouse(settings=replace(PUSHED, pushed_seconds=3600.0))
    calendar = await house.couple()
    sync = Sync(house.coupled, seconds=0.01)

    async def promised():
        return bool(calendar.watches)

    async with going(sync):
        await house.until(promised)
        (watch,) = calendar.watches
        token = watch.id.removeprefix("watch-0-")
        calendar.keep(meeting())
        assert not sync.called("unknown", token)
        assert not sync.called(watch.id, "another")
        assert not sync.called(watch.id, token, resource="another")
        for _ in range(20):
            assert sync.called(watch.id, token, watch.resource)
        opened = house.opened
        await house.until(house.is_closed)
        assert house.opened == opened + 1


async def test_a_promise_that_ends_is_asked_for_anew():
    house = CalendarHouse(settings=PUSHED)
    calendar = await house.couple()
    sync = Sync(house.coupled, seconds=0.01)

    def promised(count):
        async def has():
            return len(calendar.watches) == count

        return has

    async with going(sync):
        await house.until(promised(1))
        (watch,) = calendar.watches
        token = watch.id.removeprefix("watch-0-")
        assert sync.called(watch.id, token, ending=True)
        await house.until(promised(2))


async def test_without_an_address_or_of_another_kind_no_promise_is_asked_for():
    for settings, kind in ((QUICK, LinkKind.GOOGLE), (PUSHED, LinkKind.ICS)):
        house = CalendarHouse(settings=settings)
        calendar = await house.couple(kind=kind)
        await Sync(house.coupled).once()
        assert (house.opened, calendar.watches) == (1, [])


class NeverCalling(MemoryCalendar):
    """A calendar that can be read, and promises nothing."""

    async def watch(self, address, token, until):
        raise AccessDeniedError("We may not be called: say where we are.")


async def test_a_promise_that_is_refused_is_told_of_and_polling_goes_on(caplog):
    house = CalendarHouse(settings=PUSHED, calendars={ANNA: NeverCalling()})
    (await house.couple()).keep(meeting())
    with caplog.at_level(logging.WARNING):
        await Sync(house.coupled).once()
    assert "does not promise to call: We may not be called" in caplog.text
    assert await house.is_closed()
