"""How well was understood over time: added up, and measured for a picture."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce

from voice.store.counts_port import Understanding

WIDTH, HEIGHT = 720, 160
"""The field of the picture, without what is written round it."""
_GAP = 0.2
_MOST_TICKS = 8
_MOST_PARTS = 14


@dataclass(frozen=True, slots=True)
class Sum:
    """How often something was heard, and how well."""

    well: int = 0
    doubtful: int = 0
    missed: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(
            self.well + other.well,
            self.doubtful + other.doubtful,
            self.missed + other.missed,
        )

    @property
    def turns(self) -> int:
        """How often it was heard at all."""
        return self.well + self.doubtful + self.missed

    @property
    def rate(self) -> float | None:
        """The share that was understood for sure; None where nothing was heard."""
        return self.well / self.turns if self.turns else None


@dataclass(frozen=True, slots=True)
class Row:
    """What was heard at a place of the dialogue, or of one meaning."""

    key: str
    sum: Sum


@dataclass(frozen=True, slots=True)
class Word:
    """What was heard of one meaning, and how surely as time went."""

    command: str
    reason: str
    sum: Sum
    course: tuple[float | None, ...]
    """The rate of each part of the time, all as long; None where nothing was heard."""


@dataclass(frozen=True, slots=True)
class Column:
    """A day in the picture: three parts of one column, from the bottom up."""

    day: date
    sum: Sum
    x: float
    width: float
    well: float
    doubtful: float
    missed: float
    """How high each part is."""
    tick: bool
    """Whether the day is written below it."""


def by(
    found: Iterable[Understanding], key: Callable[[Understanding], str]
) -> tuple[Row, ...]:
    """Add up what was heard, by a key; what was missed most often comes first."""
    sums: dict[str, Sum] = {}
    for each in found:
        sums[key(each)] = sums.get(key(each), Sum()) + sum_of(each)
    rows = (Row(key, total) for key, total in sums.items())
    return tuple(
        sorted(rows, key=lambda row: (-row.sum.missed, -row.sum.turns, row.key))
    )


def columns(
    found: Sequence[Understanding], since: date, until: date
) -> tuple[Column, ...]:
    """Return the picture of some days, of which both are shown."""
    heard = {row.key: row.sum for row in by(found, lambda each: each.day.isoformat())}
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    every, room = -(-len(days) // _MOST_TICKS), WIDTH / len(days)
    return tuple(
        _column(day, heard.get(day.isoformat(), Sum()), n, room, n % every == 0)
        for n, day in enumerate(days)
    )


def words(found: Sequence[Understanding], since: date, until: date) -> tuple[Word, ...]:
    """Add up each meaning, and follow it over some days; what is missed has none."""
    each_of: dict[tuple[str, str], list[Understanding]] = {}
    for each in found:
        if each.heard.command:
            name = each.heard.command, each.heard.reason
            each_of.setdefault(name, []).append(each)
    heard = (
        Word(*name, total(those), _course(those, since, until))
        for name, those in each_of.items()
    )
    return tuple(
        sorted(heard, key=lambda word: (-word.sum.turns, word.command, word.reason))
    )


def _course(
    found: Sequence[Understanding], since: date, until: date
) -> tuple[float | None, ...]:
    days = (until - since).days + 1
    parts = min(days, _MOST_PARTS)
    sums = [Sum()] * parts
    for each in found:
        nth = (each.day - since).days * parts // days
        sums[nth] += sum_of(each)
    return tuple(each.rate for each in sums)


def total(found: Iterable[Understanding]) -> Sum:
    """Add up all of it."""
    return reduce(Sum.__add__, map(sum_of, found), Sum())


def sum_of(each: Understanding) -> Sum:
    """Return how one thing was heard."""
    return Sum(each.well, each.doubtful, each.missed)


def _column(day: date, heard: Sum, nth: int, room: float, tick: bool) -> Column:
    high = HEIGHT / heard.turns if heard.turns else 0.0
    return Column(
        day=day,
        sum=heard,
        x=round((nth + _GAP / 2) * room, 2),
        width=round(room * (1 - _GAP), 2),
        well=round(heard.well * high, 2),
        doubtful=round(heard.doubtful * high, 2),
        missed=round(heard.missed * high, 2),
        tick=tick,
    )
