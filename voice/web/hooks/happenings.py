"""What is to be told of diverts: what was changed, and what time did by itself."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TypeAlias

from voice.divert.model import Divert, Extension
from voice.store.hooks_port import Happened, HookEvent, Position

Diverts: TypeAlias = tuple[Divert, ...]
Known: TypeAlias = Mapping[Extension, Diverts]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A divert began, changed or ended."""

    event: HookEvent
    divert: Divert
    at: datetime
    position: Position | None = None
    """Which change it was; None when its time had come."""
    before: Divert | None = None
    """What it was before it changed."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is told together, and how far a hook has then been told."""

    tells: tuple[Occurrence, ...]
    position: Position
    clock: datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a hook has been told: of changes, and of what time does."""

    position: Position
    clock: datetime


def moments(
    known: Known, changes: Sequence[Happened], since: Reach, to: Reach
) -> tuple[Moment, ...]:
    """Say what is to be told after `since`, in order, up to `to`.

    `known` is what stood then; `changes` are all there were up to `to.position`.
    """
    # Clocks of two servers differ: no change is told of as if it were before what
    # has been told already.
    at, timed = (
        since.clock,
        defaultdict[Extension, list[tuple[datetime, Happened]]](list),
    )
    for change in changes:
        at = max(at, change.at)
        timed[change.extension].append((at, change))
    end = max(at, to.clock)
    told = [
        occurrence
        for extension in {*known, *timed}
        for occurrence in _story(
            known.get(extension, ()), timed[extension], since.clock, end
        )
    ]
    return (*_in_order(told, since.position), Moment((), to.position, end))


def after(known: Known, changes: Iterable[Happened]) -> dict[Extension, Diverts]:
    """Return what stands after some changes."""
    stands = dict(known)
    for change in changes:
        stands[change.extension] = change.after
    return {extension: diverts for extension, diverts in stands.items() if diverts}


_Told: TypeAlias = tuple[datetime, Position | None, Occurrence | None]


def _in_order(told: Iterable[_Told], position: Position) -> Iterator[Moment]:
    ordered = sorted(told, key=_order)
    for (clock, changed), group in groupby(ordered, key=lambda each: each[:2]):
        position = position if changed is None else changed
        tells = tuple(each for *_, each in group if each is not None)
        yield Moment(tells, position, clock)


def _order(told: _Told) -> tuple[datetime, bool, int, str, bool]:
    clock, position, occurrence = told
    whose = occurrence.divert.extension if occurrence else ""
    is_end = occurrence is not None and occurrence.event is HookEvent.DIVERT_ENDED
    # What time does comes before what is changed at the same instant; and of one
    # phone, what ends before what begins.
    return clock, position is not None, position or 0, whose, not is_end


def _story(
    stands: Diverts,
    changes: Sequence[tuple[datetime, Happened]],
    since: datetime,
    until: datetime,
) -> Iterator[_Told]:
    """Yield what happened on one extension."""
    for at, change in changes:
        yield from _by_itself(stands, since, at)
        tells = tuple(_changed(change, at))
        yield from ((at, change.position, each) for each in tells)
        if not tells:
            yield at, change.position, None
        stands, since = change.after, at
    yield from _by_itself(stands, since, until)


def _by_itself(diverts: Diverts, since: datetime, until: datetime) -> Iterator[_Told]:
    """Yield what begins and ends after `since` because its time has come."""
    for divert in _distinct(diverts).values():
        start, end = divert.start, divert.until
        if divert.opened or (end is not None and end <= start):
            continue
        if since < start <= until:
            yield start, None, Occurrence(HookEvent.DIVERT_BEGUN, divert, start)
        if end is not None and since < end <= until:
            yield end, None, Occurrence(HookEvent.DIVERT_ENDED, divert, end)


def _changed(change: Happened, at: datetime) -> Iterator[Occurrence]:
    """Yield what a change did to what was in force, and what it put in force."""
    before = _distinct(d for d in change.before if d.holds(at))
    now = _distinct(d for d in change.after if d.holds(at))
    gone = [divert for key, divert in before.items() if key not in now]
    new = [divert for key, divert in now.items() if key not in before]
    pairs = _paired(gone, new)
    for divert in gone:
        if divert not in pairs:
            yield Occurrence(HookEvent.DIVERT_ENDED, divert, at, change.position)
    for old, divert in pairs.items():
        changed = HookEvent.DIVERT_CHANGED
        yield Occurrence(changed, divert, at, change.position, old)
    for divert in new:
        if divert not in pairs.values():
            yield Occurrence(HookEvent.DIVERT_BEGUN, divert, at, change.position)


def _paired(gone: Sequence[Divert], new: Sequence[Divert]) -> dict[Divert, Divert]:
    """Say which became which: the same booking, then the same reason, then any."""
    pairs: dict[Divert, Divert] = {}
    for alike in (_is_same_booking, _is_same_reason, _is_same_mode):
        for old in gone:
            left = (each for each in new if each not in pairs.values())
            match = next((each for each in left if alike(old, each)), None)
            if match is not None and old not in pairs:
                pairs[old] = match
    return pairs


def _is_same_booking(old: Divert, new: Divert) -> bool:
    return old.entry is not None and old.entry == new.entry


def _is_same_reason(old: Divert, new: Divert) -> bool:
    return old.reason == new.reason


def _is_same_mode(old: Divert, new: Divert) -> bool:
    return old.mode == new.mode


def _distinct(diverts: Iterable[Divert]) -> dict[object, Divert]:
    """Return diverts by what others are told of them."""
    return {(d.reason, d.start, d.until, d.mode, d.opened): d for d in diverts}
