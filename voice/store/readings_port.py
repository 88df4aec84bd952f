"""What we ask of any database about how the reading of all calendars goes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voice.store.links_port import Linked


@dataclass(frozen=True, slots=True)
class ReadingsFound:
    """How the calendars are read that phones follow."""

    count: int = 0
    unread: int = 0
    """How many of them have never been read."""
    oldest: datetime | None = None
    """When the one was read that was read longest ago."""
    wrong: int = 0
    """How many are not read as they should be."""
    worst: tuple[Linked, ...] = ()
    """Some of these, first those that have failed longest."""


class Readings(Protocol):
    """How the reading of all calendars goes, told without a look at each."""

    async def of_all(self, stale: datetime, limit: int = 100) -> ReadingsFound:
        """Return how it goes; what was read before an instant is too old."""
        ...
