"""What a day to come is like on a phone: what counts when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from voice.divert.model import Divert, Site
from voice.divert.routing import counting
from voice.divert.walltime import at, local
from voice.divert.workdays import next_working

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


def today(diverts: Sequence[Divert], now: datetime) -> Forecast:
    """Say what is left of today."""
    day = local(now).date()
    return Forecast(day, _stretches(diverts, now, _begins(day + _DAY)), is_today=True)


def coming_day(diverts: Sequence[Divert], site: Site, now: datetime) -> Forecast:
    """Say what the next working day will be like."""
    day = next_working(local(now).date(), site.red_days)
    found = _stretches(diverts, _begins(day), _begins(day + _DAY))
    # Who is back when work begins is not away on that day.
    work = at(day)
    return Forecast(day, tuple(each for each in found if not _is_over(each, work)))


def _is_over(stretch: Stretch, work: datetime) -> bool:
    return stretch.start is None and stretch.until is not None and stretch.until <= work


def _begins(day: date) -> datetime:
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
