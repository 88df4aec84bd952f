"""The sync in trouble: clocks set back, calendars that hang, stores away, and ends."""

import asyncio
import sqlite3
from contextlib import closing

import pytest
from calendar_house import ANNA, HOUR, MINUTE, NOW, CalendarHouse, meeting
from sync_running import LONG, QUICK, WaitingCalendar, going, in_mid_reading, running

from voice.calendars.memory import busy
from voice.coupling import rounds
from voice.coupling.rounds import Rounds
from voice.coupling.syncing import Sync
from voice.divert.model import Extension
from voice.store import engine
from voice.store.database import open_store
from voice.store.port import LeaseLostError, StoreError


@pytest.fixture
def house():
    return CalendarHouse(settings=QUICK)


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
