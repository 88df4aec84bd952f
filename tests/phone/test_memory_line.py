"""The caller who is played: waits for the attendant, or does not."""

from voice.phone.memory import (
    CallerStep,
    HangsUp,
    MemoryLine,
    Plays,
    Presses,
    Waits,
)
from voice.phone.port import FRAME_BYTES, FRAME_SECONDS, Arrival, HungUp, Keyed, Sound

WORD = b"\x11\x22" * (FRAME_BYTES // 2)
QUIET = bytes(FRAME_BYTES)


async def call(plan: list[CallerStep], speaks: int = 0) -> list[Arrival]:
    """Run a call whose attendant speaks for so many frames, and once more after each
    of the caller's steps; return what came."""
    line, came, left = MemoryLine(plan), list[Arrival](), speaks
    async for arrival in line.arrivals():
        came.append(arrival)
        if left:
            await line.send(QUIET)
            left -= 1
        elif isinstance(arrival, Keyed) or arrival == Sound(WORD):
            left = speaks
    return came


def seconds_before(came: list[Arrival], arrival: Arrival) -> float:
    return round(came.index(arrival) * FRAME_SECONDS, 2)


async def test_the_caller_speaks_when_the_attendant_has_finished():
    came = await call([Plays(WORD)], speaks=50)
    assert seconds_before(came, Sound(WORD)) == 1.0 + 0.4


async def test_the_caller_can_speak_over_the_attendant():
    came = await call([Plays(WORD, over=True)], speaks=50)
    assert came[0] == Sound(WORD)


async def test_a_caller_does_not_wait_for_ever_for_one_who_says_nothing():
    came = await call([Plays(WORD)])
    assert seconds_before(came, Sound(WORD)) == 12.0


async def test_a_sound_comes_whole_and_in_frames():
    came = await call([Plays(WORD * 2 + WORD[:100], over=True)])
    assert came[:3] == [Sound(WORD), Sound(WORD), Sound(WORD[:100] + QUIET[100:])]


async def test_keys_come_one_by_one_with_the_line_between_them():
    came = await call([Presses("#2"), HangsUp(once=True)], speaks=5)
    keys = [arrival for arrival in came if isinstance(arrival, Keyed)]
    assert keys == [Keyed("#"), Keyed("2")]
    assert came[came.index(Keyed("#")) + 1] == Sound(QUIET)


async def test_a_wait_has_its_length():
    came = await call([Waits(3.0), HangsUp(once=True)])
    assert seconds_before(came, HungUp()) == 3.0


async def test_hanging_up_waits_for_the_answer_unless_it_is_at_once():
    waits = await call([Plays(WORD, over=True), HangsUp()], speaks=50)
    at_once = await call([Plays(WORD, over=True), HangsUp(once=True)], speaks=50)
    assert len(waits) > 50
    assert at_once == [Sound(WORD), HungUp()]


async def test_nothing_comes_after_the_caller_has_hung_up():
    came = await call([HangsUp(once=True), Plays(WORD)])
    assert came == [HungUp()]


async def test_a_call_that_nobody_ends_is_ended_by_the_caller():
    came = await call([])
    assert came[-1] == HungUp()
    assert seconds_before(came, HungUp()) == 60.0


async def test_the_attendant_can_end_the_call_and_transfer_it():
    for ends, to in ((MemoryLine.hang_up, None), (_through, "0")):
        line, came = MemoryLine([Waits(5.0)]), list[Arrival]()
        async for arrival in line.arrivals():
            came.append(arrival)
            await ends(line)
        assert len(came) == 1
        assert line.transferred_to == to


async def _through(line: MemoryLine) -> None:
    assert await line.transfer("0")
