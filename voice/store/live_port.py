"""What we ask of any database about calls that go on: what is new in them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from voice.store.calls_port import Call, Turn
from voice.store.positions import Position


class What(StrEnum):
    """What happened in a call."""

    BEGAN = "began"
    IDENTIFIED = "identified"
    SPOKE = "spoke"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened in a call; the call is as it is when it is told."""

    what: What
    call: Call
    turn: Turn | None = None
    number: int | None = None
    """Which of the call's turns it is; the first is 0."""


@dataclass(frozen=True, slots=True)
class Told:
    """What happened since a position, and the position after it."""

    news: tuple[News, ...]
    position: Position


class Live(Protocol):
    """What happens in all calls, told to whoever asks again and again."""

    async def position(self) -> Position:
        """Return where we are now."""
        ...

    async def after(self, position: Position, limit: int = 200) -> Told:
        """Return what happened after a position, each thing once.

        What happens in one call is told in its order. Where something of many calls
        happens at once, none is left out.
        """
        ...
