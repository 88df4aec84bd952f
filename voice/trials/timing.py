"""A replayed call, timed: how soon it was answered, and what it cost."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from voice.calls.attendant import Attendant
from voice.calls.caller import LineCaller
from voice.calls.errands import Desk
from voice.dialogue.opening import answer
from voice.house import House
from voice.phone.memory import MemoryLine
from voice.phone.port import FRAME_SECONDS, Arrival, Backlog, Sound
from voice.sound.endpoint import Loudness
from voice.store.port import Turn, Who
from voice.trials.replay import line_of
from voice.trials.screenplay import Screenplay


@dataclass(frozen=True, slots=True)
class Answer:
    """How long after the caller's last sound the answer to some words began."""

    text: str
    delay: float


@dataclass(frozen=True, slots=True)
class TimedCall:
    """A call of so many seconds, its answers, and the CPU it took."""

    seconds: float
    answers: tuple[Answer, ...]
    cpu_seconds: float


class TimedLine:
    """A line that notes when speech ends, and when the answer to it begins.

    Played faster than real time, an answer's delay is the frames that pass before it,
    and the time that frames take to be worked on beyond their own 20 ms.
    """

    def __init__(self, line: MemoryLine) -> None:
        self._line, self._loudness = line, Loudness()
        self._delay: float | None = None
        self.frames = 0
        self.last_heard = ""
        self.answers: list[Answer] = []

    @property
    def backlog(self) -> Backlog:
        """How far what is taken lies behind what comes."""
        return self._line.backlog

    async def arrivals(self) -> AsyncIterator[Arrival]:
        """Yield what comes, and time what is done with it."""
        async for arrival in self._line.arrivals():
            if isinstance(arrival, Sound):
                self._note(arrival.pcm)
            began = time.perf_counter()
            yield arrival
            spent = time.perf_counter() - began
            if self._delay is not None:
                self._delay += FRAME_SECONDS + max(0.0, spent - FRAME_SECONDS)

    def _note(self, pcm: bytes) -> None:
        self.frames += 1
        if any(pcm) and self._loudness.loud(pcm):
            self._delay = 0.0

    async def send(self, frame: bytes) -> None:
        """Send, and note an answer that begins."""
        if self._delay is not None:
            self.answers.append(Answer(self.last_heard, self._delay))
            self._delay = None
        await self._line.send(frame)

    async def transfer(self, number: str) -> bool:
        """Put the caller through."""
        return await self._line.transfer(number)

    async def hang_up(self) -> None:
        """End the call."""
        await self._line.hang_up()


async def timed_call(play: Screenplay, desk: Desk, house: House) -> TimedCall:
    """Replay one call and return its times."""

    line = TimedLine(line_of(play))

    async def record(turn: Turn) -> None:
        # No transcript of a measurement; but what is answered next is this.
        if turn.who is Who.CALLER:
            line.last_heard = turn.text

    caller = LineCaller(line, house.understanding)
    began = time.process_time()
    await Attendant(desk, play.caller, play.now, record).attend(caller, answer())
    spent = time.process_time() - began
    return TimedCall(line.frames * FRAME_SECONDS, tuple(line.answers), spent)
