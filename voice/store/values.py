"""Diverts and tries as every store gives them back, and diverts as plain text."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeAlias

from voice.divert.model import (
    Change,
    Divert,
    EntryKey,
    Extension,
    Mode,
    ReasonCode,
    Source,
    Standing,
)
from voice.store.credentials_port import Tries

Record: TypeAlias = Mapping[str, str | bool | None]


def in_utc(instant: datetime) -> datetime:
    """Return the same instant as UTC; one without a zone is a fault of ours."""
    if instant.utcoffset() is None:
        raise ValueError("an instant to be stored must carry a zone")
    return instant.astimezone(UTC)


def divert_in_utc(divert: Divert) -> Divert:
    """Return the divert with its instants as UTC."""
    return replace(
        divert,
        start=in_utc(divert.start),
        until=None if divert.until is None else in_utc(divert.until),
        set_at=in_utc(divert.set_at),
    )


def diverts_in_utc(diverts: Sequence[Divert]) -> tuple[Divert, ...]:
    """Return the diverts with their instants as UTC."""
    return tuple(divert_in_utc(divert) for divert in diverts)


def standing_in_utc(standing: Standing) -> Standing:
    """Return what stands with its instants as UTC."""
    last = standing.last
    if last is not None:
        gone, new = diverts_in_utc(last.gone), diverts_in_utc(last.new)
        last = Change(in_utc(last.at), gone, new)
    return Standing(diverts_in_utc(standing.diverts), last)


def to_keep(extension: Extension, standing: Standing) -> Standing:
    """Return what is to stand on an extension, as every store gives it back."""
    if any(divert.extension != extension for divert in standing.diverts):
        raise ValueError("a divert must be kept on the extension it belongs to")
    return standing_in_utc(standing)


def tries_in_utc(tries: Tries) -> Tries:
    """Return the tries with their instant as UTC."""
    until = tries.locked_until
    return replace(tries, locked_until=None if until is None else in_utc(until))


def divert_record(divert: Divert) -> Record:
    """Write a divert as a record that JSON can hold, instants as ISO 8601 in UTC."""
    divert = divert_in_utc(divert)
    return {
        "extension": divert.extension,
        "reason": divert.reason,
        "start": divert.start.isoformat(),
        "until": None if divert.until is None else divert.until.isoformat(),
        "mode": divert.mode.value,
        "source": divert.source.value,
        "set_at": divert.set_at.isoformat(),
        "entry": divert.entry,
        "opened": divert.opened,
    }


def divert_from(record: Record) -> Divert:
    """Read a divert back from its record."""
    until, entry = record["until"], record["entry"]
    return Divert(
        extension=Extension(str(record["extension"])),
        reason=ReasonCode(str(record["reason"])),
        start=datetime.fromisoformat(str(record["start"])),
        until=None if until is None else datetime.fromisoformat(str(until)),
        mode=Mode(str(record["mode"])),
        source=Source(str(record["source"])),
        set_at=datetime.fromisoformat(str(record["set_at"])),
        entry=None if entry is None else EntryKey(str(entry)),
        opened=bool(record["opened"]),
    )


def divert_records(diverts: Sequence[Divert]) -> list[Record]:
    """Write diverts as a list that JSON can hold."""
    return [divert_record(divert) for divert in diverts]


def diverts_from(records: Sequence[Record]) -> tuple[Divert, ...]:
    """Read diverts back from their records."""
    return tuple(divert_from(record) for record in records)
