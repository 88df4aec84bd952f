"""The course of a call as a picture: who spoke when, how surely, how soon answered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voice.store.calls_port import Who
from voice.store.understanding import How
from voice.web.pages.turns import Line, clock

HEIGHT = 150
ATTENDANT_Y, CALLER_Y, LANE = 24, 80, 40
"""Where the two lanes begin, and how high they are."""
_LEAST_WIDTH, _MOST_WIDTH = 720, 8000
_A_SECOND = 12
_MARGIN = 12
# Only when something began, or ended, is written down: how long it took is told by its
# length, at the pace that people read aloud.
_LETTERS_A_SECOND = 14
_LEAST_SECONDS, _MOST_SECONDS = 0.4, 15.0
_EVERY = (5, 10, 30, 60, 300, 600, 1800)
_MOST_TICKS = 16


@dataclass(frozen=True, slots=True)
class Bar:
    """Something said or keyed; the surer it was heard, the higher it stands."""

    number: int
    who: Who
    x: float
    width: float
    y: float
    height: float
    how: How | None
    said: str
    """When it was said: "1:07"."""
    score: float | None
    wait: float | None
    """How many seconds went before it was answered."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A time along the picture."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Course:
    """The picture, in its own measure; `course.html` draws it."""

    width: float
    bars: tuple[Bar, ...] = ()
    ticks: tuple[Tick, ...] = ()

    @property
    def longest_wait(self) -> float | None:
        """The longest time that an answer took."""
        return max((b.wait for b in self.bars if b.wait is not None), default=None)


def course(lines: Sequence[Line]) -> Course:
    """Return the picture of some turns that follow each other."""
    said = [each for each in lines if each.text]
    if not said:
        return Course(_LEAST_WIDTH)
    spans = list(_spans(said))
    first, last = min(s for s, _ in spans), max(e for _, e in spans)
    seconds = max(last - first, 1.0)
    width = min(max(_LEAST_WIDTH, seconds * _A_SECOND), _MOST_WIDTH)
    scale = (width - 2 * _MARGIN) / seconds
    bars = tuple(
        _bar(each, (begin - first) * scale + _MARGIN, (end - begin) * scale, wait)
        for each, (begin, end), wait in zip(said, spans, waits(said), strict=True)
    )
    ticks = tuple(
        Tick(round((at - first) * scale + _MARGIN, 1), clock(at))
        for at in _ticks(first, last)
    )
    return Course(round(width, 1), bars, ticks)


def waits(lines: Sequence[Line]) -> list[float | None]:
    """Return how soon each turn was answered; None where it was not, or needed none."""
    found: list[float | None] = []
    for each, after in zip(lines, (*lines[1:], None), strict=True):
        is_answered = after is not None and after.who is Who.ATTENDANT
        asks = each.who is not Who.ATTENDANT
        wait = after.t - each.t if after is not None and is_answered and asks else None
        found.append(None if wait is None else max(0.0, wait))
    return found


def _spans(lines: Sequence[Line]) -> Iterator[tuple[float, float]]:
    """Yield when each began and ended, as far as that is known.

    The attendant's are written down when they begin, all others when they have ended.
    """
    for each in lines:
        length = len(each.text) / _LETTERS_A_SECOND if each.who is not Who.KEYS else 0
        length = min(max(length, _LEAST_SECONDS), _MOST_SECONDS)
        if each.who is Who.ATTENDANT:
            yield each.t, each.t + length
        else:
            yield max(0.0, each.t - length), each.t


def _bar(line: Line, x: float, width: float, wait: float | None) -> Bar:
    is_ours = line.who is Who.ATTENDANT
    sure = 1.0 if line.score is None else min(max(line.score, 0.0), 1.0)
    height = LANE / 2 if is_ours else LANE * (0.3 + 0.7 * sure)
    bottom = (ATTENDANT_Y if is_ours else CALLER_Y) + LANE
    return Bar(
        number=line.number,
        who=line.who,
        x=round(x, 1),
        width=round(max(width, 2.0), 1),
        y=round(bottom - height, 1),
        height=round(height, 1),
        how=line.how,
        said=line.clock,
        score=line.score,
        wait=wait,
    )


def _ticks(first: float, last: float) -> Iterator[int]:
    fits = (every for every in _EVERY if (last - first) / every <= _MOST_TICKS)
    every = next(fits, max(_EVERY[-1], round((last - first) / _MOST_TICKS)))
    at = (int(first) // every) * every
    while at <= last:
        if at >= first:
            yield at
        at += every
