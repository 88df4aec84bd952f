"""What a store in memory holds."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from voice.divert.model import Divert, Extension, Standing
from voice.store.credentials_port import Credential
from voice.store.leases_port import Lease
from voice.store.links_port import Kept, Link, OwnBooking, Progress
from voice.store.port import AuditEntry, Call, CallId, LeaseLostError, Listing, Turn
from voice.store.values import in_utc


@dataclass(frozen=True, slots=True)
class Contents:
    """All of it, shared by the parts of one store."""

    listings: dict[Extension, Listing] = field(default_factory=dict)
    standing: dict[Extension, Standing] = field(default_factory=dict)
    credentials: dict[Extension, Credential] = field(default_factory=dict)
    links: dict[Extension, tuple[Link, Progress]] = field(default_factory=dict)
    kept: dict[Extension, Kept] = field(default_factory=dict)
    bookings: dict[tuple[Extension, str], OwnBooking] = field(default_factory=dict)
    calls: dict[CallId, Call] = field(default_factory=dict)
    turns: dict[CallId, list[Turn]] = field(default_factory=dict)
    audit: list[AuditEntry] = field(default_factory=list)
    revisions: Counter[str] = field(default_factory=Counter)
    leases: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    under: Lease | None = None
    """What must still be ours when something is changed."""

    def check(self) -> None:
        """Let nothing be changed under a lease that is another's by now."""
        if self.under is not None:
            holder, _ = self.leases.get(self.under.name, (None, None))
            if holder != self.under.holder:
                raise LeaseLostError(self.under.name)

    def stands(self, extension: Extension) -> tuple[Divert, ...]:
        """Return the diverts of an extension."""
        return self.standing.get(extension, Standing()).diverts

    def forget(self, extension: Extension) -> None:
        """Let go of all that belongs to an extension, but its calls and its trail."""
        for part in (self.standing, self.credentials, self.links, self.kept):
            part.pop(extension, None)
        for of, key in list(self.bookings):
            if of == extension:
                del self.bookings[of, key]

    def note(self, now: datetime, extension: Extension, by: str, what: str) -> None:
        """Write on the trail a change that leaves the diverts as they stand."""
        stands = self.stands(extension)
        self.audit.append(AuditEntry(in_utc(now), extension, by, what, stands, stands))
