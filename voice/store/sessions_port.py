"""What we ask of any database about those who are logged in, and for how long."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NewType, Protocol

from voice.divert.model import Extension
from voice.store.accounts_port import Login, Role

SessionId = NewType("SessionId", str)
"""What a browser proves itself with: random, 256 bits, and kept as its digest alone."""

# Seen again sooner than this is not written down.
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in; roles and extension are the account's."""

    login: Login
    roles: frozenset[Role]
    extension: Extension | None
    csrf: str = field(repr=False)
    """What a form of ours proves itself with."""
    began: datetime
    seen: datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts, at most and unused."""

    longest: timedelta
    idle: timedelta


def is_over(session: Session, limits: Limits, now: datetime) -> bool:
    """Tell whether a session has come to one of its limits."""
    unused, since = now - session.seen, now - session.began
    return unused >= limits.idle or since >= limits.longest


class Sessions(Protocol):
    """Those who are logged in; their ids come back from nowhere."""

    async def begin(
        self, id: SessionId, login: Login, csrf: str, now: datetime
    ) -> Session:
        """Keep a new one; UnknownAccountError where nobody may log in by that name."""
        ...

    async def find(
        self, id: SessionId, limits: Limits, now: datetime
    ) -> Session | None:
        """Return the session; None where there is none, or it is over."""
        ...

    async def of(self, login: Login) -> tuple[Session, ...]:
        """Return those of an account, also if they are over; the first one first."""
        ...

    async def touch(self, id: SessionId, now: datetime) -> None:
        """Say that it is used; this is written down at most once a minute."""
        ...

    async def end(self, id: SessionId) -> None:
        """End one session; ending it twice is not an error."""
        ...

    async def end_all(self, login: Login) -> None:
        """End all sessions of an account."""
        ...

    async def sweep(self, limits: Limits, now: datetime) -> int:
        """Forget those that are over, and return how many they were."""
        ...
