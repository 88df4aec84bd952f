"""What we ask of any database, in our own words."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from voice.divert.model import Event, Extension, Standing
from voice.errors import VoiceError
from voice.store.accounts_port import Accounts, Passwords
from voice.store.audit_port import Audit as Audit
from voice.store.audit_port import AuditEntry as AuditEntry
from voice.store.calls_port import Call as Call
from voice.store.calls_port import CallId as CallId
from voice.store.calls_port import Transcripts as Transcripts
from voice.store.calls_port import Turn as Turn
from voice.store.calls_port import Who as Who
from voice.store.counts_port import Counts
from voice.store.credentials_port import Credentials
from voice.store.directory_port import Directory as Directory
from voice.store.directory_port import Listing as Listing
from voice.store.hooks_port import Hooks
from voice.store.keys_port import Keys
from voice.store.leases_port import Lease, Leases
from voice.store.links_port import Links, OwnBookings
from voice.store.live_port import Live
from voice.store.marks_port import Marks
from voice.store.readings_port import Readings
from voice.store.repeats_port import Repeats
from voice.store.retention_port import Retention
from voice.store.search_port import Search
from voice.store.sessions_port import Sessions

Decide: TypeAlias = Callable[[Standing], Event]


class StoreError(VoiceError):
    """The store cannot do what was asked of it."""


class StoreAwayError(StoreError):
    """The store cannot be asked just now; in a while it may."""


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


class MailTakenError(StoreError):
    """A mail address would be tied to two extensions."""

    def __init__(self, mail: str, one: Extension, other: Extension) -> None:
        super().__init__(
            f"{mail} would be the mail of both {one} and {other}: leave it with "
            "one, and give the other its own with `telefonist extension change`."
        )


class UnknownCallError(StoreError):
    """No call with this id was ever begun."""

    def __init__(self, call: CallId) -> None:
        super().__init__(
            f"There is no call {call} in the store: "
            "`telefonist calls list` shows those there are."
        )


class UnknownTurnError(StoreError):
    """A call has no such turn."""

    def __init__(self, call: CallId, turn: int) -> None:
        super().__init__(
            f"Call {call} has no turn {turn}: "
            f"`telefonist calls show {call}` shows those it has."
        )


class CallGoingOnError(StoreError):
    """Somebody's calls are to be erased while one of them goes on."""

    def __init__(self, call: CallId) -> None:
        super().__init__(
            f"Call {call} still goes on: try again when it has ended. "
            "One that was broken off counts as ended within an hour."
        )


class CallTakenError(StoreError):
    """A call with this id was begun before."""

    def __init__(self, call: CallId) -> None:
        super().__init__(
            f"Call {call} is already in the store: give each call an id of its own."
        )


class LeaseLostError(StoreError):
    """What is to be done by one program is another's to do by now, or may be."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Another program may have {name} in hand by now: this one lets them be."
        )


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

    async def of(self, some: Collection[Extension]) -> Mapping[Extension, Standing]:
        """Return what stands on some, at one moment; who is not there is left out."""
        ...

    async def diverted(
        self, now: datetime, after: Extension | None = None, limit: int = 100
    ) -> tuple[Extension, ...]:
        """Return the first on whom anything stands or is to come, by number.

        With `after`, those that follow it.
        """
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
    readings: Readings
    search: Search
    live: Live
    marks: Marks
    counts: Counts
    retention: Retention
    accounts: Accounts
    passwords: Passwords
    sessions: Sessions
    keys: Keys
    hooks: Hooks
    repeats: Repeats
    leases: Leases
    under: Callable[[Lease], "Store"]
    """The same store, whose diverts, links and bookings change only under a lease.

    Once the lease is not ours any more, LeaseLostError is raised and nothing changes.
    """
