"""The people of a large site, as rows: their diverts, calendars and changes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from voice.divert.model import (
    Divert,
    Entry,
    EntryKey,
    Extension,
    Mark,
    Mode,
    ReasonCode,
    Source,
)
from voice.store.audit import record
from voice.store.engine import Database
from voice.store.link_values import entry_record
from voice.store.port import AuditEntry, Listing
from voice.store.tables import coded, diverts, links

_FIRST = 10_000
_NAMES = ("Anna", "Bo", "Cecilia", "David", "Eva", "Fredrik", "Åsa", "Örjan")
_FAMILIES = ("Berg", "Ek", "Lind", "Öström", "Nilsson", "Sjögren", "Åkesson")
_UNITS = ("Bygglov", "Skola", "Miljö", "Vård och omsorg", "Teknik")
# Every fifth is away, every second has a calendar, and some of these are not read.
_AWAY, _FOLLOWED, _FAILING = 5, 2, 50
_REASONS = ("LUN", "SAM", "TJÄ", "SEM")
_BOOKINGS = 60
# Every tenth booking is a meeting that eight have: whose it is has it first.
_MEETINGS, _INVITED = 10, 8
_AT_ONCE, _CHANGES_AT_ONCE = 500, 10_000


def extension(nth: int) -> Extension:
    """Return the number of the nth of the people."""
    return Extension(str(_FIRST + nth))


def listing(nth: int) -> Listing:
    """Return the nth of the people."""
    first = _NAMES[nth % len(_NAMES)]
    family = _FAMILIES[nth // len(_NAMES) % len(_FAMILIES)]
    name, unit = f"{first} {family}-{nth}", _UNITS[nth % len(_UNITS)]
    mail = f"{nth}@kommun.example"
    return Listing(extension(nth), name, unit, _is_followed(nth), mail=mail)


async def fill_people(database: Database, people: int, now: datetime) -> None:
    """Let some be away, and the phones of many follow calendars."""
    for first in range(0, people, _AT_ONCE):
        some = range(first, min(people, first + _AT_ONCE))
        away = [_divert(nth, nth, now) for nth in some if nth % _AWAY == 0]
        followed = [_link(nth, now) for nth in some if _is_followed(nth)]
        changes = [_change(each) for each in away]
        async with database.writing() as connection:
            await connection.execute(diverts.insert(), [_row(each) for each in away])
            await connection.execute(links.insert(), followed)
            await connection.execute(coded.insert(), [*_coded(followed)])
            await record(connection, *changes)


async def fill_trail(
    database: Database, people: int, several: int, now: datetime
) -> None:
    """Write a change on the trail for each of some calls, the latest last."""
    for last in range(several - 1, -1, -_CHANGES_AT_ONCE):
        some = range(last, max(-1, last - _CHANGES_AT_ONCE), -1)
        begun = (
            _divert(nth % people, nth, now - timedelta(minutes=nth)) for nth in some
        )
        async with database.writing() as connection:
            await record(connection, *map(_change, begun))


def _is_followed(nth: int) -> bool:
    return nth % _FOLLOWED == 0


def _divert(whose: int, nth: int, now: datetime) -> Divert:
    return Divert(
        extension=extension(whose),
        reason=ReasonCode(_REASONS[nth % len(_REASONS)]),
        start=now - timedelta(minutes=5),
        until=now + timedelta(hours=2),
        mode=Mode.CLOSED,
        source=Source.VOICE,
        set_at=now - timedelta(minutes=5),
    )


def _change(divert: Divert) -> AuditEntry:
    return AuditEntry(
        divert.set_at, divert.extension, "voice", "DivertSet", (), (divert,)
    )


def _row(divert: Divert) -> dict[str, object]:
    return {
        "extension": divert.extension,
        "place": 0,
        "reason": divert.reason,
        "start": divert.start,
        "until": divert.until,
        "mode": divert.mode.value,
        "source": divert.source.value,
        "set_at": divert.set_at,
        "opened": divert.opened,
    }


def _link(nth: int, now: datetime) -> dict[str, object]:
    is_failing = nth % _FAILING == 0 and nth > 0
    return {
        "extension": extension(nth),
        "kind": "google",
        "address": f"{nth}@kommun.example",
        "owner": "",
        "read_at": now,
        "failing_since": now - timedelta(hours=1) if is_failing else None,
        "fault": "BusyError" if is_failing else "",
        "remedy": "",
        "entries": [entry_record(each) for each in _entries(nth, now)],
        "opted_out": [],
    }


def _coded(followed: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, object]]:
    for link in followed:
        for entry in link["entries"]:
            if "reason" in entry:
                yield {"key": entry["key"], "extension": link["extension"]}


def _entries(nth: int, now: datetime) -> Iterator[Entry]:
    for booking in range(_BOOKINGS):
        start = (now + timedelta(hours=12 * booking)).replace(minute=0)
        is_meeting = booking % _MEETINGS == 0
        team = _INVITED * _FOLLOWED
        whose = nth // team * team if is_meeting else nth
        yield Entry(
            key=EntryKey(f"trial-{whose}-{booking}-kommun.example"),
            mark=Mark(ReasonCode("SAM"), Mode.CLOSED) if booking % 2 == 0 else None,
            start=start,
            end=start + timedelta(hours=1),
            invited=whose != nth,
        )
