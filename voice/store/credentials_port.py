"""What we ask of any database about PINs: their hashes, and the wrong tries of each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

from voice.divert.model import Extension


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong tries since the last right one, and until when no more are taken."""

    wrong: int = 0
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """What a PIN is checked against; the hash is shown nowhere."""

    hash: str = field(repr=False)
    tries: Tries = Tries()


@dataclass(frozen=True, slots=True)
class Counted:
    """What the tries become, and what the audit trail tells of it, if anything."""

    tries: Tries
    event: str | None = None


Count: TypeAlias = Callable[[Tries], Counted]


class Credentials(Protocol):
    """The PIN of each extension that has one; they go when the extension goes."""

    async def find(self, extension: Extension) -> Credential | None:
        """Return what the PIN is checked against; None where there is none."""
        ...

    async def put(
        self, extension: Extension, kept: str, now: datetime, by: str
    ) -> None:
        """Keep the hash of a new PIN; wrong tries of an earlier one are forgotten."""
        ...

    async def remove(self, extension: Extension, now: datetime, by: str) -> None:
        """Forget a PIN; removing one twice is not an error."""
        ...

    async def count(
        self, extension: Extension, count: Count, now: datetime, by: str
    ) -> Credential | None:
        """Change the tries, and return what there was before; None where no PIN is.

        One extension's tries are counted one after the other, in every process that
        shares the store.
        """
        ...
