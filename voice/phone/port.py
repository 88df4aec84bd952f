"""What we ask of any telephone line: calls offered, frames and keys in, frames out."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

from voice.errors import VoiceError

FRAME_SECONDS = 0.02
FRAME_BYTES = 320
"""20 ms of 8 kHz mono s16le."""
AHEAD_FRAMES = 4
"""What is late by less than so many frames, sent ahead, makes no gap in speech."""


class LineError(VoiceError):
    """The line cannot be opened; the text says what to mend."""


class CallGoneError(LineError):
    """The caller left before the call was answered."""


@dataclass(frozen=True, slots=True)
class Sound:
    """20 ms from the caller; they come without a gap for as long as the call lasts."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class Keyed:
    """A key was pressed: 0-9, * or # (ITU-T Q.23)."""

    key: str


@dataclass(frozen=True, slots=True)
class HungUp:
    """The caller has left; nothing comes after this.

    `lost` when it was not the caller who left, but the line that broke.
    """

    lost: bool = False


Arrival: TypeAlias = Sound | Keyed | HungUp


@dataclass(frozen=True, slots=True)
class Backlog:
    """Frames that have come and wait to be taken, and those that waited too long."""

    waiting: int = 0
    dropped: int = 0


class Line(Protocol):
    """One answered call.

    The frames that come are the call's clock: for each, one can be sent, and
    `AHEAD_FRAMES` more when speech begins.
    """

    @property
    def backlog(self) -> Backlog:
        """How far what is taken lies behind what comes."""
        ...

    def arrivals(self) -> AsyncIterator[Arrival]:
        """Yield what comes from the caller until the call ends."""
        ...

    async def send(self, frame: bytes) -> None:
        """Send 20 ms to the caller; to a call that has ended it is no error."""
        ...

    async def transfer(self, number: str) -> bool:
        """Put the caller through to a number of the exchange.

        True when the call is no longer ours; False when the exchange would not, and
        the call goes on.
        """
        ...

    async def hang_up(self) -> None:
        """End the call; ending it twice is not an error."""
        ...


@dataclass(frozen=True, slots=True)
class Offer:
    """A call that is offered: who calls, what was dialled, and how it came here."""

    id: str
    """What the line calls it: to find it in the exchange's own log."""
    dialled: str
    """As dialled, with escapes undone: `4949`, `*23*3*1530#`."""
    caller: str | None = None
    """The number that a trusted peer asserts; None when nobody trusted does."""
    forwarded_from: tuple[str, ...] = ()
    """The numbers that have forwarded the call, the newest first."""


class Refusal(StrEnum):
    """Why an offered call is not taken; a line says it as near as it can."""

    BUSY = "busy"
    UNKNOWN = "unknown"
    LEAVING = "leaving"


class Ringing(Protocol):
    """A call that waits to be answered or refused."""

    @property
    def offer(self) -> Offer:
        """Who calls, and what."""
        ...

    async def answer(self) -> Line:
        """Take the call, once sound can go both ways; CallGoneError if it is gone."""
        ...

    async def refuse(self, why: Refusal) -> None:
        """Do not take the call; refusing one that is gone is not an error."""
        ...


@dataclass(frozen=True, slots=True)
class Condition:
    """How a line is: `detail` is one sentence for the operator, with the remedy."""

    ready: bool
    detail: str


class Exchange(Protocol):
    """The exchange's side of the house: where calls come from."""

    def offers(self) -> AsyncIterator[Ringing]:
        """Yield each call that comes, until the line is closed."""
        ...

    @property
    def condition(self) -> Condition:
        """How the line is now."""
        ...

    async def drain(self) -> None:
        """Refuse new calls from now on; those that stand go on."""
        ...


class Where(StrEnum):
    """What an exchange that asks is to do with a call to an extension."""

    RING = "ring"
    """Ring the phone: nothing keeps it closed."""
    ANNOUNCE = "announce"
    """Send the call here: the caller hears why and until when."""
    UNKNOWN = "unknown"
    """The directory has no such extension."""


Route: TypeAlias = Callable[[str], Awaitable[Where]]
"""Answers an exchange that asks about a dialled number."""
