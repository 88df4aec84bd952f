"""Figures of what was heard: shares with their doubt, levels, curves, confusions."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

WIDTH = 1.96  # standard deviations: 95 %
TEN, THREE = 0.10, 0.03  # shares of foreign sounds that may be accepted
CURVE_POINTS = 60


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording, and what is to be heard in it."""

    file: Path
    text: str
    speaker: str
    source: str
    """Such as "people unheard": never one figure of two kinds."""
    phrases: str
    """The name of the list it is heard among."""
    listed: bool
    """Whether its text is in that list; otherwise it is to be refused."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in a clip on some line."""

    clip: Clip
    line: str
    text: str
    score: float

    @property
    def surety(self) -> float:
        """The score; below every level when no word was heard."""
        return self.score if self.text else -1.0

    @property
    def is_right(self) -> bool:
        """Tell whether the phrase is the one that was said."""
        return self.clip.listed and self.text == self.clip.text


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share; NaN of none."""
        return self.hits / self.of if self.of else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies by 95 % (Wilson 1927)."""
        if not self.of:
            return 0.0, 1.0
        square = WIDTH**2 / self.of
        middle = self.value + square / 2
        spread = math.sqrt(square * (self.value * (1 - self.value) + square / 4))
        low, high = (middle + side * spread for side in (-1, 1))
        return max(0.0, low / (1 + square)), min(1.0, high / (1 + square))


@dataclass(frozen=True, slots=True)
class Accepted:
    """What is accepted from a level upwards."""

    level: float
    right: Share
    wrong: Share
    """Accepted as another phrase than was said, of all that are in the list."""
    foreign: Share


@dataclass(frozen=True, slots=True)
class Group:
    """Whose sounds, heard among which phrases, on which line; one speaker or all."""

    source: str
    phrases: str
    line: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """All figures of one group."""

    group: Group
    best: Share
    """The best phrase right, refusing nothing."""
    ten: Accepted | None
    """At the level where one foreign sound of ten is accepted; None without any."""
    three: Accepted | None
    ask: Accepted | None
    do: Accepted | None
    curve: tuple[tuple[float, float], ...] = ()
    """Foreign accepted, right and accepted: from none to all."""


@dataclass(frozen=True, slots=True)
class Count:
    """How often something said was heard as something."""

    source: str
    said: str
    heard: str
    times: int


@dataclass(frozen=True, slots=True)
class Word:
    """How often one phrase was heard right, on all lines together."""

    source: str
    text: str
    right: Share


@dataclass(frozen=True, slots=True)
class Levels:
    """The scores from which a group is accepted."""

    ten: float | None
    three: float | None
    ask: float | None
    do: float | None


def levels_of(heard: Sequence[Heard], ask: float | None, do: float | None) -> Levels:
    """Return the shipped levels, and those at which few foreign sounds pass."""
    foreign = [one.surety for one in heard if not one.clip.listed]
    return Levels(level_at(foreign, TEN), level_at(foreign, THREE), ask, do)


def level_at(foreign: Iterable[float], rate: float) -> float | None:
    """Return the lowest level that at most this share of the scores reach.

    None where there are no scores: what is accepted of nothing says nothing.
    """
    ranked = sorted(foreign, reverse=True)
    if not ranked:
        return None
    allowed = math.floor(rate * len(ranked) + 1e-9)
    if allowed >= len(ranked):
        return 0.0
    return max(0.0, math.nextafter(ranked[allowed], math.inf))


def row(group: Group, heard: Sequence[Heard], levels: Levels) -> Row:
    """Return the figures of what was heard in one group."""
    listed = [one for one in heard if one.clip.listed]
    return Row(
        group,
        Share(sum(one.is_right for one in listed), len(listed)),
        accepted(heard, levels.ten),
        accepted(heard, levels.three),
        accepted(heard, levels.ask),
        accepted(heard, levels.do),
        () if group.speaker else curve(heard),
    )


def accepted(heard: Iterable[Heard], level: float | None) -> Accepted | None:
    """Count what reaches a level."""
    if level is None:
        return None
    counts: Counter[tuple[bool, bool, bool]] = Counter(
        (one.clip.listed, one.is_right, one.surety >= level) for one in heard
    )
    listed = sum(n for (inside, *_), n in counts.items() if inside)
    return Accepted(
        level,
        Share(counts[True, True, True], listed),
        Share(counts[True, False, True], listed),
        Share(counts[False, False, True], counts.total() - listed),
    )


def curve(heard: Sequence[Heard]) -> tuple[tuple[float, float], ...]:
    """Return the ROC: for falling levels, foreign accepted against right accepted."""
    listed = sum(one.clip.listed for one in heard)
    foreign = len(heard) - listed
    if not listed or not foreign:
        return ()
    wrongly = rightly = 0
    points = {0.0: 0.0}
    ranked = sorted(heard, key=lambda one: -one.surety)
    for at, one in enumerate(ranked):
        wrongly += not one.clip.listed
        rightly += one.is_right and one.surety >= 0
        if at + 1 == len(ranked) or ranked[at + 1].surety != one.surety:
            points[round(wrongly / foreign, 4)] = round(rightly / listed, 4)
    return thinned(tuple(points.items()))


def thinned(points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """Keep about so many points as a drawing shows, and both ends."""
    step = max(1, math.ceil(len(points) / CURVE_POINTS))
    return tuple(
        p for n, p in enumerate(points) if n % step == 0 or n + 1 == len(points)
    )


def confusions(heard: Iterable[Heard]) -> tuple[Count, ...]:
    """Count what was heard instead of each phrase of a list, the commonest first."""
    return _counted(one for one in heard if one.clip.listed and not one.is_right)


def taken(heard: Iterable[Heard], level: float) -> tuple[Count, ...]:
    """Count the sounds to be refused that reach a level, and as what."""
    reached = (one for one in heard if one.surety >= level)
    return _counted(one for one in reached if not one.clip.listed)


def _counted(heard: Iterable[Heard]) -> tuple[Count, ...]:
    counts = Counter((one.clip.source, one.clip.text, one.text) for one in heard)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Count(*key, times) for key, times in ranked)


def words(heard: Iterable[Heard]) -> tuple[Word, ...]:
    """Say how often each phrase was heard right, the worst first."""
    right: Counter[tuple[str, str]] = Counter()
    said: Counter[tuple[str, str]] = Counter()
    for one in heard:
        if one.clip.listed:
            key = one.clip.source, one.clip.text
            said[key] += 1
            right[key] += one.is_right
    told = [Word(*key, Share(right[key], said[key])) for key in said]
    return tuple(sorted(told, key=lambda word: (word.right.value, -word.right.of)))
