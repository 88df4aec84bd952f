"""What we ask of any database about calendars: whose are followed, what was read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from voice.divert.model import Entry, EntryKey, Extension, Mark


class LinkKind(StrEnum):
    """What kind of calendar is followed."""

    GOOGLE = "google"
    OUTLOOK = "outlook"
    CALDAV = "caldav"
    ICS = "ics"


@dataclass(frozen=True, slots=True)
class Link:
    """Whose calendar an extension follows; its address is personal, and no log's."""

    extension: Extension
    kind: LinkKind
    address: str = field(repr=False)
    """A user at Google or Microsoft; else an address on the web, or a file."""
    owner: str = field(default="", repr=False)
    """The mail address that meetings know the person by, where none is the address."""


@dataclass(frozen=True, slots=True)
class Watching:
    """A calendar's promise to call us, and what it proves itself with."""

    id: str
    resource: str
    token: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How the reading of a calendar goes."""

    read_at: datetime | None = None
    """When it was last read with success."""
    cursor: str | None = field(default=None, repr=False)
    """Where the next reading goes on."""
    reaches: datetime | None = None
    """Where the window ended that was last read whole."""
    doubted_at: datetime | None = None
    """Since when a reading is not believed that suddenly had nothing."""
    failing_since: datetime | None = None
    fault: str = ""
    """What kind of error the last try ended with; none after a success."""
    remedy: str = ""
    """What is to be done about it, in a sentence that says nothing of any booking."""
    watching: Watching | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What was last read of a calendar, as far as the rules may know it."""

    entries: tuple[Entry, ...] = ()
    opted_out: frozenset[EntryKey] = frozenset()
    """Invitations whose code the person has taken out of their own copy."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A link, how its reading goes, and whether the phone is to follow it at all."""

    link: Link
    progress: Progress
    coupled: bool


class Links(Protocol):
    """Which calendar each extension follows; it goes when the extension goes."""

    async def put(self, link: Link, now: datetime, by: str) -> None:
        """Follow a calendar; what was read of another one is forgotten."""
        ...

    async def remove(self, extension: Extension, now: datetime, by: str) -> None:
        """Follow no calendar; removing a link twice is not an error."""
        ...

    async def list(self, *of: Extension) -> tuple[Linked, ...]:
        """Return every link, by extension; only those of some if any are given."""
        ...

    async def kept(self, extension: Extension) -> Kept:
        """Return what was last read; nothing where there is no link."""
        ...

    async def keep(self, link: Link, progress: Progress, kept: Kept) -> bool:
        """Keep what was read, and how it went; False when the link is no more."""
        ...

    async def copies(self, keys: Iterable[EntryKey]) -> tuple[Entry, ...]:
        """Return everybody's coded copies of bookings, where a phone follows them."""
        ...

    async def note(self, progress: Mapping[Link, Progress]) -> None:
        """Keep how the reading of many goes; links that are no more are passed over."""
        ...


class Step(StrEnum):
    """What is still to be done in a calendar for a booking of ours."""

    PUT = "put"
    DROP = "drop"
    NONE = "none"
    GONE = "gone"
    """It is told to be gone: the calendar is asked for it."""
    MISSED = "missed"
    """It was not found when it was asked for: it is asked for once more."""
    MOVED = "moved"
    """It is told to be otherwise than we wrote it: the calendar is asked for it."""


class Own(StrEnum):
    """What it is that we write into a calendar, by how its key begins."""

    DIVERT = ""
    """A booking that stands for a divert."""
    OPENED = "opened-"
    """On a person's own booking, that its phone was opened."""
    UNCODED = "uncoded-"
    """A person's own booking, without the code that stood in it."""
    NOTE = "note-"
    """A note for the owner, on why a booking diverts nothing."""


@dataclass(frozen=True, slots=True)
class OwnBooking:
    """Something of ours that stands in its owner's calendar, or is to."""

    extension: Extension
    key: str
    mark: Mark
    start: datetime
    end: datetime
    step: Step
    attempts: int = 0
    due: datetime | None = None
    """When it is to be tried again; now, where it is not said."""

    @property
    def kind(self) -> Own:
        """Tell what it is."""
        kinds = (kind for kind in Own if kind and self.key.startswith(kind))
        return next(kinds, Own.DIVERT)

    @property
    def about(self) -> str:
        """Name what it is about: the key of a person's own booking, say."""
        return self.key.removeprefix(self.kind)


class OwnBookings(Protocol):
    """What we write into calendars: written down before it is made or removed."""

    async def of(self, extension: Extension) -> tuple[OwnBooking, ...]:
        """Return those of one extension, by key."""
        ...

    async def put(self, bookings: Iterable[OwnBooking]) -> None:
        """Write some down, each in the place of the one with its key; all or none."""
        ...

    async def amend(self, before: OwnBooking, after: OwnBooking) -> bool:
        """Write one down in its own place if it is as it was before; tell whether."""
        ...

    async def forget(self, extension: Extension, keys: Iterable[str]) -> None:
        """Strike some out; one that is not there is no error."""
        ...

    async def unsettled(self) -> tuple[Extension, ...]:
        """Return the extensions that have any booking here, in order."""
        ...
