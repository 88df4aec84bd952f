"""Several programs that share a store: one follows calendars, and the next when not."""

import asyncio
from contextlib import asynccontextmanager

import httpx
import pytest
from calendar_house import ANNA, NOW, CalendarHouse, meeting
from log_watch import logged
from serving_processes import LONG, SETTINGS, server, site_at

from voice.calendars.memory import MemoryCalendar
from voice.coupling.leading import Follower
from voice.coupling.pushes import open_pushes
from voice.coupling.syncing import NotFollowingError
from voice.leasing import ElsewhereError, Terms, Turns
from voice.store.leases_port import Lease

QUICK = Terms(length=3.0, ours=2.0, renewed=0.01)


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
