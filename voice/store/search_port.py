"""What we ask of any database about finding calls."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voice.divert.model import Extension
from voice.store.calls_port import Call, CallId, Turn


@dataclass(frozen=True, slots=True)
class CallsWanted:
    """Which calls are sought; what is None or False may be anything."""

    text: str = ""
    """All its words occur in the call; the last one may be unfinished."""
    since: datetime | None = None
    """They began then or later."""
    until: datetime | None = None
    """They began before."""
    extension: Extension | None = None
    """Who called."""
    place: str | None = None
    """The number that was called."""
    at: str | None = None
    """A place of the dialogue where the caller said or keyed something."""
    outcome: str | None = None
    below: float | None = None
    """Something in the call has a lower score."""
    misunderstood: bool = False
    """Something was missed, or doubtfully heard."""
    marked: bool = False
    """Something is marked as misheard."""
    going_on: bool | None = None


@dataclass(frozen=True, slots=True)
class FoundCall:
    """A call, and how well its caller was understood."""

    call: Call
    turns: int = 0
    doubtful: int = 0
    missed: int = 0
    worst: float | None = None
    """The lowest score of what the caller said."""
    marked: int = 0
    """How many turns are marked as misheard."""


@dataclass(frozen=True, slots=True)
class CallsFound:
    """Some of what was sought, the newest call first."""

    calls: tuple[FoundCall, ...]
    more: bool
    """Whether there are others, after the last of these."""


class Search(Protocol):
    """Calls, found by what was said in them and by how they went."""

    async def find(
        self, wanted: CallsWanted, after: CallId | None = None, limit: int = 50
    ) -> CallsFound:
        """Return the newest calls that are sought, after a call if one is given."""
        ...

    async def call(self, call: CallId) -> FoundCall:
        """Return one call."""
        ...

    async def turns(
        self, call: CallId, first: int = 0, limit: int = 500
    ) -> tuple[Turn, ...]:
        """Return some turns of a call as they were added, from one of them on."""
        ...
