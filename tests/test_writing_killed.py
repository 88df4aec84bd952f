"""A process killed at any step of a write: afterwards one booking is there, or none."""

import asyncio
import signal
import sys
from contextlib import asynccontextmanager
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
from voice.calendars.settings import CaldavSettings, CalendarAccess, CalendarSettings
from voice.coupling.following import Coupled
from voice.coupling.opening import open_calendars
from voice.coupling.syncing import Sync
from voice.obey import Door
from voice.store.database import open_store
from voice.store.links_port import Link, LinkKind
from voice.store.port import Listing

NOW = datetime.now(UTC).replace(microsecond=0)
LATER = timedelta(hours=2)
ACCESS = CalendarAccess(caldav=CaldavSettings(USER, None, PASSWORD))

SETTLE = """
import asyncio, os, signal, sys
from sqlalchemy import Engine, event
from voice.store.database import open_store
from test_writing_killed import synced

async def main():
    address, nth = sys.argv[1], int(sys.argv[2])
    seen = []

    def die(connection, cursor, statement, *_):
        seen.extend(["own_bookings"] if "own_bookings" in statement else [])
        if len(seen) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    async with open_store(address) as store:
        event.listen(Engine, "before_cursor_execute", die)
        async with synced(store) as sync:
            await sync.once()

asyncio.run(main())
"""


@asynccontextmanager
async def synced(store):
    """Give the sync of a store, with the real way to calendars."""
    async with open_calendars(ACCESS, SITE.reasons) as calendars:
        door, settings = Door(store, SITE), CalendarSettings()
        yield Sync(Coupled(door, calendars.open, settings, lambda: NOW))


async def killed(address, nth):
    """Run a sync that dies before its nth look at our bookings; tell whether it did."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SETTLE, address, str(nth)),
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    ended = await process.wait()
    assert ended in (0, -signal.SIGKILL)
    return ended != 0


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with radicale(tmp_path_factory.mktemp("radicale")) as (_, place):
        yield place


# Before what is to be done is kept; when it is, and the server has not been asked; when
# the server has answered; and before that is kept.
@pytest.mark.parametrize("nth", [3, 4, 5, 6])
async def test_one_booking_or_none(server, tmp_path, nth):
    address, calendar = str(tmp_path / "store.db"), make_calendar(server)
    hand = RadicaleHand(calendar)
    async with open_store(address) as store:
        house = CalendarHouse(store, now=NOW)
        await store.directory.put([Listing(ANNA, "Anna", coupled=True)], NOW, "test")
        link = Link(ANNA, LinkKind.CALDAV, calendar)
        await store.links.put(link, NOW, "test")
        await house.set(until=NOW + LATER)
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
