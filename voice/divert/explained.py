"""What the rules make of each booking, and why, without a word of its text."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from voice.divert.agenda import unmarked_why, wanted
from voice.divert.model import Divert, Entry, Extension, Mode, Site


@dataclass(frozen=True, slots=True)
class Counted:
    """Which bookings a site lets divert besides those that are sure and busy."""

    free: bool = True
    tentative: bool = True

    def why_not(self, entry: Entry) -> str | None:
        """Name what keeps a booking from being a divert, None when it is one."""
        if entry.free and not self.free:
            return unmarked_why(entry) or "free"
        if entry.tentative and not self.tentative:
            return unmarked_why(entry) or "tentative"
        return unmarked_why(entry)


@dataclass(frozen=True, slots=True)
class Explained:
    """A booking, and either the divert that it is a part of or why it is none."""

    entry: Entry
    why: str | None
    divert: Divert | None


def explained(
    entries: Iterable[Entry], extension: Extension, site: Site, counted: Counted
) -> tuple[tuple[Explained, ...], tuple[Divert, ...]]:
    """Explain each booking, by time; and return the diverts that they ask for."""
    reasons = [
        (entry, why_none(entry, counted)) for entry in sorted(entries, key=_time)
    ]
    diverting = [entry for entry, why in reasons if why is None]
    diverts = wanted(diverting, extension, site)
    of_mode = {mode: [d for d in diverts if d.mode is mode] for mode in Mode}
    told = (
        Explained(e, why, None if why else _part_of(e, of_mode)) for e, why in reasons
    )
    return tuple(told), diverts


def why_none(entry: Entry, counted: Counted) -> str | None:
    """Name what keeps a booking from being a divert, a slip in its subject included."""
    why = counted.why_not(entry)
    # What nearly is a code says more than that there is none.
    return entry.slip.value if why == "no_code" and entry.slip else why


def _part_of(entry: Entry, of_mode: dict[Mode, list[Divert]]) -> Divert | None:
    """Return the divert that a booking is a part of: the last to begin before it."""
    if entry.mark is None:
        return None
    diverts = of_mode[entry.mark.mode]
    place = bisect_right(diverts, entry.start, key=attrgetter("start"))
    return diverts[place - 1]


def _time(entry: Entry) -> tuple[object, ...]:
    return entry.start.timestamp(), entry.end.timestamp(), entry.key
