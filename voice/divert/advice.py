"""What keeps bookings from closing their owner's phone, for the owner's ears alone."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from voice.divert.explained import Counted, why_none
from voice.divert.forecast import Span
from voice.divert.model import Entry, Kind, ReasonCode, Site


class Snag(StrEnum):
    """What is wrong with a booking; each has its remedy."""

    NO_SIGN = "no_sign"
    NOT_FIRST = "not_first"
    ALL_DAY = "all_day"
    NO_LENGTH = "no_length"
    FREE = "free"
    TENTATIVE = "tentative"
    SERIES = "series"
    """It diverts, day by day: callers are not told the true return."""
    PRIVATE = "private"
    """Nothing else of it is known, and so not whether it has a code."""


NOTED = (Snag.NO_SIGN, Snag.NOT_FIRST, Snag.ALL_DAY)
"""What an owner can be told of unasked: it was meant to divert, and can be mended."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One snag, and the booking that has it: when it is, and its code if known."""

    snag: Snag
    start: datetime
    end: datetime
    reason: ReasonCode | None = None


def advice(
    entries: Sequence[Entry], spans: Sequence[Span], site: Site, counted: Counted
) -> tuple[Advice, ...]:
    """Return the snags of the bookings that touch any of the spans, in order of time.

    A series has a snag once, and all private bookings share one, which comes last.
    """
    found: dict[tuple[Snag, str], Advice] = {}
    times = Counter(entry.series for entry in entries if entry.series)
    for entry in sorted(entries, key=lambda entry: (entry.start, entry.key)):
        snag = _snag(entry, times[entry.series or ""] > 1, site, counted)
        if snag is not None and touches(entry, spans):
            told = Advice(snag, entry.start, entry.end, _reason(entry))
            found.setdefault((snag, _shared(snag, entry)), told)
    # Sorting keeps the order of time among those that are alike.
    return tuple(sorted(found.values(), key=lambda told: told.snag is Snag.PRIVATE))


def touches(entry: Entry, spans: Iterable[Span]) -> bool:
    """Tell whether a booking has any of its time in any of the spans."""
    return any(entry.start < end and start < entry.end for start, end in spans)


def _snag(entry: Entry, repeats: bool, site: Site, counted: Counted) -> Snag | None:
    why = why_none(entry, counted)
    if why is None:
        return Snag.SERIES if repeats and _is_day_by_day(entry, site) else None
    has_code = entry.private or entry.mark or entry.slip
    return Snag(why) if has_code and why in set(Snag) else None


def _is_day_by_day(entry: Entry, site: Site) -> bool:
    """Tell whether days off are announced one by one where they stand in a row."""
    reason = None if entry.mark is None else site.reasons.get(entry.mark.reason)
    return not site.joins_days and reason is not None and reason.kind is Kind.DATE


def _shared(snag: Snag, entry: Entry) -> str:
    """Return what bookings with one snag have in common when it is told only once."""
    return "" if snag is Snag.PRIVATE else entry.series or entry.key


def _reason(entry: Entry) -> ReasonCode | None:
    return None if entry.mark is None else entry.mark.reason
