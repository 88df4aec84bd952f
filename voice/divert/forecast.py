"""What a day to come is like on a phone: what counts when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from voice.divert.model import Divert, Site
from voice.divert.routing import counting
from voice.divert.walltime import at, local
from voice.divert.workdays import next_working

Span: TypeAlias = tuple[datetime, datetime]
"""From an instant up to another one."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a day through which one divert counts.

    `start` and `until` are None where it has begun before, or goes on after.
    """

    divert: Divert
    start: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """A day, or what is left of today, and its stretches in order."""

    day: date
    stretches: tuple[Stretch, ...]
    is_today: bool = False


def left_of_today(now: datetime) -> Span:
    """Return the time from now until midnight."""
    return now, _midnight(local(now).date() + _DAY)


def coming_day(site: Site, now: datetime) -> Span:
    """Return the next working day, from midnight to midnight."""
    day = next_working(local(now).date(), site.red_days)
    return _midnight(day), _midnight(day + _DAY)


def forecast(diverts: Sequence[Divert], span: Span, now: datetime) -> Forecast:
    """Say what a day will be like; what has passed of it is left out."""
    day = local(span[0]).date()
    is_today = day == local(now).date()
    found = _stretches(diverts, *span)
    if not is_today:
        # Who is back when work begins is not away on that day.
        found = tuple(each for each in found if not _is_over(each, at(day)))
    return Forecast(day, found, is_today)


def _is_over(stretch: Stretch, work: datetime) -> bool:
    return stretch.start is None and stretch.until is not None and stretch.until <= work


def _midnight(day: date) -> datetime:
    return at(day, time())


def _stretches(
    diverts: Sequence[Divert], begins: datetime, ends: datetime
) -> tuple[Stretch, ...]:
    edges = {edge for each in diverts for edge in (each.start, each.until) if edge}
    turns = sorted({begins, *(edge for edge in edges if begins < edge < ends)})
    found: list[Stretch] = []
    for turn, after in zip(turns, [*turns[1:], ends], strict=True):
        divert = counting(diverts, turn)
        if divert is None:
            continue
        until = None if after == ends else after
        if found and found[-1].divert == divert and found[-1].until == turn:
            found[-1] = replace(found[-1], until=until)
        else:
            start = None if turn == begins and divert.start <= begins else turn
            found.append(Stretch(divert, start, until))
    return tuple(found)
