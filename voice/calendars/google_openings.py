"""What we write on a person's own bookings in Google, and on no other guest's copy."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from voice.calendars.google_rows import EVENT, OPENED, Booking, Reasons, Row, cut
from voice.calendars.google_wire import Json, MissingError, Question, broken
from voice.calendars.opened import with_proof
from voice.calendars.port import Opening
from voice.divert.agenda import without_code
from voice.divert.model import Entry

Ask: TypeAlias = Callable[[Question], Awaitable[Json]]

_FIELDS = f"nextPageToken,items({EVENT},etag)"
# In the time of one booking nobody has so many pages of others.
_MOST_PAGES = 20


class Openings:
    """A person's bookings whose phone was opened."""

    def __init__(self, ask: Ask, calendar: str, reasons: Reasons) -> None:
        self._ask, self._calendar, self._reasons = ask, calendar, reasons

    async def set(self, opening: Opening, opened: bool) -> None:
        """Write on a booking that its phone was opened, or strike that out."""
        row = await self._row(opening)
        if row is None:
            return
        carried = _private(row).get(OPENED) or ""
        after = with_proof(carried, opening.proof, opened)
        if after != carried:
            # Null takes a property away.
            own = {"private": {OPENED: after or None}}
            await self._change(row, {"extendedProperties": own})

    async def take_code(self, opening: Opening) -> bool:
        """Cut the code from a booking's subject; False if others would see that."""
        row = await self._row(opening)
        found = None if row is None else cut(row, self._reasons)
        if row is None or not isinstance(found, Booking):
            return True
        if not _is_as_it_was(found.entry, opening):
            return True
        # What an organiser changes reaches every guest.
        if row.get("attendees") and not found.entry.invited:
            return False
        subject = without_code(str(row.get("summary") or ""), self._reasons)
        await self._change(row, {"summary": subject})
        return True

    async def _row(self, opening: Opening) -> Row | None:
        """Return the booking, as it came; it is looked for where it was."""
        asked = {"calendarId": self._calendar, "singleEvents": True, "fields": _FIELDS}
        times = {"timeMin": opening.start, "timeMax": opening.end}
        asked |= {name: at.isoformat() for name, at in times.items()}
        for _ in range(_MOST_PAGES):
            page = await self._listed(asked)
            for row in page.get("items", ()):
                found = cut(row, self._reasons)
                if isinstance(found, Booking) and found.entry.key == opening.key:
                    return dict(row)
            if not page.get("nextPageToken"):
                return None
            asked["pageToken"] = page["nextPageToken"]
        raise broken()

    async def _listed(self, asked: dict[str, Any]) -> Json:
        return await self._ask(lambda events: events.list(**asked))

    async def _change(self, row: Row, change: Json) -> None:
        about = {"calendarId": self._calendar, "eventId": row["id"], "body": change}

        def question(events: Any) -> Any:
            # Nobody is written to, and what was changed meanwhile is looked at again.
            request = events.patch(sendUpdates="none", fields="id", **about)
            request.headers["If-Match"] = row["etag"]
            return request

        try:
            await self._ask(question)
        except MissingError:
            return


def _private(row: Row) -> Json:
    return (row.get("extendedProperties") or {}).get("private") or {}


def _is_as_it_was(entry: Entry, opening: Opening) -> bool:
    was = (opening.mark, opening.start, opening.end)
    return (entry.mark, entry.start, entry.end) == was
