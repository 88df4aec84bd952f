"""What a store in memory holds."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from voice.divert.model import Divert, Extension, Standing
from voice.store.accounts_port import Account, Login
from voice.store.counts_port import Heard, Understanding
from voice.store.credentials_port import Credential
from voice.store.hooks_port import Hooked, HookId
from voice.store.keys_port import ApiKey
from voice.store.leases_port import Lease
from voice.store.links_port import Kept, Link, OwnBooking, Progress
from voice.store.live_port import What
from voice.store.marks_port import Misheard
from voice.store.port import AuditEntry, Call, CallId, LeaseLostError, Listing, Turn
from voice.store.repeats_port import Earlier
from voice.store.sessions_port import Session
from voice.store.understanding import together, understandings
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
    marks: dict[tuple[CallId, int], Misheard] = field(default_factory=dict)
    feed: list[tuple[What, CallId, int | None]] = field(default_factory=list)
    understanding: dict[tuple[date, Heard], Understanding] = field(default_factory=dict)
    outcomes: Counter[tuple[date, str]] = field(default_factory=Counter)
    audit: list[AuditEntry] = field(default_factory=list)
    revisions: Counter[str] = field(default_factory=Counter)
    accounts: dict[Login, Account] = field(default_factory=dict)
    passwords: dict[Login, Credential] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    """By the digest of their ids."""
    keys: dict[str, tuple[str, ApiKey]] = field(default_factory=dict)
    """By name, with the digest of their secrets."""
    hooks: dict[HookId, Hooked] = field(default_factory=dict)
    repeats: dict[tuple[str, str], tuple[datetime, Earlier]] = field(
        default_factory=dict
    )
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
        for login, account in self.accounts.items():
            if account.extension == extension:
                self.accounts[login] = replace(account, extension=None)

    def end_sessions(self, login: Login) -> None:
        """End all sessions of an account."""
        for key, session in list(self.sessions.items()):
            if session.login == login:
                del self.sessions[key]

    def note(
        self, now: datetime, extension: Extension, by: str, what: str, detail: str = ""
    ) -> None:
        """Write on the trail a change that leaves the diverts as they stand."""
        stands = self.stands(extension)
        entry = AuditEntry(in_utc(now), extension, by, what, stands, stands)
        self.audit.append(replace(entry, detail=detail))

    def tell(self, what: What, call: CallId, turn: int | None = None) -> None:
        """Tell those who follow calls what happens in one."""
        self.feed.append((what, call, turn))

    def count(self, day: date, outcome: str, turns: Iterable[Turn]) -> None:
        """Count how a call went."""
        self.outcomes[day, outcome] += 1
        for each in understandings(day, turns):
            key = each.day, each.heard
            before = self.understanding.get(key, Understanding(*key))
            self.understanding[key] = together(before, each)

    def erase(self, call: CallId) -> None:
        """Let go of a call with all that was said in it."""
        del self.calls[call], self.turns[call]
        for key in [key for key in self.marks if key[0] == call]:
            del self.marks[key]
