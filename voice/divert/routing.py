"""Which divert counts now, and where a call to the phone then goes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from voice.divert.model import Divert, Mode, Site, Source
from voice.divert.workdays import returning


@dataclass(frozen=True, slots=True)
class Ring:
    """Nothing stands: put the call through."""


@dataclass(frozen=True, slots=True)
class Inform:
    """Put the call through; the divert is only information."""

    divert: Divert


@dataclass(frozen=True, slots=True)
class Announce:
    """Answer the call with the reason and the return; both None without an end.

    `opens` is the instant when the phone opens by itself, and `back` the return as
    it is spoken: a working day, and not in the middle of the next absence.
    """

    divert: Divert
    opens: datetime | None
    back: datetime | None


Destination: TypeAlias = Ring | Inform | Announce


@dataclass(frozen=True, slots=True)
class Outlook:
    """What counts now, what then keeps the phone closed, and what begins next."""

    counts: Divert | None = None
    then: Divert | None = None
    coming: Divert | None = None


def outlook(diverts: Sequence[Divert], now: datetime) -> Outlook:
    """Say what stands on a phone, now and after that."""
    counts = counting(diverts, now)
    return Outlook(counts, _then(counts, diverts), coming(diverts, now))


def coming(diverts: Iterable[Divert], now: datetime) -> Divert | None:
    """Return the divert that is the next to begin."""
    ahead = (divert for divert in standing(diverts, now) if divert.start > now)
    return min(ahead, key=lambda divert: (divert.start, divert.reason), default=None)


def standing(diverts: Iterable[Divert], now: datetime) -> tuple[Divert, ...]:
    """Return the diverts that hold now or will: neither opened nor past."""
    return tuple(d for d in diverts if not (d.opened or d.ended(now)))


def counting(diverts: Iterable[Divert], now: datetime) -> Divert | None:
    """Return the divert that counts: closed first, then the one a person set last."""
    holding = (divert for divert in diverts if divert.holds(now))
    return min(holding, key=lambda divert: _rank(divert, now), default=None)


def route(diverts: Sequence[Divert], site: Site, now: datetime) -> Destination:
    """Say what becomes of a call that comes now."""
    divert = counting(diverts, now)
    if divert is None:
        return Ring()
    if divert.mode is Mode.INFORMING:
        return Inform(divert)
    until = opens(diverts, now, site.chain_gap)
    return Announce(divert, until, _back(until, diverts, site))


def opens(
    diverts: Iterable[Divert], now: datetime, gap: timedelta = timedelta()
) -> datetime | None:
    """Return when the phone opens by itself: `now` if it is open, None if never.

    Openings of at most `gap` between two diverts are too short to count.
    """
    closed = [d for d in diverts if d.mode is Mode.CLOSED and not d.opened]
    until = now.astimezone(UTC)
    if not any(divert.holds(now) for divert in closed):
        return until
    for divert in sorted(closed, key=lambda divert: divert.start):
        if divert.start > until + gap:
            break
        if divert.until is None:
            return None
        until = max(until, divert.until)
    return until


def _then(counts: Divert | None, diverts: Iterable[Divert]) -> Divert | None:
    if counts is None or counts.mode is Mode.INFORMING or counts.until is None:
        return None
    after = counting(diverts, counts.until)
    return after if after and after.mode is Mode.CLOSED else None


def _rank(divert: Divert, now: datetime) -> tuple[bool, bool, timedelta, datetime, str]:
    by_calendar = divert.source is Source.CALENDAR
    # When a booking was read says nothing of which one its owner means.
    age = timedelta() if by_calendar else now - divert.set_at
    # The last part only makes the choice the same whatever order they come in.
    order = f"{divert.reason} {divert.entry} {divert.until} {divert.source}"
    return divert.mode is Mode.INFORMING, by_calendar, age, divert.start, order


def _back(
    until: datetime | None, diverts: Sequence[Divert], site: Site
) -> datetime | None:
    """Move a return past days off, and past absences that begin where it lands."""
    while until is not None:
        spoken = returning(until, site.red_days)
        after = opens(diverts, spoken, site.chain_gap)
        if after == spoken:
            return spoken
        until = after
    return None
