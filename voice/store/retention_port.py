"""What we ask of any database about letting go of what it holds on people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voice.divert.model import Extension, Standing
from voice.store.accounts_port import Account
from voice.store.audit_port import AuditEntry
from voice.store.calls_port import Call, Turn
from voice.store.directory_port import Listing
from voice.store.links_port import Kept, Linked, OwnBooking
from voice.store.marks_port import Misheard


@dataclass(frozen=True, slots=True)
class Transcript:
    """A call with all that was said in it, and what of it was misheard."""

    call: Call
    turns: tuple[Turn, ...]
    marks: tuple[Misheard, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """What was said of a person in somebody else's call."""

    call: Call
    turn: Turn


@dataclass(frozen=True, slots=True)
class Held:
    """Everything that is held on a person, but the hashes of secrets."""

    extension: Extension
    listing: Listing | None
    standing: Standing
    link: Linked | None
    kept: Kept
    bookings: tuple[OwnBooking, ...]
    has_pin: bool
    accounts: tuple[Account, ...]
    calls: tuple[Transcript, ...]
    """Those that the person made, and those that came to the person's number."""
    mentions: tuple[Mention, ...]
    """By their whole name, or by their number."""
    changes: tuple[AuditEntry, ...]


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was erased, and how much was made to tell of nobody."""

    calls: int = 0
    mentions: int = 0
    changes: int = 0


class Retention(Protocol):
    """Lets go of what is held, with a receipt on the audit trail.

    Calls that go on are never touched, and no call waits while others are erased.
    """

    async def erasable(self, before: datetime) -> int:
        """Count the calls that ended before an instant."""
        ...

    async def erase_before(self, before: datetime, now: datetime, by: str) -> int:
        """Erase the calls that ended before an instant, and return how many."""
        ...

    async def of_person(self, extension: Extension) -> Held:
        """Return all that is held on a person."""
        ...

    async def erase_person(
        self, extension: Extension, now: datetime, by: str
    ) -> Erased:
        """Erase all that is held on a person, with their line of the directory.

        What the trail tells of them is made to tell of nobody. While they have a call
        going on, CallGoingOnError is raised and nothing is erased.
        """
        ...
