"""Servers of a site as processes of their own, which follow calendars in turns."""

import asyncio
import logging
import signal
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from calendar_house import ANNA, NOW, SITE

from voice.calendars.settings import CalendarAccess, CalendarSettings
from voice.coupling.following import Coupled
from voice.coupling.leading import Follower
from voice.coupling.opening import open_calendars
from voice.divert.routing import counting
from voice.leasing import Terms
from voice.obey import Door
from voice.store.database import open_store
from voice.store.links_port import Link, LinkKind
from voice.store.port import Listing

SETTINGS = CalendarSettings(google_seconds=0.01, ics_seconds=0.05, per_minute=600_000)
LONG = 60

FOLLOW = """
import asyncio, logging, sys
from serving_processes import follow_until_asked_to_end

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
asyncio.run(follow_until_asked_to_end(sys.argv[1], float(sys.argv[2])))
"""

ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//
BEGIN:VEVENT
UID:a
DTSTAMP:{now}
DTSTART:{now}
DTEND:{end}
SUMMARY:SAM: budget
END:VEVENT
END:VCALENDAR
"""
EMPTY = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//\nEND:VCALENDAR\n"


async def follow_until_asked_to_end(address, length):
    """Do as a server does; this is run by a process of its own."""
    async with (
        open_store(address) as store,
        open_calendars(CalendarAccess(), SITE.reasons) as calendars,
    ):
        door = Door(store, SITE)
        coupled = Coupled(door, tells(calendars), SETTINGS, lambda: datetime.now(UTC))
        follower = Follower(coupled, Terms(length, ours=length / 2, renewed=0.05))
        following = asyncio.ensure_future(follower.run())
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, following.cancel)
        await asyncio.wait([following])


def tells(calendars):
    """Open calendars, and say so when one has been read."""

    @asynccontextmanager
    async def opened(link):
        async with calendars.open(link) as calendar:
            yield calendar
        logging.getLogger(__name__).info("read")

    return opened


class Server:
    """A process that follows calendars when it is its turn."""

    def __init__(self, process):
        self.process = process

    async def says(self, text):
        """Wait for a line with a text."""
        async with asyncio.timeout(LONG):
            while text not in (line := await self.process.stdout.readline()).decode():
                assert line, "It has ended."

    async def until(self, condition):
        """Wait until something holds, looking after each reading of a calendar."""
        while not await condition():
            await self.says("read")


@asynccontextmanager
async def server(address, length):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", FOLLOW, address, str(length)),
        env={"PYTHONPATH": ":".join(sys.path)},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Server(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


class Site:
    """A store in a file, and Anna's calendar in another."""

    def __init__(self, folder, store):
        self.file, self.store = folder / "anna.ics", store

    def book(self):
        """Write a booking into the calendar."""
        now = datetime.now(UTC)
        times = {"now": now, "end": now + timedelta(hours=1)}
        stamps = {name: f"{time:%Y%m%dT%H%M%SZ}" for name, time in times.items()}
        self.file.write_text(ICS.format(**stamps).replace("\n", "\r\n"))

    def remove(self):
        """Take the booking away."""
        self.file.write_text(EMPTY.replace("\n", "\r\n"))

    async def is_closed(self):
        """Tell whether Anna's phone is closed."""
        standing = await self.store.diverts.standing(ANNA)
        return counting(standing.diverts, datetime.now(UTC)) is not None

    async def is_open(self):
        """Tell whether it is not."""
        return not await self.is_closed()


@asynccontextmanager
async def site_at(address, folder):
    async with open_store(address) as store:
        site = Site(folder, store)
        site.remove()
        await store.directory.put([Listing(ANNA, "Anna", coupled=True)], NOW, "test")
        await store.links.put(Link(ANNA, LinkKind.ICS, str(site.file)), NOW, "test")
        yield site
