"""Long lists, given some at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Query

from voice.web.api.cursors import LONGEST, cursor, read_cursor
from voice.web.api.problems import Fault, Problem, ProblemError

T = TypeVar("T")

Limit = Annotated[
    int, Query(ge=1, le=500, description="How many are given at the most.")
]
Cursor = Annotated[
    str | None,
    Query(
        description="`next` of the answer before, to go on after it.",
        min_length=1,
        max_length=LONGEST,
    ),
]


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """Some of a list, and where it goes on."""

    there: tuple[T, ...]
    next: str | None


def after(of: str, text: str | None) -> str | None:
    """Return after which one a list is to go on; None from its beginning."""
    if text is None:
        return None
    last = read_cursor(of, text)
    if last is None:
        raise ProblemError(stale())
    return last


def stale() -> Problem:
    """Return the problem of a cursor that leads nowhere."""
    return Problem(422, "bad_cursor", (Fault("cursor", "wrong"),))


def part(of: str, rows: Sequence[T], key: Callable[[T], str], limit: int) -> Part[T]:
    """Return the first of some rows; there is more where they are more than these."""
    there = tuple(rows[:limit])
    more = len(rows) > limit
    return Part(there, cursor(of, key(there[-1])) if more else None)
