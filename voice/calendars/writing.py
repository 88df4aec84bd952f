"""Which bookings are to stand in a calendar for the diverts that a person has set."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import count
from typing import TypeAlias

from voice.calendars.port import Block
from voice.divert.model import Divert, Extension, Mark, Source
from voice.divert.walltime import at, local

_MIDNIGHT = time()
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Put:
    """Write a booking of ours, or move it."""

    block: Block


@dataclass(frozen=True, slots=True)
class Drop:
    """Remove a booking of ours."""

    key: str


@dataclass(frozen=True, slots=True)
class LetGo:
    """Leave a booking of ours in the calendar, where it now belongs to the past."""

    key: str


Write: TypeAlias = Put | Drop | LetGo


def writes(
    extension: Extension,
    diverts: Iterable[Divert],
    there: Mapping[str, Block],
    now: datetime,
    leaving: Mapping[str, Block] | None = None,
) -> tuple[Write, ...]:
    """List what makes our bookings those that the diverts ask for.

    `there` are our bookings as they stand, or as they were last meant to. A divert
    that was moved moves its booking; one that was cleared takes it away, or shortens
    it when it has begun. Those that are `leaving`, and may be there yet, stay where a
    divert comes back.
    """
    left, leaving = dict(there), dict(leaving or {})
    absences = [_absence(divert, now) for divert in diverts if _is_ours(divert, now)]
    lacking = [each for each in absences if not _take(left, each)]
    puts: list[Put] = []
    for absence in lacking:
        key = _alike(leaving, absence) or _same_start(left, absence)
        if key is None:
            taken = {*there, *leaving, *(put.block.key for put in puts)}
            key = _new_key(extension, absence, taken)
        left.pop(key, None)
        leaving.pop(key, None)
        puts.append(Put(replace(absence, key=key)))
    return (*puts, *_ended(left.values(), now))


def stands_for(block: Block, diverts: Iterable[Divert], now: datetime) -> Divert | None:
    """Return the divert that a booking of ours was written for, if it is plain which.

    It stands just as when it was written: who has changed it since meant something.
    """
    absence = replace(block, key="")
    ours = (divert for divert in diverts if _is_ours(divert, now))
    found = [divert for divert in ours if _absence(divert, now) == absence]
    return found[0] if len(found) == 1 else None


def _is_ours(divert: Divert, now: datetime) -> bool:
    by_person = divert.source is not Source.CALENDAR
    return by_person and not divert.opened and not divert.ended(now)


def _absence(divert: Divert, now: datetime) -> Block:
    """Return the booking of a divert, without a key.

    One without an end is booked for the day, and the next day for that day as well.
    """
    start = _minute(divert.start)
    # Ours can be held up: what is meant to end in this minute ends in the next.
    until = divert.until or at(local(max(now, start)).date() + _DAY, _MIDNIGHT)
    end = max(_minute(until), start + timedelta(minutes=1))
    return Block("", Mark(divert.reason, divert.mode), start, end)


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def _take(left: dict[str, Block], absence: Block) -> bool:
    """Take the booking that is already as it should be, if there is one."""
    key = _alike(left, absence)
    if key is not None:
        del left[key]
    return key is not None


def _alike(blocks: Mapping[str, Block], absence: Block) -> str | None:
    """Return the booking that is as it should be."""
    alike = (key for key, block in blocks.items() if replace(block, key="") == absence)
    return next(alike, None)


def _same_start(left: Mapping[str, Block], absence: Block) -> str | None:
    """Return the booking that is to be moved: of the same code, if there is one."""
    alike = [block for block in left.values() if block.start == absence.start]
    alike.sort(key=lambda block: (block.mark != absence.mark, block.key))
    return alike[0].key if alike else None


def _new_key(extension: Extension, absence: Block, taken: Collection[str]) -> str:
    """Make a key that is the same whenever it is made, so that no crash doubles it."""
    for nth in count():
        named = f"{extension} {absence.start.isoformat()} {nth}"
        key = hashlib.sha256(named.encode()).hexdigest()[:32]
        if key not in taken:
            break
    return key


def _ended(left: Iterable[Block], now: datetime) -> Iterator[Write]:
    """Yield what becomes of the bookings of diverts that no longer stand."""
    now = _minute(now)
    for block in left:
        if block.end <= now:
            yield LetGo(block.key)
        elif block.start >= now:
            yield Drop(block.key)
        else:
            yield Put(replace(block, end=now))
