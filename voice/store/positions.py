"""Where a reader is in rows that several write at once, so that none is left out.

A database gives each row its number when it is written, and shows it when its
transaction is done: a row may appear after others with greater numbers. What has not
appeared yet is just the numbers that were passed over, so a position keeps those; a
number that never appears, because its writing failed, is forgotten in time. Nobody
who writes waits for anybody who reads.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from voice.errors import VoiceError

# Far more than are ever written at once: so many numbers are kept as passed over.
KEPT = 100
# No database numbers its rows higher.
_HIGHEST = 2**31 - 1
_POSITION = re.compile(rf"[0-9]{{1,10}}(-[0-9]{{1,10}}){{0,{KEPT}}}")


class PositionError(VoiceError):
    """A position is none that was given."""

    def __init__(self) -> None:
        super().__init__("This is no position in what happens: begin anew from now.")


@dataclass(frozen=True, slots=True)
class Position:
    """The last row that was read, and the rows before it that may yet appear."""

    last: int = 0
    passed_over: tuple[int, ...] = ()

    def __str__(self) -> str:
        return "-".join(map(str, (self.last, *self.passed_over)))


def position(text: str) -> Position:
    """Read a position back from its text; PositionError when it is none."""
    if not _POSITION.fullmatch(text):
        raise PositionError
    last, *passed_over = map(int, text.split("-"))
    if max(last, *passed_over, 0) > _HIGHEST:
        raise PositionError
    return Position(last, tuple(passed_over))


def read_on(before: Position, read: Sequence[int]) -> Position:
    """Return the position after some more rows were read, in their order.

    They are the first of those that come after `before`, or were passed over by it.
    """
    last = max(before.last, *read, 0)
    seen = set(read)
    earliest = max(before.last, last - KEPT) + 1
    new = (number for number in range(earliest, last) if number not in seen)
    left = (number for number in before.passed_over if number not in seen)
    return Position(last, (*left, *new)[-KEPT:])
