"""What an owner has done to bookings of ours in their own calendar, where it is plain.

A false clear is the worst fault: what only looks like an owner's hand is none. Nothing
is made of a reading of the whole calendar that lacks a booking, which may have been
restored, or of one in which most is gone: only of a change that was told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeAlias

from voice.calendars.following import Known
from voice.calendars.port import Block, Reading
from voice.divert.model import Entry


class Doing(StrEnum):
    """What an owner has done to a booking of ours."""

    NOTHING = "nothing"
    REMOVED = "removed"
    UNCLEAR = "unclear"
    """It is otherwise than we wrote it, and what is meant by that is not plain."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The owner has given a booking another end, and changed nothing else."""

    at: datetime


Done: TypeAlias = Doing | Ended


def told_gone(before: Known, reading: Reading) -> tuple[Entry, ...]:
    """Return bookings of ours, as they were last seen, that are told to be gone."""
    cancelled = {entry.key for entry in reading.entries if entry.cancelled}
    gone = cancelled.union(reading.gone)
    return tuple(entry for entry in _seen(before, reading) if entry.key in gone)


def told_moved(before: Known, reading: Reading) -> tuple[Entry, ...]:
    """Return bookings of ours, as they were last seen, that are told to be changed."""
    there = {entry.key: entry for entry in reading.entries if not entry.cancelled}
    seen = _seen(before, reading)
    return tuple(entry for entry in seen if there.get(entry.key, entry) != entry)


def _seen(before: Known, reading: Reading) -> Iterator[Entry]:
    if not (reading.whole or reading.compared):
        yield from (entry for entry in before.entries if entry.ours)


def done(block: Block, entry: Entry | None) -> Done:
    """Say what its owner has done to a booking that we wrote, as it is now."""
    if entry is None or entry.cancelled:
        return Doing.REMOVED
    start, end = entry.start.astimezone(UTC), entry.end.astimezone(UTC)
    # The code of what has become private is not known, and need not be another one.
    same_code = entry.private or entry.mark == block.mark
    if entry.all_day or not same_code or start != block.start or end <= start:
        return Doing.UNCLEAR
    return Doing.NOTHING if end == block.end else Ended(end)
