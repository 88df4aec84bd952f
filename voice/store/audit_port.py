"""What we ask of any database about the changes there have been."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voice.divert.model import Divert, Extension


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change: `event` names what happened, `by` the mouth or person behind it.

    A change that concerns no extension has an empty one.
    """

    at: datetime
    extension: Extension
    by: str
    event: str
    before: tuple[Divert, ...]
    after: tuple[Divert, ...]
    subject: str = ""
    """What was changed, where that is no extension: a setting, an account, a call."""
    detail: str = ""
    """What the change was; nothing that is a secret, and nothing that was spoken."""


@dataclass(frozen=True, slots=True)
class ChangesWanted:
    """Which changes are sought; what is None may be anything."""

    extension: Extension | None = None
    by: str | None = None
    """The mouth and the person together, as the trail has them."""
    hand: str | None = None
    """A mouth, whoever it was, or a person, by whichever mouth."""
    event: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """The first instant that is too late."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A change, and its number on the trail."""

    number: int
    entry: AuditEntry


@dataclass(frozen=True, slots=True)
class ChangesFound:
    """Some of what was sought, the last change first."""

    changes: tuple[Noted, ...]
    more: bool
    """Whether there are others, before the last of these."""


class Audit(Protocol):
    """Every change there has been; it can be read, and added to."""

    async def entries(
        self, extension: Extension | None = None, limit: int = 100
    ) -> tuple[AuditEntry, ...]:
        """Return the latest changes, the last one first."""
        ...

    async def find(
        self, wanted: ChangesWanted, before: int | None = None, limit: int = 50
    ) -> ChangesFound:
        """Return the latest changes that are sought, before one by its number."""
        ...

    async def note(self, entry: AuditEntry) -> None:
        """Write down a change that was made elsewhere than in the store."""
        ...
