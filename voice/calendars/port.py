"""What we ask of any calendar, in our own words."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NewType, Protocol, TypeAlias

from voice.divert.model import Entry, EntryKey, Mark
from voice.errors import VoiceError

Cursor = NewType("Cursor", str)
Asked: TypeAlias = Callable[[], None]
"""Is told of each question that a server is asked."""


def unheeded() -> None:
    """Do nothing: nobody counts what is asked."""


class CalendarError(VoiceError):
    """A calendar cannot do what was asked; the text says nothing of a booking."""


class CursorExpiredError(CalendarError):
    """The calendar no longer knows what changed since the cursor: read it whole."""


class AccessDeniedError(CalendarError):
    """We may not, or may no longer, read or write this calendar, or there is none."""


class BusyError(CalendarError):
    """The calendar did not answer, or asks for patience: a later try may do."""

    def __init__(self, text: str, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after
        """Seconds to wait, where the calendar has named them."""


class BrokenAnswerError(CalendarError):
    """The calendar answered with something that is none of a calendar's answers."""


class ReadOnlyError(CalendarError):
    """The calendar is of a kind that can only be read."""


@dataclass(frozen=True, slots=True)
class Window:
    """The time that is read, from some days back to some days ahead; `end` excluded."""

    start: datetime
    end: datetime

    def touches(self, start: datetime, end: datetime) -> bool:
        """Tell whether something from `start` to `end` lies within, wholly or partly.

        What has no length, or less than none, is where it starts.
        """
        if end > start:
            return start < self.end and self.start < end
        return self.start <= start < self.end


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer of a calendar.

    Every booking comes, also those that divert nothing: cancelled and private ones,
    those without a code and our own. Recurring ones come as their instances.
    """

    entries: tuple[Entry, ...]
    gone: tuple[EntryKey, ...]
    cursor: Cursor | None
    whole: bool
    """Everything within the window, else only what changed since the cursor."""
    compared: bool = False
    """What is gone was found to be missing: the calendar did not tell of it."""
    unclear: frozenset[str] = frozenset()
    """Keys and series of what makes no sense now: what was known of it stays so."""


@dataclass(frozen=True, slots=True)
class Block:
    """A booking of ours, written for a divert; all writes of one key are of one."""

    key: str
    mark: Mark
    start: datetime
    end: datetime
    note: str = ""
    """What it says instead of a code; it is private, takes no time and reminds not."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A person's own booking whose phone was opened though it diverts.

    Of several bookings that are one divert, it is the first with the end of the last.
    """

    key: EntryKey
    mark: Mark
    start: datetime
    end: datetime

    @property
    def proof(self) -> str:
        """What such a booking carries; it fits no other times and no other code."""
        times = (each.astimezone(UTC).isoformat() for each in (self.start, self.end))
        named = " ".join((self.key, self.mark.reason, self.mark.mode, *times))
        return hashlib.sha256(named.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Watch:
    """A calendar's promise to call an address when something changes."""

    id: str
    resource: str
    until: datetime


class Calendar(Protocol):
    """A calendar of one person."""

    async def read(self, window: Window, since: Cursor | None) -> Reading:
        """Return what changed since the cursor; the whole window when it is None.

        CursorExpiredError asks for the whole. A connector that cannot tell what
        changed may always return the whole. A cursor of another window may expire,
        but never hides what has come within since: windows of whole days change
        seldom.
        """
        ...

    async def find(self, key: str) -> Entry | None:
        """Return our booking as it is now; None when it is there no more, or never was.

        None is said only by a calendar that answers as it should.
        """
        ...

    async def put(self, block: Block) -> None:
        """Write our booking, or move the one with its key; twice is the same as once.

        It is read back as ours, and has a reminder unless it is a note.
        """
        ...

    async def drop(self, key: str) -> None:
        """Remove our booking; one that is not there is no error."""
        ...

    async def set_opened(self, opening: Opening, opened: bool) -> None:
        """Write on a person's booking that its phone was opened, or strike that out.

        It is for us alone, and nobody is told of it; a booking that cannot carry it
        so, or is there no more, is left as it is.
        """
        ...

    async def take_code(self, opening: Opening) -> bool:
        """Cut the code from a booking's subject, in its owner's copy alone.

        False is said where that cannot be; one that is otherwise by now is left.
        """
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...


class Watched(Protocol):
    """A calendar that can call us when something changes."""

    async def watch(self, address: str, token: str, until: datetime) -> Watch:
        """Ask to be called at an https address, with the token; it may end earlier."""
        ...

    async def unwatch(self, watch: Watch) -> None:
        """Ask to be called no more; a watch that has ended is no error."""
        ...
