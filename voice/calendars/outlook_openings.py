"""What we write on a person's own bookings in Outlook, and what is read of it there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from voice.calendars.graph import Graph, Json, MissingError, RefusedError
from voice.calendars.opened import with_proof
from voice.calendars.outlook_rows import FIELDS, Booking, Reasons, cut, entry, rows
from voice.calendars.port import Opening
from voice.divert.agenda import without_code
from voice.divert.model import Entry

# An extended property of ours. Of a series its first booking carries what is of all its
# days: the days are neither asked for by it, nor made other ones than the series says.
_OPENED = "String {6f0b2b52-5f0c-4c6c-9f4b-6a0f4f4a4949} Name telefonist-opened"
_EXPAND = {"$expand": f"singleValueExtendedProperties($filter=id eq '{_OPENED}')"}
# Graph takes no property away.
_NOTHING = "-"


@dataclass(frozen=True, slots=True)
class _Found:
    """A booking by Graph's id, and what carries the property for it."""

    id: str
    carrier: str
    entry: Entry


class Openings:
    """A person's bookings whose phone was opened."""

    def __init__(self, graph: Graph, user: str, reasons: Reasons) -> None:
        self._graph, self._user, self._reasons = graph, user, reasons

    async def carried(self) -> Mapping[str, str]:
        """Return what each booking or series carries that carries anything, by id."""
        asked = {
            "$filter": "singleValueExtendedProperties/Any"
            f"(ep: ep/id eq '{_OPENED}' and ep/value ne null)",
            "$select": "id",
        }
        found: dict[str, str] = {}
        try:
            async for page in self._graph.pages(
                f"{self._user}/events", asked | _EXPAND
            ):
                found |= {str(row["id"]): _carried(row) for row in rows(page)}
        except RefusedError:
            # What was opened is known to the store: the calendar is its second memory.
            return {}
        return found

    async def set(self, opening: Opening, opened: bool) -> None:
        """Write on a booking that its phone was opened, or strike that out."""
        found = await self._found(opening)
        row = None if found is None else await self._asked(found.carrier)
        # Whether Graph would tell the guests of a meeting, nobody has promised.
        if found is None or row is None or _is_for_others(row):
            return
        carried = _carried(row)
        after = with_proof(carried, opening.proof, opened)
        if after != carried:
            own = {"id": _OPENED, "value": after or _NOTHING}
            await self._change(found.carrier, {"singleValueExtendedProperties": [own]})

    async def take_code(self, opening: Opening) -> bool:
        """Cut the code from a booking's subject; False if others would see that."""
        found = await self._found(opening)
        row = None if found is None else await self._asked(found.id)
        if found is None or row is None or not _is_as_it_was(found.entry, opening):
            return True
        if _is_for_others(row):
            return False
        subject = without_code(str(row.get("subject") or ""), self._reasons)
        await self._change(found.id, {"subject": subject})
        return True

    async def _found(self, opening: Opening) -> _Found | None:
        """Look for the booking where it was."""
        path = f"{self._user}/calendarView"
        span = {"startDateTime": opening.start, "endDateTime": opening.end}
        times = {name: _stamp(at) for name, at in span.items()}
        masters: dict[str, Booking | None] = {}
        async for page in self._graph.pages(path, times | {"$select": FIELDS}):
            for booking in (cut(row, self._reasons) for row in rows(page)):
                series = booking.series
                if series is not None and series not in masters:
                    masters[series] = await self._master(series)
                kept = entry(booking, masters[series] if series else None)
                if kept.key == opening.key:
                    return _Found(booking.id, series or booking.id, kept)
        return None

    async def _master(self, series: str) -> Booking | None:
        try:
            row = await self._graph.ask("GET", self._at(series), {"$select": FIELDS})
        except MissingError:
            return None
        return cut(row, self._reasons)

    async def _asked(self, id_: str) -> Json | None:
        fields = {"$select": "id,subject,isOrganizer,attendees"}
        try:
            return await self._graph.ask("GET", self._at(id_), fields | _EXPAND)
        except MissingError:
            return None

    async def _change(self, id_: str, change: Json) -> None:
        try:
            await self._graph.tell("PATCH", self._at(id_), change)
        except MissingError:
            return

    def _at(self, id_: str) -> str:
        return f"{self._user}/events/{quote(id_, safe='')}"


def _carried(row: Mapping[str, object]) -> str:
    properties = row.get("singleValueExtendedProperties")
    for each in properties if isinstance(properties, list) else ():
        if isinstance(each, dict) and each.get("id") == _OPENED:
            value = str(each.get("value") or "")
            return "" if value == _NOTHING else value
    return ""


def _stamp(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _is_as_it_was(kept: Entry, opening: Opening) -> bool:
    was = (opening.mark, opening.start, opening.end)
    return (kept.mark, kept.start, kept.end) == was


def _is_for_others(row: Json) -> bool:
    """Tell whether a change reaches guests: what the organiser changes does."""
    return row.get("isOrganizer") is not False and bool(row.get("attendees"))
