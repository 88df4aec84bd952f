"""The twin of a telephone line: a caller who is played from sounds and keys."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from voice.phone.port import (
    FRAME_BYTES,
    FRAME_SECONDS,
    Arrival,
    Backlog,
    HungUp,
    Keyed,
    Sound,
)

# How long the attendant must have been quiet to have finished, and how long a caller
# waits for one who says nothing.
_FINISHED_SECONDS = 0.4
_WAITS_SECONDS = 12.0
_BETWEEN_KEYS_SECONDS = 0.12
# A call that the attendant never ends is ended by the caller.
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Plays:
    """The caller speaks: 8 kHz mono s16le, when the attendant has finished.

    `over` the attendant's voice, it begins at once.
    """

    pcm: bytes
    over: bool = False


@dataclass(frozen=True, slots=True)
class Presses:
    """The caller presses keys when the attendant has finished."""

    keys: str


@dataclass(frozen=True, slots=True)
class Waits:
    """The caller is silent for some seconds, whatever the attendant does."""

    seconds: float


@dataclass(frozen=True, slots=True)
class HangsUp:
    """The caller hangs up, when the attendant has finished or at `once`."""

    once: bool = False


CallerStep: TypeAlias = Plays | Presses | Waits | HangsUp


class MemoryLine:
    """A call whose caller follows a plan and then stays silent.

    `transfers` says whether the exchange puts the caller through when it is asked.
    """

    def __init__(self, plan: Sequence[CallerStep], transfers: bool = True) -> None:
        self._plan, self._transfers = plan, transfers
        self._ended = False
        self._frames_since_voice: int | None = None
        self.transferred_to: str | None = None
        self.sent = bytearray()

    @property
    def backlog(self) -> Backlog:
        """How far what is taken lies behind: a plan waits for everybody."""
        return Backlog()

    async def arrivals(self) -> AsyncIterator[Arrival]:
        """Yield what the plan holds, and the quiet of the line between."""
        for step in self._plan:
            for arrival in self._carried_out(step):
                if self._ended:
                    return
                self._age()
                yield arrival
        for frame in _quiet(_PATIENCE_SECONDS):
            if self._ended:
                return
            yield frame
        yield HungUp()

    def _carried_out(self, step: CallerStep) -> Iterator[Arrival]:
        match step:
            case Plays(pcm, over):
                if not over:
                    yield from self._until_finished()
                yield from _spoken(pcm)
            case Presses(keys):
                yield from self._until_finished()
                for key in keys:
                    yield Keyed(key)
                    yield from _quiet(_BETWEEN_KEYS_SECONDS)
            case Waits(seconds):
                yield from _quiet(seconds)
            case HangsUp(once):
                if not once:
                    yield from self._until_finished()
                yield HungUp()
                self._ended = True
        if not isinstance(step, Waits):
            self._frames_since_voice = None

    def _until_finished(self) -> Iterator[Arrival]:
        for frame in _quiet(_WAITS_SECONDS):
            since = self._frames_since_voice
            if since is not None and since * FRAME_SECONDS >= _FINISHED_SECONDS:
                return
            yield frame

    def _age(self) -> None:
        if self._frames_since_voice is not None:
            self._frames_since_voice += 1

    async def send(self, frame: bytes) -> None:
        """Take 20 ms of the attendant's voice."""
        self.sent += frame
        self._frames_since_voice = 0

    async def transfer(self, number: str) -> bool:
        """Note where the caller was put through to, if the exchange would."""
        if self._ended or not self._transfers:
            return False
        self.transferred_to, self._ended = number, True
        return True

    async def hang_up(self) -> None:
        """End the call."""
        self._ended = True


def _quiet(seconds: float) -> Iterator[Arrival]:
    for _ in range(round(seconds / FRAME_SECONDS)):
        yield Sound(bytes(FRAME_BYTES))


def _spoken(pcm: bytes) -> Iterator[Arrival]:
    whole = pcm + bytes(-len(pcm) % FRAME_BYTES)
    for at in range(0, len(whole), FRAME_BYTES):
        yield Sound(whole[at : at + FRAME_BYTES])
