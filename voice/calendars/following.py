"""What is known of a calendar after a reading, and which of it diverts a phone."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from voice.calendars.port import Reading, Window
from voice.divert.agenda import unmarked_why
from voice.divert.explained import Counted
from voice.divert.model import Entry, EntryKey, Extension
from voice.divert.walltime import at, local

# A daily series of leave is one absence from its first day on, so it is read from
# before the longest began; and as far ahead as somebody asks to hear the return.
_BACK, _AHEAD = timedelta(days=60), timedelta(days=90)
_DAY = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)
# So many bookings with a code do not go all at once by their owner's hand.
_MUCH, _FAR_LESS = 3, 4
BELIEVED_AFTER = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a calendar, as far as the rules may know it."""

    entries: tuple[Entry, ...] = ()
    opted_out: frozenset[EntryKey] = frozenset()
    """Invitations whose code the person has taken out of their own copy."""


def window(now: datetime) -> Window:
    """Return the days that are read; they are the same for all of a day."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return Window(midnight - _BACK, midnight + _AHEAD)


def window_to(reaches: datetime) -> Window:
    """Return the days that were read when they reached to an instant."""
    return Window(reaches - _AHEAD - _BACK, reaches)


def is_outgrown(reaches: datetime, extension: Extension, now: datetime) -> bool:
    """Tell whether later days must be read by now, and so all of them anew.

    It comes about once a day, and for each at another time of it: otherwise a whole
    municipality would be read anew at midnight.
    """
    second = zlib.crc32(extension.encode()) % _DAY.total_seconds()
    return now >= reaches - _AHEAD + _DAY + timedelta(seconds=second)


def after(known: Known, reading: Reading, seen: Window) -> Known:
    """Return what is known after a reading: bookings with a code, or nearly one.

    Who has taken the code out of their copy of an invitation is left out of it, also
    when an edit of the organiser's brings the code back.
    """
    before = {entry.key: entry for entry in known.entries}
    there = {
        key: entry
        for key, entry in before.items()
        if not reading.whole or {key, entry.series} & reading.unclear
    }
    for key in reading.gone:
        there.pop(key, None)
    there |= {entry.key: entry for entry in reading.entries}
    opted_out = known.opted_out | _taken_out(before, reading.entries)
    kept = tuple(
        _without_hours(entry, seen)
        for entry in there.values()
        if seen.touches(entry.start, entry.end)
        and (_is_telling(entry) or entry.key in opted_out)
    )
    ordered = sorted(kept, key=lambda entry: (entry.start, entry.key))
    return Known(tuple(ordered), opted_out & {entry.key for entry in kept})


def _is_telling(entry: Entry) -> bool:
    """Tell whether a booking diverts, or its owner may ask why it does not."""
    # Nobody need be told of what we write ourselves, which can be private too.
    untold = entry.declined or entry.cancelled or entry.ours
    is_private = entry.private and not untold
    return is_private or bool(entry.mark or entry.slip)


def _without_hours(entry: Entry, seen: Window) -> Entry:
    """Return a booking; of a private one no more than that its days have one."""
    if not entry.private:
        return entry
    first = local(max(entry.start, seen.start)).date()
    last = local(max(entry.start, min(entry.end, seen.end) - _MOMENT)).date()
    start, end = at(first, time()), at(last + _DAY, time())
    return Entry(entry.key, None, start, end, private=True)


def _taken_out(
    before: dict[EntryKey, Entry], entries: Iterable[Entry]
) -> frozenset[EntryKey]:
    def had_a_code(entry: Entry) -> bool:
        known = before.get(entry.key)
        return known is not None and known.invited and known.mark is not None

    # What has become private hides its code, and has not lost it.
    bare = (entry for entry in entries if not entry.mark and not entry.private)
    return frozenset(e.key for e in bare if e.invited and had_a_code(e))


def diverting(known: Known, counted: Counted) -> tuple[Entry, ...]:
    """Return the bookings that divert, as far as the site lets them count."""
    return tuple(
        entry
        for entry in known.entries
        if entry.key not in known.opted_out and counted.why_not(entry) is None
    )


def unchanged(entries: Iterable[Entry], before: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the bookings whose times and code are as they were."""

    def told(entry: Entry) -> tuple[object, ...]:
        return entry.key, entry.mark, entry.start, entry.end

    known = {told(entry) for entry in before}
    return tuple(entry for entry in entries if told(entry) in known)


def is_doubtful(before: Known, now_known: Known, now: datetime, whole: bool) -> bool:
    """Tell whether nearly all that was to come is gone at once.

    A calendar that is being restored, or that we may no longer look into, looks so.
    Who removes a series removes many days by one stroke: where it is told what is gone,
    and not the `whole` read, all of them are one.
    """
    there, left = (_to_come(known, now, whole) for known in (before, now_known))
    return there >= _MUCH and left * _FAR_LESS < there


def _to_come(known: Known, now: datetime, whole: bool) -> int:
    coming = (e for e in known.entries if e.end > now and unmarked_why(e) is None)
    return len({e.key if whole else e.series or e.key for e in coming})


def is_confirmed(doubted_at: datetime | None, now: datetime) -> bool:
    """Tell whether a reading that is doubted has been the same for long enough."""
    return doubted_at is not None and now - doubted_at >= BELIEVED_AFTER
