"""What we ask of any database about the staff directory."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from voice.divert.model import Extension


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
    mail: str = ""
    """In small letters; it is tied to this extension alone."""


ListingCheck: TypeAlias = Callable[[Mapping[Extension, Listing]], None]
"""Is shown the directory in the same moment, and raises to stop a change of it."""


class Directory(Protocol):
    """Who has which extension; each change is on the audit trail."""

    async def add(self, listing: Listing, now: datetime, by: str) -> None:
        """Add one extension, unless it is there already."""
        ...

    async def put(
        self,
        listings: Sequence[Listing],
        now: datetime,
        by: str,
        gone: Set[Extension] = frozenset(),
        check: ListingCheck | None = None,
    ) -> None:
        """Add or change many, all or none; diverts are left as they stand.

        Those in `gone` are removed with it, as `remove` does. Nothing is changed
        where the check raises.
        """
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

    async def holder(self, contact: str) -> Extension | None:
        """Return whom a mobile or a mail address is tied to; None is nobody."""
        ...

    async def revision(self, whole: bool = False) -> int:
        """Return a number that grows when what anybody is called or found by changes.

        With `whole`, one that grows when anything in the directory does. Both are the
        same in every process that shares the store, and cheap to ask for.
        """
        ...
