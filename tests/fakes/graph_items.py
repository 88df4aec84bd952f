"""A booking as Exchange keeps it, and as Graph shows it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from tests.fakes.graph_series import days, moved_to

Json: TypeAlias = dict[str, Any]

_ZONES = {"W. Europe Standard Time": "Europe/Stockholm", "Etc/GMT": "UTC"}
_GLOBAL = "040000008200E00074C5B7101A82E008"
_DAY = timedelta(days=1)
DEFAULTS: Json = {
    "subject": "",
    "body": {"contentType": "text", "content": ""},
    "sensitivity": "normal",
    "showAs": "busy",
    "isAllDay": False,
    "isCancelled": False,
    "isOrganizer": True,
    "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
    "location": {"displayName": ""},
    "attendees": [],
    "categories": [],
    "isReminderOn": True,
    "reminderMinutesBeforeStart": 15,
}
BARE = ("id", "seriesMasterId", "type", "start", "end")
"""All that a delta tells of an occurrence: microsoftgraph/microsoft-graph-docs#7632."""


@dataclass
class Item:
    """A single booking, or a series with its exceptions and lost days."""

    id: str
    uid: str
    owner: str
    organizer: str
    start: datetime
    end: datetime
    told: Json
    recurrence: Json | None = None
    transaction: str | None = None
    extended: dict[str, str] = field(default_factory=dict)
    exceptions: dict[date, Json] = field(default_factory=dict)
    removed: set[date] = field(default_factory=set)
    change: int = 0

    def rows(self, start: datetime, end: datetime) -> Iterator[Json]:
        """Yield what there is of it in a window, each instance for itself."""
        rows = [self.row()] if self.recurrence is None else self._instances(end)
        for row in rows:
            begins, ends = read_time(row["start"]), read_time(row["end"])
            if begins < end and (start < ends or start <= begins == ends):
                yield row

    def row(self) -> Json:
        """Return it as Graph shows it by its id."""
        kind = "singleInstance" if self.recurrence is None else "seriesMaster"
        return self._shown(self.id, kind, self.start, self.end, {}) | {
            "iCalUId": self.uid,
            "recurrence": self.recurrence,
        }

    def instance(self, day: date) -> Json:
        """Return one day of a series."""
        original = start, end = self._times(day)
        change = self.exceptions.get(day)
        kind = "occurrence" if change is None else "exception"
        changed = dict(change or {})
        start, end = changed.pop("start", start), changed.pop("end", end)
        row = self._shown(day_id(self.id, day), kind, start, end, changed)
        return row | {
            "seriesMasterId": self.id,
            "iCalUId": _day_uid(self.uid, day),
            "originalStart": f"{original[0].astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "recurrence": None,
        }

    def day(self, id_: str) -> date | None:
        """Return the day that has an id, unless it was taken out."""
        days_ = self._days(self.start + 800 * _DAY)
        return next((day for day in days_ if day_id(self.id, day) == id_), None)

    def _instances(self, end: datetime) -> list[Json]:
        # One that was moved here from later on is looked for, too.
        last = max([end, *(moved_to(self.start, day) for day in self.exceptions)])
        return [self.instance(day) for day in self._days(last + _DAY)]

    def _days(self, last: datetime) -> Iterator[date]:
        for day in days(self.recurrence or {}, last.date()):
            if day not in self.removed:
                yield day

    def _times(self, day: date) -> tuple[datetime, datetime]:
        ahead = self.end.date() - self.start.date()
        return moved_to(self.start, day), moved_to(self.end, day + ahead)

    def _shown(
        self, id_: str, kind: str, start: datetime, end: datetime, changed: Json
    ) -> Json:
        told = self.told | changed
        content = str(told["body"]["content"])
        organizer = {"address": self.organizer, "name": self.organizer}
        own = {
            "@odata.type": "#microsoft.graph.event",
            "@odata.etag": f'W/"{self.change}"',
            "id": id_,
            "type": kind,
            "seriesMasterId": None,
            "start": write_time(start),
            "end": write_time(end),
            "organizer": {"emailAddress": organizer},
            "bodyPreview": content[:255],
            "changeKey": str(self.change),
            "webLink": f"https://outlook.office365.com/owa/?itemid={id_}",
        }
        # "This property is only returned in a response payload if an app has set it."
        return (
            told
            | own
            | ({"transactionId": self.transaction} if self.transaction else {})
        )


def read_time(time: Json) -> datetime:
    """Read an instant as Graph takes it, in a zone by one of its names."""
    zone = ZoneInfo(_ZONES.get(time["timeZone"], time["timeZone"]))
    return datetime.fromisoformat(time["dateTime"]).replace(tzinfo=zone)


def write_time(instant: datetime) -> Json:
    """Write an instant as Graph does who is asked for UTC."""
    utc = instant.astimezone(UTC)
    return {"dateTime": f"{utc:%Y-%m-%dT%H:%M:%S.%f}0", "timeZone": "UTC"}


def new_id(*parts: object) -> str:
    """Make an id that looks like Exchange's, = at its end included."""
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()
    return f"AAMkAD{digest[:40]}AAA="


def day_id(master: str, day: date) -> str:
    """Name one day of a series: Exchange makes the id of the series' and the date."""
    return f"{master.removesuffix('=')}FRAAg{day:%Y%m%d}EA=="


def new_uid(id_: str) -> str:
    """Make what every copy of a meeting shares."""
    return f"{_GLOBAL}00000000{hashlib.sha256(id_.encode()).hexdigest()[:48].upper()}"


def _day_uid(uid: str, day: date) -> str:
    # "This ID is different for each occurrence in a recurring series": the day is in
    # it, as MS-OXOCAL §2.2.1.27 has it.
    stamp = f"{day.year:04X}{day.month:02X}{day.day:02X}"
    return f"{uid[: len(_GLOBAL)]}{stamp}{uid[len(_GLOBAL) + 8 :]}"
