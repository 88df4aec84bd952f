"""What we ask of any database about the keys of other programs, and what each opens."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType, Protocol

KeySecret = NewType("KeySecret", str)
"""What a program proves itself with: random, 256 bits, kept as its digest alone."""

# Used again sooner than this is not written down.
USED_EVERY = timedelta(hours=1)


class Scope(StrEnum):
    """What a key opens."""

    DIVERTS_READ = "diverts:read"
    DIVERTS_WRITE = "diverts:write"
    DIRECTORY_READ = "directory:read"
    ROUTES_READ = "routes:read"
    TRANSCRIPTS_READ = "transcripts:read"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret, which is shown once and kept nowhere."""

    name: str
    scopes: frozenset[Scope]
    created: datetime
    expires: datetime | None = None
    last_used: datetime | None = None
    """To the hour: whether a key is still used at all."""


class Keys(Protocol):
    """The keys of other programs; each that is made or removed is on the trail."""

    async def add(self, key: ApiKey, secret: KeySecret, now: datetime, by: str) -> None:
        """Keep a new key; KeyTakenError where one has its name."""
        ...

    async def find(self, secret: KeySecret) -> ApiKey | None:
        """Return the key with this secret, also one that has expired; None is none."""
        ...

    async def used(self, name: str, now: datetime) -> None:
        """Say that it is used; this is written down at most once an hour."""
        ...

    async def list(self) -> tuple[ApiKey, ...]:
        """Return every key, by name."""
        ...

    async def remove(self, name: str, now: datetime, by: str) -> None:
        """Remove a key; removing it twice is not an error."""
        ...
