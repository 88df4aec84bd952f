"""What we ask of any telephone line: frames of sound and keys in, frames out."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

FRAME_SECONDS = 0.02
FRAME_BYTES = 320
"""20 ms of 8 kHz mono s16le."""


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
    """The caller has left; nothing comes after this."""


Arrival: TypeAlias = Sound | Keyed | HungUp


class Line(Protocol):
    """One answered call.

    The frames that come are the call's clock: for each, one can be sent.
    """

    def arrivals(self) -> AsyncIterator[Arrival]:
        """Yield what comes from the caller until the call ends."""
        ...

    async def send(self, frame: bytes) -> None:
        """Send 20 ms to the caller."""
        ...

    async def transfer(self) -> None:
        """Put the caller through to the operator; the call is then not ours."""
        ...

    async def hang_up(self) -> None:
        """End the call; ending it twice is not an error."""
        ...
