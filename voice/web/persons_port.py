"""What administrators ask of the house about all that is held on one person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voice.divert.model import Extension
from voice.store.retention_port import Named


@dataclass(frozen=True, slots=True)
class Remnant:
    """What we wrote into somebody's calendar that may be left there: when it begins."""

    extension: Extension
    starts: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much of a person was erased, and what may be left in their calendar."""

    calls: int
    mentions: int
    remnants: tuple[Remnant, ...]


class Persons(Protocol):
    """Those in the directory, with all that is held on them."""

    async def remove(
        self, extension: Extension, now: datetime, by: str
    ) -> tuple[Remnant, ...]:
        """Remove one from the directory, and what we wrote into their calendar."""
        ...

    async def export(
        self, extension: Extension, is_masked: bool, now: datetime, by: str
    ) -> bytes:
        """Return all that is held on one, in JSON; the trail tells who asked.

        Masked, nobody's name and no personal number is in it.
        """
        ...

    async def erase(self, whose: Named, now: datetime, by: str) -> Forgotten:
        """Erase all that is held on one, with a receipt on the trail.

        Of somebody who has left the directory, the name is to be given.
        """
        ...
