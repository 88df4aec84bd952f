"""What we ask of any database about calls: who called, what was said, how it ended."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType, Protocol

from voice.divert.model import Extension

CallId = NewType("CallId", str)


class Who(StrEnum):
    """Whose turn it was, and keys apart from speech."""

    CALLER = "caller"
    ATTENDANT = "attendant"
    KEYS = "keys"


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the number it came to, who it came from when that is known."""

    id: CallId
    place: str
    caller: Extension | None
    began: datetime
    ended: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said or keyed, `t` seconds into the call, and what came of it."""

    t: float
    who: Who
    text: str
    score: float | None = None
    meaning: str | None = None
    event: str | None = None
    place: str | None = None
    """Where in the dialogue it was said, as the grammar names it."""


class Transcripts(Protocol):
    """What was said in each call, readable while it goes on."""

    async def begin(self, call: Call) -> None:
        """Open the transcript of a call."""
        ...

    async def add(self, call: CallId, turn: Turn) -> None:
        """Append one turn; it is safe when this returns."""
        ...

    async def identify(self, call: CallId, caller: Extension) -> None:
        """Write who calls, when that becomes known in the call."""
        ...

    async def end(self, call: CallId, outcome: str, at: datetime) -> None:
        """Write how and when the call ended."""
        ...

    async def calls(
        self, limit: int = 100, extension: Extension | None = None
    ) -> tuple[Call, ...]:
        """Return the latest calls, newest first; only those from an extension if given.

        Calls that began at the same instant come with the one begun last first.
        """
        ...

    async def unfinished(self) -> tuple[Call, ...]:
        """Return the calls that nobody has ended, oldest first."""
        ...

    async def turns(self, call: CallId) -> tuple[Turn, ...]:
        """Return the turns of a call as they were added."""
        ...
