"""Links and own bookings as every store gives them back, and bookings as plain text."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from voice.divert.model import Entry, EntryKey, Mark, Mode, ReasonCode, Slip
from voice.store.links_port import Kept, OwnBooking, Progress
from voice.store.values import in_utc

Record: TypeAlias = Mapping[str, str | bool | None]
_FLAGS = (
    "all_day",
    "private",
    "declined",
    "cancelled",
    "ours",
    "free",
    "tentative",
    "invited",
)


def progress_in_utc(progress: Progress) -> Progress:
    """Return the progress with its instants as UTC."""
    watching = progress.watching
    if watching is not None:
        watching = replace(watching, until=in_utc(watching.until))
    return replace(
        progress,
        read_at=_in_utc(progress.read_at),
        reaches=_in_utc(progress.reaches),
        doubted_at=_in_utc(progress.doubted_at),
        failing_since=_in_utc(progress.failing_since),
        watching=watching,
    )


def kept_in_utc(kept: Kept) -> Kept:
    """Return what was read with its instants as UTC."""
    entries = (
        replace(entry, start=in_utc(entry.start), end=in_utc(entry.end))
        for entry in kept.entries
    )
    return replace(kept, entries=tuple(entries))


def booking_in_utc(booking: OwnBooking) -> OwnBooking:
    """Return a booking of ours with its instants as UTC."""
    start, end = in_utc(booking.start), in_utc(booking.end)
    return replace(booking, start=start, end=end, due=_in_utc(booking.due))


def _in_utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else in_utc(instant)


def entry_record(entry: Entry) -> Record:
    """Write a booking as a record that JSON can hold; what is false is left out."""
    mark = entry.mark
    record: dict[str, str | bool | None] = {
        "key": entry.key,
        "start": in_utc(entry.start).isoformat(),
        "end": in_utc(entry.end).isoformat(),
    }
    if mark is not None:
        record |= {"reason": mark.reason, "mode": mark.mode.value}
    if entry.series is not None:
        record["series"] = entry.series
    if entry.slip is not None:
        record["slip"] = entry.slip.value
    if entry.opened:
        record["opened"] = entry.opened
    return record | {flag: True for flag in _FLAGS if getattr(entry, flag)}


def entry_from(record: Record) -> Entry:
    """Read a booking back from its record."""
    mark = None
    if "reason" in record:
        mark = Mark(ReasonCode(str(record["reason"])), Mode(str(record["mode"])))
    series, slip = record.get("series"), record.get("slip")
    return Entry(
        key=EntryKey(str(record["key"])),
        mark=mark,
        start=datetime.fromisoformat(str(record["start"])),
        end=datetime.fromisoformat(str(record["end"])),
        series=None if series is None else str(series),
        slip=None if slip is None else Slip(str(slip)),
        opened=str(record.get("opened", "")),
        **{flag: flag in record for flag in _FLAGS},
    )


def entries_from(records: Sequence[Record]) -> tuple[Entry, ...]:
    """Read bookings back from their records."""
    return tuple(entry_from(record) for record in records)
