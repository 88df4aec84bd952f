"""Calendar bookings, and the diverts that a site's rules make of them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from voice.divert.model import (
    Divert,
    Entry,
    EntryKey,
    Extension,
    Kind,
    Mark,
    Mode,
    Reason,
    ReasonCode,
    Site,
    Slip,
    Source,
)
from voice.divert.walltime import at, local
from voice.divert.workdays import is_working, next_working

# A code and its sign, once compatibility forms (a full-width colon, an Ä in two
# parts) have become the plain ones.
_MARKED = re.compile(r"\s*(\w+)\s*([:;])")
_SIGNED = re.compile(r"\b(\w+)\s*[:;]")
_FIRST = re.compile(r"\s*(\w+)\b")
# Further into a subject nobody writes a code.
_LOOKED_AT = 500
_MODES = {":": Mode.CLOSED, ";": Mode.INFORMING}
# The hours when even those with flexible hours are at work: who is away through
# them is away for the day.
_CORE_BEGINS, _CORE_ENDS = time(9), time(15)


@dataclass(frozen=True, slots=True)
class _Span:
    """One or more bookings as one absence, by the first one's key and code."""

    key: EntryKey
    mark: Mark
    start: datetime
    until: datetime
    series: str | None


def mark(subject: str, reasons: Mapping[ReasonCode, Reason]) -> Mark | None:
    """Return the code that stands first in a subject, with its colon or semicolon."""
    marked = _MARKED.match(_begins(subject))
    codes = {_plain(code): code for code in reasons}
    if marked is None or marked[1] not in codes:
        return None
    return Mark(codes[marked[1]], _MODES[marked[2]])


def without_code(subject: str, reasons: Mapping[ReasonCode, Reason]) -> str:
    """Return a subject without the code that stands first, and without its sign."""
    while mark(subject, reasons) is not None:
        subject = _after_sign(subject, reasons)
    return subject


def _after_sign(subject: str, reasons: Mapping[ReasonCode, Reason]) -> str:
    # Cut as it was written: in its plain form it can be longer or shorter.
    lengths = range(1, len(subject) + 1)
    ends = next(end for end in lengths if mark(subject[:end], reasons) is not None)
    return subject[ends:].lstrip()


def slip(subject: str, reasons: Mapping[ReasonCode, Reason]) -> Slip | None:
    """Name what keeps a code in a subject from being one, None where nothing does."""
    begins, codes = _begins(subject), set(map(_plain, reasons))
    marked = _MARKED.match(begins)
    if marked is not None and marked[1] in codes:
        return None
    first = _FIRST.match(begins)
    if first is not None and first[1] in codes:
        return Slip.NO_SIGN
    later = any(word[1] in codes for word in _SIGNED.finditer(begins))
    return Slip.NOT_FIRST if later else None


def unmarked_why(entry: Entry) -> str | None:
    """Name what keeps a booking from being a divert, None when it is one."""
    # Private comes first: nothing else of such a booking is anyone's business.
    named = (
        ("private", entry.private),
        ("ours", entry.ours),
        ("cancelled", entry.cancelled),
        ("declined", entry.declined),
        ("all_day", entry.all_day),
        ("no_code", entry.mark is None),
        ("no_length", _utc(entry.end) <= _utc(entry.start)),
    )
    for why, is_so in named:
        if is_so:
            return why
    return None


def wanted(
    entries: Iterable[Entry], extension: Extension, site: Site
) -> tuple[Divert, ...]:
    """Return the diverts that a person's bookings ask for, in order of time.

    Bookings that have passed take part: they give the later ones that they chain
    with their code and key, so read from before the present absence began. `set_at`
    is the start, so that two readings of one calendar are equal.
    """
    spans = sorted(_spans(entries), key=lambda span: (span.start, span.until, span.key))
    if site.joins_days:
        spans = _joined_over_days(spans, site)
    chained: dict[Mode, list[_Span]] = {mode: [] for mode in Mode}
    for span in spans:
        before = chained[span.mark.mode]
        if before and span.start - before[-1].until <= site.chain_gap:
            before[-1] = _longer(before[-1], span)
        else:
            before.append(span)
    diverts = (_divert(span, extension) for mode in Mode for span in chained[mode])
    return tuple(sorted(diverts, key=lambda divert: divert.start))


def _spans(entries: Iterable[Entry]) -> Iterator[_Span]:
    for entry in entries:
        if entry.mark is not None and unmarked_why(entry) is None:
            start, until = _utc(entry.start), _utc(entry.end)
            yield _Span(entry.key, entry.mark, start, until, entry.series)


def _joined_over_days(spans: Sequence[_Span], site: Site) -> list[_Span]:
    """Join days off that follow each other with no working time between them."""
    joined: list[_Span] = []
    # Where the last one of each mode and reason is. An earlier one has had work after
    # it, or the last would have joined it, so only the last can go on.
    last: dict[tuple[Mode, ReasonCode], int] = {}
    for span in spans:
        if not _is_by_date(span, site):
            joined.append(span)
            continue
        alike = [place for place in last.values() if _goes_on(joined[place], span)]
        resting = (place for place in alike if _rests(joined[place], span, site))
        place = min(resting, default=None)
        if place is None:
            last[span.mark.mode, span.mark.reason] = len(joined)
            joined.append(span)
        else:
            joined[place] = _longer(joined[place], span)
    return joined


def _is_by_date(span: _Span, site: Site) -> bool:
    reason = site.reasons.get(span.mark.reason)
    return reason is not None and reason.kind is Kind.DATE


def _goes_on(before: _Span, span: _Span) -> bool:
    """Tell whether two absences by date are of one kind, or of one series."""
    in_series = span.series is not None and span.series == before.series
    same_mode = before.mark.mode is span.mark.mode
    return same_mode and (in_series or before.mark.reason == span.mark.reason)


def _rests(before: _Span, span: _Span, site: Site) -> bool:
    """Tell whether there is no work between two absences, the later one second."""
    return span.start <= before.until or not _works(before.until, span.start, site)


def _works(leaves: datetime, returns: datetime, site: Site) -> bool:
    """Tell whether core hours of a working day lie between two instants."""
    day = local(leaves).date()
    if not is_working(day, site.red_days) or at(day, _CORE_ENDS) <= leaves:
        day = next_working(day, site.red_days)
    return at(day, _CORE_BEGINS) < returns


def _longer(before: _Span, span: _Span) -> _Span:
    return before if span.until <= before.until else replace(before, until=span.until)


def _divert(span: _Span, extension: Extension) -> Divert:
    return Divert(
        extension=extension,
        reason=span.mark.reason,
        start=span.start,
        until=span.until,
        mode=span.mark.mode,
        source=Source.CALENDAR,
        set_at=span.start,
        entry=span.key,
    )


def _begins(subject: str) -> str:
    """Return the beginning of a subject as people see it."""
    begins = _plain(subject.lstrip()[:_LOOKED_AT])
    # Marks of direction, and of width none, come with what is pasted; nobody sees them.
    return "".join(sign for sign in begins if unicodedata.category(sign) != "Cf")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)
