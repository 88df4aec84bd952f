"""What comes on a line while other work is done: kept, told of, and never lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from voice.calls.arriving import Arriving, Frame
from voice.calls.speech import Speech
from voice.dialogue.actions import Tone
from voice.language.catalog import Catalog
from voice.phone.port import (
    AHEAD_FRAMES,
    FRAME_BYTES,
    Arrival,
    Backlog,
    HungUp,
    Keyed,
    Sound,
)
from voice.sound.mouth import Mouth

QUIET = Sound(bytes(FRAME_BYTES))
LOUD = Sound(b"\x00\x20\x00\xe0" * (FRAME_BYTES // 4))


class FedLine:
    """A line on which just that comes which a test puts there."""

    def __init__(self) -> None:
        self.coming: asyncio.Queue[Arrival] = asyncio.Queue()
        self.sent: list[bytes] = []
        # As if each came at its time, whatever a test puts there at once.
        self.backlog = Backlog()

    async def arrivals(self) -> AsyncIterator[Arrival]:
        while True:
            arrival = await self.coming.get()
            self.coming.task_done()
            yield arrival
            if isinstance(arrival, HungUp):
                return

    def feed(self, *arrivals: Arrival) -> None:
        for arrival in arrivals:
            self.coming.put_nowait(arrival)

    async def send(self, frame: bytes) -> None:
        self.sent.append(frame)

    async def transfer(self, number: str) -> bool:
        return False

    async def hang_up(self) -> None:
        self.feed(HungUp())


@pytest.fixture
def line() -> FedLine:
    return FedLine()


@pytest.fixture
def speech(catalog: Catalog) -> Speech:
    return Speech(Mouth(), catalog)


@pytest.fixture
async def arriving(line: FedLine, speech: Speech) -> AsyncIterator[Arriving]:
    there = Arriving(line, speech, live=True)
    yield there
    there.close()


class Told:
    """Notes that the caller was told of a wait."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> None:
        self.times += 1


async def working(
    arriving: Arriving,
    line: FedLine,
    tell: Callable[[], Awaitable[None]],
    *during: Arrival,
) -> str:
    """Do some work that lasts until all of this has come; return what came of it."""
    over = asyncio.Event()

    async def work() -> str:
        await over.wait()
        return "done"

    async def feed() -> None:
        line.feed(*during)
        await line.coming.join()
        over.set()

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        doing = group.create_task(arriving.meanwhile(work(), tell))
        group.create_task(feed())
    return doing.result()


async def test_work_that_is_quick_is_told_of_to_nobody(arriving, line):
    tell = Told()
    assert await working(arriving, line, tell, *[QUIET] * 20) == "done"
    assert tell.times == 0


async def test_a_caller_who_has_to_wait_is_told_again_and_again(arriving, line):
    tell = Told()
    assert await working(arriving, line, tell, *[QUIET] * 200) == "done"
    assert tell.times == 3


async def test_what_a_caller_is_told_is_not_told_over_itself(arriving, line, speech):
    told: list[int] = []

    async def tell() -> None:
        told.append(arriving.frames)
        speech.play(Tone.DONE)

    await working(arriving, line, tell, *[QUIET] * 300)
    # 1.2 s of quiet, and 1.2 s of what was told, in turns.
    assert told == [60, 180, 300]


async def test_a_call_that_is_stuck_in_some_work_can_be_ended(arriving, line):
    stopped = asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    line.feed(QUIET)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await arriving.meanwhile(endless(), Told())
    async with asyncio.timeout(5):
        await stopped.wait()


async def test_nobody_waits_in_dead_air_while_something_is_being_said(
    arriving, line, speech
):
    tell = Told()
    speech.play(Tone.DIAL)
    await working(arriving, line, tell, *[QUIET] * 200)
    assert tell.times == 0
    assert len(line.sent) >= 190


async def test_what_came_during_work_comes_after_it_in_order(arriving, line):
    await working(arriving, line, Told(), QUIET, Keyed("1"), LOUD, Keyed("2"))
    line.feed(Keyed("3"))
    came = [await arriving.take() for _ in range(5)]
    keys = [each.key for each in came if isinstance(each, Keyed)]
    assert keys == ["1", "2", "3"]
    assert [each.pcm for each in came if isinstance(each, Frame)] == [
        QUIET.pcm,
        LOUD.pcm,
    ]


async def test_long_work_keeps_all_keys_and_the_newest_sound(arriving, line):
    await working(arriving, line, Told(), Keyed("1"), *[QUIET] * 400, LOUD)
    assert arriving.dropped == 151
    line.feed(HungUp())
    came = []
    while not isinstance(one := await arriving.take(), HungUp):
        came.append(one)
    assert came[0] == Keyed("1")
    assert came[-1].pcm == LOUD.pcm
    assert len(came) == 251


async def test_a_caller_who_hangs_up_lets_the_work_be_done_whole(arriving, line):
    assert await working(arriving, line, Told(), QUIET, HungUp()) == "done"
    assert isinstance(await arriving.take(), Frame)
    assert await arriving.take() == HungUp()
    assert await arriving.take() == HungUp()


async def test_work_that_fails_says_so_and_the_line_goes_on(arriving, line):
    async def work() -> None:
        raise ValueError("no")

    line.feed(QUIET)
    with pytest.raises(ValueError, match="no"):
        await arriving.meanwhile(work(), Told())
    assert await arriving.take() == Frame(QUIET.pcm, speaking=False, own=False)


@pytest.mark.parametrize(("live", "ahead"), [(True, AHEAD_FRAMES), (False, 0)])
async def test_speech_begins_a_little_ahead_where_time_does_not_wait(
    line, speech, live, ahead
):
    arriving = Arriving(line, speech, live)
    speech.play(Tone.KNOWN)
    whole = speech.left
    line.feed(*[QUIET] * (whole + 1))
    sent, spoken = [], 0
    for _ in range(whole + 1):
        frame = await arriving.take()
        spoken += frame.speaking
        sent.append(len(line.sent))
    arriving.close()
    assert sent == [min(at + 1 + ahead, whole) for at in range(whole + 1)]
    # It is heard for no longer than it is.
    assert spoken == whole


async def test_speech_begins_when_what_has_come_is_worked_off(arriving, line, speech):
    speech.play(Tone.KNOWN)
    line.feed(*[QUIET] * 3)
    for waiting, sent in ((40, 0), (1, 0), (0, 1 + AHEAD_FRAMES)):
        line.backlog = Backlog(waiting)
        assert await arriving.take() == Frame(QUIET.pcm, sent > 0, own=False)
        assert len(line.sent) == sent


async def test_speech_that_has_begun_makes_up_for_what_was_late(arriving, line, speech):
    speech.play(Tone.KNOWN)
    line.feed(*[QUIET] * 4)
    await arriving.take()
    for waiting in (40, 39, 38):
        line.backlog = Backlog(waiting)
        await arriving.take()
    assert len(line.sent) == 4 + AHEAD_FRAMES


async def test_the_clock_of_a_call_is_its_frames(arriving, line):
    line.feed(*[QUIET] * 50, Keyed("1"))
    for _ in range(51):
        await arriving.take()
    assert arriving.seconds == 1.0
