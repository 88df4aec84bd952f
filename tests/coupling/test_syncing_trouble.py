"""The sync in trouble: changes in mid reading, clocks set back, stores away, ends."""

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import replace

import pytest
from calendar_house import (
    ANNA,
    BO,
    HOUR,
    MINUTE,
    NOW,
    CalendarHouse,
    link_of,
    meeting,
)

from voice.calendars.memory import MemoryCalendar, busy
from voice.calendars.settings import CalendarSettings
from voice.coupling import rounds
from voice.coupling.rounds import Rounds
from voice.coupling.syncing import Sync
from voice.divert.model import Extension
from voice.store import engine
from voice.store.database import open_store
from voice.store.links_port import LinkKind
from voice.store.port import LeaseLostError, StoreError

QUICK = CalendarSettings(
    google_seconds=0.01, caldav_seconds=0.01, at_once=4, per_minute=600_000
)
LONG = 60


class WaitingCalendar(MemoryCalendar):
    """A calendar whose answers, and whose receipts for what is written, can wait."""

    def __init__(self):
        super().__init__()
        self.asked, self.answers = asyncio.Event(), asyncio.Event()
        self.written, self.receipts = asyncio.Event(), asyncio.Event()

    async def read(self, window, since):
        """Answer when it is let, with what was there when it was asked."""
        reading = await super().read(window, since)
        self.asked.set()
        await self.answers.wait()
        return reading

    async def put(self, block):
        """Write at once, and say so when it is let."""
        await super().put(block)
        self.written.set()
        await self.receipts.wait()


@asynccontextmanager
async def going(sync):
    task = asyncio.ensure_future(sync.run())
    try:
        async with asyncio.timeout(LONG):
            yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


def running(house):
    return going(Sync(house.coupled, seconds=0.01))


async def in_mid_reading(house):
    """Couple Anna to a calendar that says she is in a meeting, in its own time."""
    calendar = WaitingCalendar()
    house.calendars[ANNA] = calendar
    (await house.couple()).keep(meeting())
    return calendar


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


async def test_a_write_that_was_put_off_is_not_lost_when_the_clock_is_set_back(house):
    calendar = await house.couple()
    await house.set(until=NOW + HOUR)
    calendar.fail(busy(retry_after=600))
    assert await house.settle() >= 600
    house.now = NOW - 24 * HOUR
    assert await house.settle() is None
    assert any(each.ours for each in calendar.entries())


async def test_a_doubt_ends_though_the_clock_is_set_back(house):
    calendar = await house.couple()
    made = [meeting(str(day), NOW, NOW + (day + 1) * HOUR) for day in range(5)]
    for each in made:
        calendar.keep(each)
    await house.follow()
    for each in made:
        calendar.remove(each.key)
    calendar.expire()
    await house.follow()
    house.now = NOW - 10 * MINUTE
    await house.follow()
    house.now += 3 * MINUTE
    await house.follow()
    assert await house.standing() == ()


async def test_one_calendar_that_hangs_holds_up_none_of_many(house):
    await in_mid_reading(house)
    people = [Extension(str(number)) for number in range(5000, 5200)]
    for each in people:
        (await house.couple(each)).keep(meeting())

    async def all_but_one_are_closed():
        everyone = await house.store.diverts.everyone()
        return sum(bool(each.diverts) for each in everyone.values()) == len(people)

    async with running(house):
        await house.until(all_but_one_are_closed)
        assert not await house.is_closed()


async def test_an_end_in_mid_write_leaves_one_booking(house):
    calendar = WaitingCalendar()
    house.calendars[ANNA] = calendar
    calendar.answers.set()
    await house.couple()
    await house.set()
    async with running(house):
        await calendar.written.wait()
    assert len(calendar.entries()) == 1
    assert [each.step for each in await house.store.bookings.of(ANNA)] == ["put"]
    calendar.receipts.set()

    async def is_settled():
        steps = [each.step for each in await house.store.bookings.of(ANNA)]
        return steps == ["none"]

    async with running(house):
        await house.until(is_settled)
    assert len(calendar.entries()) == 1


@pytest.fixture
async def away(tmp_path, monkeypatch):
    """A house with its store in a file, and how to have another program hold that."""
    monkeypatch.setattr(engine, "PATIENCE", 0.05)
    path = tmp_path / "store.db"
    async with open_store(str(path)) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            yield CalendarHouse(store, settings=QUICK), other


async def test_what_cannot_be_kept_now_is_kept_when_the_store_is_back(away):
    house, other = away
    calendar = house.calendars[ANNA] = WaitingCalendar()
    calendar.answers.set()
    await house.couple()
    sync = Sync(house.coupled)
    await sync.once()
    house.now = NOW + MINUTE
    calendar.fail(busy())
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="is held by another program"):
        await sync.once()
    other.execute("ROLLBACK")
    assert (await house.linked()).progress.failing_since is None
    # Nothing more is read, so that what is kept is what was known before.
    calendar.answers.clear()
    calendar.asked.clear()
    async with going(sync):
        await calendar.asked.wait()
    progress = (await house.linked()).progress
    assert (progress.read_at, progress.failing_since) == (NOW, NOW + MINUTE)


async def test_what_is_known_at_the_end_is_kept_for_who_goes_on(house):
    calendar = await in_mid_reading(house)

    async def read_twice():
        return house.opened > 1

    async with running(house):
        # What is known so far has been kept by now, and is kept again only later.
        await calendar.asked.wait()
        calendar.fail(busy())
        calendar.answers.set()
        await house.until(read_twice)
    assert (await house.linked()).progress.fault == "BusyError"


async def test_what_was_read_while_the_store_was_away_is_read_again_soon(
    away, monkeypatch, caplog
):
    monkeypatch.setattr(rounds, "_SOON_SECONDS", 0.01)
    house, other = away
    calendar = await house.couple()

    async with running(house):
        await house.until(read_once(house))
        other.execute("BEGIN IMMEDIATE")
        calendar.keep(meeting())
        with_fault = "a calendar's reading: The store"
        while with_fault not in caplog.text:
            house.closed.clear()
            await house.closed.wait()
        assert not await house.is_closed()
        other.execute("ROLLBACK")
        await house.until(house.is_closed)


def read_once(house):
    async def has_been_read():
        return (await house.linked()).progress.read_at is not None

    return has_been_read


async def test_who_has_lost_the_lease_goes_round_no_more():
    async def job(extension):
        raise LeaseLostError("calendars")

    going_round = Rounds("a job", job, at_once=2)
    going_round.ask(ANNA)
    with pytest.raises(ExceptionGroup) as caught:
        async with asyncio.timeout(LONG):
            await going_round.run()
    assert caught.group_contains(LeaseLostError)
