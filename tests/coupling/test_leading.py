"""Several programs that share a store: one follows calendars, and the next when not."""

import asyncio
import logging
import signal
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from calendar_house import ANNA, NOW, SITE, CalendarHouse, meeting
from log_watch import logged

from voice.calendars.memory import MemoryCalendar
from voice.calendars.settings import CalendarAccess, CalendarSettings
from voice.coupling.following import Coupled
from voice.coupling.leading import Follower
from voice.coupling.opening import open_calendars
from voice.coupling.pushes import open_pushes
from voice.coupling.syncing import NotFollowingError
from voice.divert.routing import counting
from voice.leasing import ElsewhereError, Terms, Turns
from voice.obey import Door
from voice.store.database import open_store
from voice.store.leases_port import Lease
from voice.store.links_port import Link, LinkKind
from voice.store.port import Listing

QUICK = Terms(length=3.0, ours=2.0, renewed=0.01)
SETTINGS = CalendarSettings(google_seconds=0.01, ics_seconds=0.05, per_minute=600_000)
LONG = 60

FOLLOW = """
import asyncio, logging, sys
from test_leading import follow_until_asked_to_end

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


@pytest.fixture
async def house():
    house = CalendarHouse(settings=SETTINGS)
    await house.couple()
    return house


@asynccontextmanager
async def following(follower):
    task = asyncio.ensure_future(follower.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


def follower_of(house):
    return Follower(house.coupled, QUICK)


async def test_one_of_two_follows_and_the_other_says_so(house):
    house.calendars[ANNA].keep(meeting())
    one, other = follower_of(house), follower_of(house)
    async with following(one):
        await house.until(house.is_closed)
        async with following(other):
            with pytest.raises(ElsewhereError, match="hands of .*, process \\d+"):
                await follower_of(house).once(patience=0.05)
            assert other.condition.detail == "Another program follows them."
            assert (one.condition.ready, other.condition.ready) == (True, True)
            with pytest.raises(NotFollowingError):
                other.called("a watch", "a token")
            assert not one.called("a watch", "a token")


async def test_the_other_goes_on_where_the_one_was(house):
    calendar = house.calendars[ANNA]
    calendar.keep(meeting())
    async with following(follower_of(house)):
        await house.until(house.is_closed)
    calendar.remove(meeting().key)

    async def is_open():
        return not await house.is_closed()

    async with following(follower_of(house)):
        await house.until(is_open)


async def test_once_reads_when_nobody_follows_and_leaves_it_to_others(house):
    house.calendars[ANNA].keep(meeting())
    (linked,) = await follower_of(house).once()
    assert linked.progress.read_at == NOW
    assert await house.is_closed()
    assert await follower_of(house).once() != ()


class SlowCalendar(MemoryCalendar):
    """A calendar whose answer comes when it is let."""

    def __init__(self):
        super().__init__()
        self.asked, self.answers = asyncio.Event(), asyncio.Event()

    async def read(self, window, since):
        self.asked.set()
        try:
            await self.answers.wait()
        except asyncio.CancelledError:
            # As a thread does, which nobody can stop.
            await self.answers.wait()
        return await super().read(window, since)


async def test_the_overtaken_changes_no_phone():
    calendar = SlowCalendar()
    house = CalendarHouse(settings=SETTINGS, calendars={ANNA: calendar})
    (await house.couple()).keep(meeting())
    trail = await house.store.audit.entries()
    # It believes that its lease is long, as a machine does that has slept.
    overtaken = Follower(house.coupled, Terms(length=0.1, ours=LONG, renewed=LONG))

    async def another_program_has_them():
        with logged("voice.leasing", "Another program may have calendars") as told:
            calendar.answers.set()
            async with asyncio.timeout(LONG):
                await told.wait()
        assert await house.store.audit.entries() == trail
        assert not await house.is_closed()

    async with following(overtaken):
        await calendar.asked.wait()
        turns = Turns(house.store.leases, Lease("calendars", "another"), QUICK)
        await turns.once(another_program_has_them, patience=LONG)


@asynccontextmanager
async def asked_at(follower):
    async with (
        open_pushes("127.0.0.1:0", follower) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/") as http,
    ):
        yield http


async def test_a_call_to_who_does_not_follow_is_to_come_again(house):
    told = {"value": [{"subscriptionId": "a", "clientState": "b"}]}
    async with asked_at(follower_of(house)) as http:
        assert (await http.post("google")).status_code == 503
        assert (await http.post("outlook", json=told)).status_code == 503
        # Microsoft asks this of whichever server it reaches, before it promises.
        answer = await http.post("outlook", params={"validationToken": "abc"})
        assert (answer.status_code, answer.text) == (200, "abc")


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


async def test_a_server_that_is_killed_is_followed_by_the_next(tmp_path):
    address = str(tmp_path / "store.db")
    async with (
        site_at(address, tmp_path) as site,
        server(address, length=1.0) as one,
    ):
        await one.says("in our hands")
        site.book()
        await one.until(site.is_closed)
        async with server(address, length=1.0) as two:
            await two.says("in the hands of")
            one.process.kill()
            await two.says("in our hands")
            site.remove()
            await two.until(site.is_open)


async def test_a_server_that_is_asked_to_end_hands_over_at_once(tmp_path):
    address = str(tmp_path / "store.db")
    async with (
        site_at(address, tmp_path) as site,
        # Nobody would wait for it to be over.
        server(address, length=1000.0) as one,
    ):
        await one.says("in our hands")
        async with server(address, length=1000.0) as two:
            await two.says("in the hands of")
            one.process.terminate()
            await two.says("in our hands")
            site.book()
            await two.until(site.is_closed)
        assert await one.process.wait() == 0


def test_a_server_that_dies_is_followed_within_half_a_minute():
    terms = Terms()
    assert terms.ours < terms.length
    assert terms.length + terms.renewed < 30
