"""What we ask of any database about turns that were misheard."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from voice.store.calls_port import Call, CallId, Turn


@dataclass(frozen=True, slots=True)
class Misheard:
    """A turn that was heard wrongly, and what was said in truth."""

    call: CallId
    turn: int
    """Which of the call's turns; the first is 0."""
    said: str = field(repr=False)
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark, the turn that it is on, and its call."""

    mark: Misheard
    call: Call
    turn: Turn


class Marks(Protocol):
    """Turns marked as misheard; what is marked is on the trail, what was said not."""

    async def put(self, mark: Misheard) -> None:
        """Mark a turn, in the place of its earlier mark."""
        ...

    async def remove(self, call: CallId, turn: int, now: datetime, by: str) -> None:
        """Take a mark away; removing it twice is not an error."""
        ...

    async def of(self, call: CallId) -> tuple[Misheard, ...]:
        """Return the marks in a call, in the order of its turns."""
        ...

    async def all(self) -> tuple[Marked, ...]:
        """Return every mark, in the order of calls begun, and of their turns."""
        ...
