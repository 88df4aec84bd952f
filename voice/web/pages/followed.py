"""How the reading of people's calendars goes, as it is told to who looks after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from voice.divert.model import Extension
from voice.store.links_port import Linked
from voice.store.readings_port import ReadingsFound

# Staler than what is promised, a reading is shown among those to look at.
STALE = timedelta(minutes=10)
MOST = 100
"""More calendars with faults are counted, and not shown."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A calendar that is not read as it should be."""

    extension: Extension
    name: str
    fault: str
    """A key of words."""
    remedy: str
    """What the calendar's connector says is to be done."""
    since: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Followed:
    """How many calendars are followed, and which are not read as they should be."""

    count: int
    oldest: datetime | None
    """When the one was read that was read longest ago."""
    unread: int
    troubles: tuple[Trouble, ...]
    more: int
    """How many troubles are not among these."""

    @property
    def wrong(self) -> int:
        """How many are not read as they should be."""
        return len(self.troubles) + self.more


def followed(
    found: ReadingsFound, names: Mapping[Extension, str], now: datetime
) -> Followed:
    """Return how the calendars are that phones follow."""
    return Followed(
        count=found.count,
        oldest=found.oldest,
        unread=found.unread,
        troubles=tuple(_trouble(each, names, now) for each in found.worst),
        more=found.wrong - len(found.worst),
    )


def fault_of(linked: Linked, now: datetime) -> str:
    """Return the words for what is wrong; none where all is well."""
    progress = linked.progress
    if progress.fault:
        return FAULTS.get(progress.fault, "calendar_fault.other")
    if progress.doubted_at is not None:
        return "calendar_fault.doubted"
    if progress.read_at is None:
        return "calendar_fault.unread"
    return "calendar_fault.stale" if now - progress.read_at > STALE else ""


FAULTS = {
    "AccessDeniedError": "calendar_fault.denied",
    "MissingError": "calendar_fault.missing",
    "BusyError": "calendar_fault.busy",
    "BrokenAnswerError": "calendar_fault.broken",
    "RefusedError": "calendar_fault.broken",
    "BrokenPromiseError": "calendar_fault.broken",
    "ReadOnlyError": "calendar_fault.read_only",
}
"""Keys of words, by what a reading ended in."""


def _trouble(linked: Linked, names: Mapping[Extension, str], now: datetime) -> Trouble:
    extension, progress = linked.link.extension, linked.progress
    return Trouble(
        extension=extension,
        name=names.get(extension, ""),
        fault=fault_of(linked, now),
        remedy=progress.remedy,
        since=progress.failing_since or progress.doubted_at,
        read_at=progress.read_at,
    )
