"""What is read of a person's calendar in Microsoft 365, whole or since a cursor."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import quote

from voice.calendars.graph import Graph, MissingError, RefusedError
from voice.calendars.outlook_openings import Openings
from voice.calendars.outlook_place import Known, Place, pack
from voice.calendars.outlook_rows import (
    FIELDS,
    Booking,
    Kind,
    Reasons,
    Row,
    cut,
    entry,
    rows,
)
from voice.calendars.port import BrokenAnswerError, Reading, Window
from voice.divert.model import Entry, EntryKey


@dataclass(slots=True)
class _Told:
    """What one answer tells, once all its pages have come."""

    bookings: list[Booking] = field(default_factory=list)
    masters: dict[str, Booking | None] = field(default_factory=dict)
    """Those of series, which are no bookings themselves; None is one that is gone."""
    removed: list[str] = field(default_factory=list)
    link: str = ""


@dataclass(slots=True)
class _Sorted:
    """The bookings of one reading by their keys, as they are found."""

    window: Window
    known: Known
    entries: dict[EntryKey, Entry] = field(default_factory=dict)
    gone: set[EntryKey] = field(default_factory=set)

    def keep(self, booking: Booking, master: Booking | None = None) -> None:
        """Take a booking; of a series, with the series' master."""
        kept = entry(booking, master)
        if self.window.touches(kept.start, kept.end):
            self.entries[kept.key] = kept
            self.known.add(booking.id, kept.key, booking.series)

    def forget(self, id_: str) -> None:
        """Let a booking or a series go, until it is found again."""
        self.gone |= self.known.forget(id_)

    def reading(self, link: str, whole: bool) -> Reading:
        """Return all of it, and where to go on."""
        cursor = pack(Place(link, self.window, self.known))
        gone = self.gone.difference(self.entries, self.known.keys.values())
        return Reading(tuple(self.entries.values()), tuple(sorted(gone)), cursor, whole)


class Reader:
    """Reads one person's calendar."""

    def __init__(self, graph: Graph, user: str, reasons: Reasons) -> None:
        self._graph, self._user, self._reasons = graph, user, reasons
        self._openings = Openings(graph, user, reasons)

    async def whole(self, window: Window) -> Reading:
        """Return everything within the window."""
        path, within = f"{self._user}/calendarView/delta", _within(window)
        try:
            # Not documented for a delta, but heeded: less is sent. Where everything
            # comes all the same, all but these fields is thrown away.
            told = await self._told(path, within | {"$select": FIELDS})
        except RefusedError:
            told = await self._told(path, within)
        found, masters = _Sorted(window, Known()), told.masters
        for booking in await self._as_opened(told):
            if booking.series is None:
                found.keep(booking)
                continue
            if booking.series not in masters:
                masters[booking.series] = await self._master(booking.series)
            # One that has been removed while we read takes its days along.
            if master := masters[booking.series]:
                found.keep(booking, master)
        return found.reading(told.link, whole=True)

    async def changes(self, place: Place) -> Reading:
        """Return what changed since a place."""
        told = await self._told(place.link, {})
        found = _Sorted(place.window, place.known)
        for id_ in told.removed:
            found.forget(id_)
        for booking in told.bookings:
            found.forget(booking.id)
            if booking.series is None:
                found.keep(booking)
        # Of a day that has left its series nothing is told, only that there was a
        # change to the series: so the days of each such are read anew.
        touched = {booking.series for booking in told.bookings if booking.series}
        for series in sorted(touched | told.masters.keys()):
            found.forget(series)
            master = told.masters.get(series) or await self._master(series)
            for day in await self._days(series, place.window) if master else ():
                found.keep(day, master)
        return found.reading(told.link, whole=False)

    async def _as_opened(self, told: _Told) -> list[Booking]:
        """Return the bookings with what they carry; no delta tells of it."""
        if not any(
            each.mark for each in (*told.bookings, *told.masters.values()) if each
        ):
            return told.bookings
        carried = await self._openings.carried()
        return [
            replace(each, opened=carried.get(each.series or each.id, ""))
            for each in told.bookings
        ]

    async def _told(self, path: str, params: dict[str, str]) -> _Told:
        told = _Told()
        async for page in self._graph.pages(path, params):
            for row in rows(page):
                self._sort(row, told)
            told.link = str(page.get("@odata.deltaLink", ""))
        if not told.link:
            raise BrokenAnswerError(
                "Outlook did not say where its answer ends: it is asked again."
            )
        return told

    def _sort(self, row: Row, told: _Told) -> None:
        if "@removed" in row:
            told.removed.append(str(row.get("id")))
            return
        booking = cut(row, self._reasons)
        if booking.kind is Kind.MASTER:
            told.masters[booking.id] = booking
        else:
            told.bookings.append(booking)

    async def _master(self, series: str) -> Booking | None:
        try:
            path = f"{self._user}/events/{quote(series, safe='')}"
            row = await self._graph.ask("GET", path, {"$select": FIELDS})
        except MissingError:
            return None
        return cut(row, self._reasons)

    async def _days(self, series: str, window: Window) -> list[Booking]:
        path = f"{self._user}/events/{quote(series, safe='')}/instances"
        params = _within(window) | {"$select": FIELDS, "$top": "100"}
        days: list[Booking] = []
        try:
            async for page in self._graph.pages(path, params):
                days += (cut(row, self._reasons) for row in rows(page))
        except MissingError:
            return []
        return days


def _within(window: Window) -> dict[str, str]:
    return {"startDateTime": _stamp(window.start), "endDateTime": _stamp(window.end)}


def _stamp(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
