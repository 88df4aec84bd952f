"""A process killed at any step of a write: afterwards one booking is there, or none."""

import asyncio
import signal
import sys
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from calendar_house import ANNA, SITE, CalendarHouse

from tests.calendars.on_caldav.radicale_server import (
    PASSWORD,
    USER,
    RadicaleHand,
    make_calendar,
    radicale,
)
from voice.calendars.ground import Booking
from voice.calendars.settings import (
    CaldavSettings,
    CalendarAccess,
    CalendarSettings,
    Clearing,
)
from voice.coupling.following import Coupled
from voice.coupling.opening import open_calendars
from voice.coupling.syncing import Sync
from voice.divert.advice import NOTED
from voice.obey import Door
from voice.store.database import open_store
from voice.store.links_port import Link, LinkKind
from voice.store.port import Listing

NOW = datetime.now(UTC).replace(microsecond=0)
LATER = timedelta(hours=2)
SETTINGS = {
    "mark": CalendarSettings(),
    "uncode": CalendarSettings(clearing=Clearing.UNCODE),
    "note": CalendarSettings(notes=True),
}
ACCESS = CalendarAccess(caldav=CaldavSettings(USER, None, PASSWORD))

SETTLE = """
import asyncio, os, signal, sys
from sqlalchemy import Engine, event
from voice.store.database import open_store
from test_writing_killed import synced

async def main():
    address, nth, seconds, how = sys.argv[1:]
    nth, seconds, seen = int(nth), int(seconds), []

    def die(connection, cursor, statement, *_):
        seen.extend(["own_bookings"] if "own_bookings" in statement else [])
        if len(seen) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    async with open_store(address) as store:
        event.listen(Engine, "before_cursor_execute", die)
        async with synced(store, seconds, how) as sync:
            await sync.once()

asyncio.run(main())
"""


@asynccontextmanager
async def synced(store, seconds=0, how="mark"):
    """Give the sync of a store some seconds on, with the real way to calendars."""
    now = NOW + timedelta(seconds=seconds)
    async with open_calendars(ACCESS, SITE.reasons) as calendars:
        door = Door(store, SITE)
        coupled = Coupled(door, calendars.open, SETTINGS[how], lambda: now)
        yield Sync(replace(coupled, notes=dict.fromkeys(NOTED, "Skriv kolon")))


async def killed(address, nth, seconds=0, how="mark"):
    """Run a sync that dies before its nth look at our bookings; tell whether it did."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SETTLE, address, str(nth), str(seconds), how),
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    ended = await process.wait()
    assert ended in (0, -signal.SIGKILL)
    return ended != 0


async def coupled_to(address, calendar):
    """Have a store in which somebody has this calendar."""
    async with open_store(address) as store:
        await store.directory.put([Listing(ANNA, "Anna", coupled=True)], NOW, "test")
        await store.links.put(Link(ANNA, LinkKind.CALDAV, calendar), NOW, "test")


async def set_by_phone(address, calendar):
    """Have a store in which somebody has set a divert who has this calendar."""
    await coupled_to(address, calendar)
    async with open_store(address) as store:
        await CalendarHouse(store, now=NOW).set(until=NOW + LATER)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with radicale(tmp_path_factory.mktemp("radicale")) as (_, place):
        yield place


# Before what is to be done is kept; when it is, and the server has not been asked; when
# the server has answered; and before that is kept.
@pytest.mark.parametrize("nth", [4, 5, 6, 7])
async def test_one_booking_or_none(server, tmp_path, nth):
    address, calendar = str(tmp_path / "store.db"), make_calendar(server)
    hand = RadicaleHand(calendar)
    await set_by_phone(address, calendar)
    assert await killed(address, nth)
    assert len(hand.files()) <= 1
    async with open_store(address) as store, synced(store) as sync:
        await sync.once()
        assert len(hand.files()) == 1
        await CalendarHouse(store, now=NOW).clear()
    await killed(address, nth)
    assert len(hand.files()) <= 1
    async with open_store(address) as store, synced(store) as sync:
        await sync.once()
        assert hand.files() == set()
        assert await store.bookings.of(ANNA) == ()


# Each step of what is done about a booking that its owner has removed: noting that it
# is told to be gone, asking for it, and for a second time, clearing, and forgetting it.
@pytest.mark.parametrize("nth", [2, 3, 4, 5])
async def test_a_removal_clears_once(server, tmp_path, nth):
    address, calendar = str(tmp_path / "store.db"), make_calendar(server)
    hand = RadicaleHand(calendar)
    await set_by_phone(address, calendar)
    async with open_store(address) as store, synced(store) as sync:
        # It is written, and then it is seen.
        await sync.once()
        await sync.once()
    hand.delete(*hand.files())
    for seconds in (20, 40, 60):
        await killed(address, nth, seconds)
    async with open_store(address) as store:
        for seconds in (80, 100):
            async with synced(store, seconds) as sync:
                await sync.once()
        assert hand.files() == set()
        assert await store.bookings.of(ANNA) == ()
        assert (await store.diverts.standing(ANNA)).diverts == ()
        trail = await store.audit.entries(ANNA)
    assert [entry.event for entry in trail].count("DivertsCleared") == 1


# Before what is to be written is kept; when it is; when the server has answered; and
# before that is kept. A code is cut ten minutes later than it is planned.
@pytest.mark.parametrize("nth", [3, 4, 5, 6])
@pytest.mark.parametrize("how", ["mark", "uncode"])
async def test_what_was_opened_is_written_once_and_stays_open(
    server, tmp_path, nth, how
):
    address, calendar = str(tmp_path / "store.db"), make_calendar(server)
    hand = RadicaleHand(calendar)
    await hand.book(Booking("SAM: ett SAM: två", NOW, NOW + LATER))
    await coupled_to(address, calendar)
    async with open_store(address) as store, synced(store) as sync:
        await sync.once()
        house = CalendarHouse(store, now=NOW)
        assert await house.is_closed()
        await house.clear()
    for seconds in (0, 0, 660, 660, 720):
        await killed(address, nth, seconds, how)
        async with open_store(address) as store:
            assert not await CalendarHouse(store, now=NOW).is_closed()
    async with open_store(address) as store:
        for seconds in (0, 780, 840):
            async with synced(store, seconds, how) as sync:
                await sync.once()
        assert not await CalendarHouse(store, now=NOW).is_closed()
    (text,) = map(hand.read, hand.files())
    assert text.count("X-TELEFONIST-OPENED") == (how == "mark")
    assert ("SUMMARY:SAM: ett" in text) is (how == "mark")
    assert ("SUMMARY:ett SAM: två" in text) is (how == "uncode")


@pytest.mark.parametrize("nth", [2, 3, 4, 5])
async def test_one_note_or_none(server, tmp_path, nth):
    address, calendar = str(tmp_path / "store.db"), make_calendar(server)
    hand = RadicaleHand(calendar)
    name = await hand.book(Booking("SAM budget", NOW + LATER, NOW + 2 * LATER))
    await coupled_to(address, calendar)
    for mended, there in ((False, 2), (True, 1)):
        if mended:
            await hand.rebook(name, Booking("budget", NOW + LATER, NOW + 2 * LATER))
        await killed(address, nth, how="note")
        assert 1 <= len(hand.files()) <= 2
        async with open_store(address) as store:
            for _ in range(2):
                async with synced(store, how="note") as sync:
                    await sync.once()
            bookings = await store.bookings.of(ANNA)
        assert (len(hand.files()), len(bookings)) == (there, there - 1)
