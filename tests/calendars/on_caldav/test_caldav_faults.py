"""A CalDAV server that fails is told apart from others, and loses nothing."""

import asyncio
import threading
from datetime import timedelta

import pytest
from caldav_faults import FAULTS, SECRET
from caldav_samples import caldav_at
from calendar_samples import NOW, SAM
from odd_door import XML, Answered, Door, always, only, opened, straight
from radicale_server import USER, RadicaleHand, make_calendar, radicale

from voice.calendars.ground import Booking, Ground
from voice.calendars.port import AccessDeniedError, BusyError

HOUR = timedelta(hours=1)


@pytest.fixture
def ground(caldav_ground):
    return caldav_ground


def booked(ground):
    return ground.hand.book(Booking(f"SAM: {SECRET}", ground.hour, ground.hour + HOUR))


@pytest.mark.parametrize(("answer", "kind", "remedy"), FAULTS)
async def test_faults_are_told_apart(door, ground, answer, kind, remedy):
    door.bend = always(answer)
    with pytest.raises(kind, match=remedy) as raised:
        await ground.calendar.read(ground.window, None)
    later = getattr(raised.value, "retry_after", None)
    assert later == (7 if answer and "Retry-After" in answer.headers else None)
    assert len(door.asked) == 1


WRITING = [fault for fault in FAULTS if not fault[0] or fault[0].status != 200]


@pytest.mark.parametrize(("answer", "kind", "remedy"), WRITING)
async def test_faults_in_writing_are_told_apart(door, ground, answer, kind, remedy):
    door.bend = always(answer)
    with pytest.raises(kind, match=remedy):
        await ground.calendar.put(ground.block())


async def test_a_fault_while_reading_on_loses_nothing(door, ground):
    first = await ground.calendar.read(ground.window, None)
    await booked(ground)
    for answer in (Answered(503), None, Answered(401)):
        door.bend = always(answer)
        with pytest.raises((BusyError, AccessDeniedError)):
            await ground.calendar.read(ground.window, first.cursor)
    door.bend = only("calendar-multiget", None)
    with pytest.raises(BusyError):
        await ground.calendar.read(ground.window, first.cursor)
    door.bend = straight
    second = await ground.calendar.read(ground.window, first.cursor)
    assert [entry.start for entry in second.entries] == [ground.hour]


async def test_a_place_that_is_no_calendar_is_told(radicale_place, ground):
    async with caldav_at(f"{radicale_place}/{USER}") as there:
        with pytest.raises(AccessDeniedError, match="is no calendar"):
            await there.read(ground.window, None)


async def test_a_calendar_that_is_removed_is_told(ground):
    first = await ground.calendar.read(ground.window, None)
    ground.hand.delete("")
    for since in (None, first.cursor):
        with pytest.raises(AccessDeniedError, match="no calendar at"):
            await ground.calendar.read(ground.window, since)
    with pytest.raises(AccessDeniedError, match="no calendar at"):
        await ground.calendar.put(ground.block())
    with pytest.raises(AccessDeniedError, match="no calendar at"):
        await ground.calendar.drop(ground.block().key)


async def test_a_slow_server_is_waited_for_no_longer_than_its_time(
    door, caldav_door, ground
):
    first = await ground.calendar.read(ground.window, None)
    drops = always(Answered(207, b"<" * 400, XML, in_drops=True))
    async with caldav_at(caldav_door, patience=0.3) as hasty:
        for bend in (drops, lambda asked, ask: door.closed.wait(20) and None):
            door.bend = bend
            for since in (None, first.cursor):
                with pytest.raises(BusyError, match="too slow"):
                    await hasty.read(ground.window, since)


async def test_who_waits_no_longer_leaves_the_connection_whole(door, ground):
    loop, asked, go_on = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def bend(_, ask):
        loop.call_soon_threadsafe(asked.set)
        go_on.wait(20)
        return ask()

    door.bend = bend
    reading = asyncio.create_task(ground.calendar.read(ground.window, None))
    await asyncio.wait_for(asked.wait(), 20)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    go_on.set()
    assert (await ground.calendar.read(ground.window, None)).whole


async def test_a_server_killed_while_it_reads_is_read_from_where_it_was(tmp_path):
    with radicale(tmp_path) as (process, place), opened(Door(place)) as door:
        address = make_calendar(place)
        async with caldav_at(address.replace(place, door.address)) as calendar:
            ground = Ground(calendar, SAM, NOW, RadicaleHand(address))
            first = await calendar.read(ground.window, None)
            await booked(ground)

            def kill(asked, ask):
                if asked.kind == "calendar-multiget":
                    process.kill()
                    process.wait(20)
                return ask()

            door.bend = kill
            for _ in range(2):
                with pytest.raises(BusyError):
                    await calendar.read(ground.window, first.cursor)
            with radicale(tmp_path) as (_, again):
                door.place, door.bend = again, straight
                second = await calendar.read(ground.window, first.cursor)
            assert [entry.start for entry in second.entries] == [ground.hour]
