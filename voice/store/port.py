"""What we ask of any database, in our own words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType, Protocol, TypeAlias

from voice.divert.model import Divert, Event, Extension, Standing
from voice.errors import VoiceError
from voice.store.credentials_port import Credentials
from voice.store.leases_port import Lease, Leases
from voice.store.links_port import Links, OwnBookings

CallId = NewType("CallId", str)
Decide: TypeAlias = Callable[[Standing], Event]


class StoreError(VoiceError):
    """The store cannot do what was asked of it."""


class UnknownExtensionError(StoreError):
    """The directory has no such extension."""

    def __init__(self, extension: Extension) -> None:
        super().__init__(
            f"Extension {extension} is not in the directory: "
            f'add it with `telefonist extension add {extension} "NAME"`.'
        )


class ExtensionTakenError(StoreError):
    """The directory already has this extension."""

    def __init__(self, extension: Extension) -> None:
        super().__init__(
            f"Extension {extension} is already in the directory: "
            f"remove it first with `telefonist extension remove {extension}`, "
            "or choose another number."
        )


class MobileTakenError(StoreError):
    """A mobile would be tied to two extensions."""

    def __init__(self, mobile: str, one: Extension, other: Extension) -> None:
        super().__init__(
            f"{mobile} would be the mobile of both {one} and {other}: leave it with "
            "one, and give the other its own with `telefonist extension change`."
        )


class UnknownCallError(StoreError):
    """No call with this id was ever begun."""

    def __init__(self, call: CallId) -> None:
        super().__init__(
            f"There is no call {call} in the store: "
            "`telefonist calls list` shows those there are."
        )


class CallTakenError(StoreError):
    """A call with this id was begun before."""

    def __init__(self, call: CallId) -> None:
        super().__init__(
            f"Call {call} is already in the store: give each call an id of its own."
        )


class LeaseLostError(StoreError):
    """Something was to be changed that another program has in hand by now."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Another program has {name} in hand by now: this one leaves them alone."
        )


class Who(StrEnum):
    """Whose turn it was, and keys apart from speech."""

    CALLER = "caller"
    ATTENDANT = "attendant"
    KEYS = "keys"


@dataclass(frozen=True, slots=True)
class Listing:
    """A line of the staff directory; `coupled` lets the calendar divert the phone."""

    extension: Extension
    name: str
    unit: str = ""
    coupled: bool = False
    mobiles: tuple[str, ...] = ()
    """In their normal form, +46701234567; each is tied to this extension alone."""
    search: tuple[str, ...] = ()
    """What else callers may ask for: nicknames, and other words for a place."""


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


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change: `event` names what happened, `by` the mouth or person behind it."""

    at: datetime
    extension: Extension
    by: str
    event: str
    before: tuple[Divert, ...]
    after: tuple[Divert, ...]


class Diverts(Protocol):
    """The diverts of every extension."""

    async def apply(
        self, extension: Extension, decide: Decide, now: datetime, by: str
    ) -> Event:
        """Decide on what stands, store what came of it and return the event.

        One extension's commands come one after the other, in every process that
        shares the store; when `decide` raises, nothing has happened.
        """
        ...

    async def standing(self, extension: Extension) -> Standing:
        """Return what stands on an extension; every instant comes back as UTC."""
        ...

    async def everyone(self) -> Mapping[Extension, Standing]:
        """Return what stands on each extension of the directory, at one moment."""
        ...


class Directory(Protocol):
    """Who has which extension; each change is on the audit trail."""

    async def add(self, listing: Listing, now: datetime, by: str) -> None:
        """Add one extension, unless it is there already."""
        ...

    async def put(self, listings: Sequence[Listing], now: datetime, by: str) -> None:
        """Add or change many, all or none; diverts are left as they stand."""
        ...

    async def remove(self, extension: Extension, now: datetime, by: str) -> None:
        """Remove an extension together with its diverts; its calls and audit stay."""
        ...

    async def find(self, extension: Extension) -> Listing:
        """Return one line of the directory."""
        ...

    async def list(self) -> tuple[Listing, ...]:
        """Return the directory, by number."""
        ...

    async def holder(self, mobile: str) -> Extension | None:
        """Return whom a mobile is tied to; None is nobody."""
        ...

    async def revision(self) -> int:
        """Return a number that grows when what anybody is called or found by changes.

        It is the same in every process that shares the store, and cheap to ask for.
        """
        ...


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


class Audit(Protocol):
    """Every change there has been; it can only be read."""

    async def entries(
        self, extension: Extension | None = None, limit: int = 100
    ) -> tuple[AuditEntry, ...]:
        """Return the latest changes, the last one first."""
        ...


@dataclass(frozen=True, slots=True)
class Store:
    """All that the house remembers."""

    diverts: Diverts
    directory: Directory
    transcripts: Transcripts
    audit: Audit
    credentials: Credentials
    links: Links
    bookings: OwnBookings
    leases: Leases
    under: Callable[[Lease], "Store"]
    """The same store, whose diverts, links and bookings change only under a lease.

    Once the lease is not ours any more, LeaseLostError is raised and nothing changes.
    """
