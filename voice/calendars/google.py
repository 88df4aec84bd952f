"""A person's calendar in Google Workspace."""

import base64
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from voice.calendars.google_openings import Openings
from voice.calendars.google_place import Place, pack, short, unpack
from voice.calendars.google_rows import (
    EVENT,
    FIELDS,
    OURS,
    Booking,
    Left,
    Reasons,
    cut,
)
from voice.calendars.google_wire import (
    Json,
    MissingError,
    Question,
    TakenError,
    Workspace,
    broken,
)
from voice.calendars.port import (
    Block,
    Cursor,
    CursorExpiredError,
    Opening,
    Reading,
    Watch,
    Window,
)
from voice.divert.model import Entry, EntryKey, Mode

_SIGNS = {Mode.CLOSED: ":", Mode.INFORMING: ";"}
_TITLE = "hänvisad"
_OWN = "primary"
# As many as Google gives at a time; and no honest calendar has so many pages.
_PAGE, _MOST_PAGES = 2500, 200


@dataclass(slots=True)
class _Told:
    """What the pages of one answer held."""

    rows: list[Booking | Left] = field(default_factory=list)
    token: str = ""


class GoogleCalendar:
    """The calendar of one person; whoever opened the way to Google closes it."""

    def __init__(self, workspace: Workspace, owner: str, reasons: Reasons) -> None:
        self._workspace, self._reasons = workspace, reasons
        self._credentials = workspace.credentials(owner)
        self._openings = Openings(self._ask, _OWN, reasons)

    async def read(self, window: Window, since: Cursor | None) -> Reading:
        """Return what changed since the cursor; the whole window when it is None."""
        place = None if since is None else unpack(since)
        # A token's window is fixed when it is made.
        if place is None or not place.covers(window):
            return await self._whole(window)
        return await self._changes(place)

    async def find(self, key: str) -> Entry | None:
        """Return our booking as it is now; None when it is there no more."""
        asked = {"calendarId": _OWN, "eventId": _id(key), "fields": EVENT}
        try:
            row = await self._ask(lambda events: events.get(maxAttendees=1, **asked))
        except (MissingError, CursorExpiredError):
            # So it says, too, when there is no calendar: this raises the fault then.
            await self._listed({"calendarId": _OWN, "maxResults": 1, "fields": "kind"})
            return None
        found = cut(row, self._reasons)
        return found.entry if isinstance(found, Booking) else None

    async def put(self, block: Block) -> None:
        """Write our booking, or move the one with its key."""
        id_, body = _id(block.key), _written(block)
        try:
            new = body | {"id": id_}
            await self._ask(lambda events: events.insert(calendarId=_OWN, body=new))
        except TakenError:
            # It is there, or was: an id that was removed can only be brought back.
            timed = {name: body[name] | {"date": None} for name in ("start", "end")}
            again = body | timed
            await self._ask(
                lambda events: events.patch(calendarId=_OWN, eventId=id_, body=again)
            )

    async def drop(self, key: str) -> None:
        """Remove our booking."""
        id_ = _id(key)
        try:
            await self._ask(lambda events: events.delete(calendarId=_OWN, eventId=id_))
        except (MissingError, CursorExpiredError):
            # 410 is what Google says of a booking that was removed before.
            return

    async def set_opened(self, opening: Opening, opened: bool) -> None:
        """Write on a person's booking that its phone was opened, or strike that out."""
        await self._openings.set(opening, opened)

    async def take_code(self, opening: Opening) -> bool:
        """Cut the code from a booking's subject; False if others would see that."""
        return await self._openings.take_code(opening)

    async def watch(self, address: str, token: str, until: datetime) -> Watch:
        """Ask to be called at an https address, with the token."""
        body = {
            "id": str(uuid.uuid4()),
            "type": "web_hook",
            "address": address,
            "token": token,
            "expiration": str(int(until.timestamp() * 1000)),
        }
        made = await self._ask(lambda events: events.watch(calendarId=_OWN, body=body))
        try:
            ends = datetime.fromtimestamp(int(made["expiration"]) / 1000, UTC)
            return Watch(body["id"], str(made["resourceId"]), ends)
        except (KeyError, OverflowError, TypeError, ValueError):
            raise broken() from None

    async def unwatch(self, watch: Watch) -> None:
        """Ask to be called no more."""
        body = {"id": watch.id, "resourceId": watch.resource}
        try:
            await self._workspace.ask(
                self._credentials, lambda api: api.channels().stop(body=body)
            )
        except MissingError:
            return

    async def close(self) -> None:
        """Do nothing, because the way to Google is shared."""

    async def _whole(self, window: Window) -> Reading:
        told = await self._told(
            timeMin=_stamp(window.start), timeMax=_stamp(window.end)
        )
        entries, foreign = dict[EntryKey, Entry](), dict[str, EntryKey]()
        for row in told.rows:
            if isinstance(row, Booking) and _within(row.entry, window):
                entries[row.entry.key] = row.entry
                foreign |= _foreign(row)
        cursor = pack(Place(told.token, window, foreign))
        return Reading(tuple(entries.values()), (), cursor, whole=True)

    async def _changes(self, place: Place) -> Reading:
        told = await self._told(syncToken=place.token)
        foreign, gone = dict(place.foreign), set[EntryKey]()
        entries = dict[EntryKey, Entry]()
        for row in told.rows:
            before = foreign.pop(short(row.id), None)
            match row:
                case Left(_, key):
                    gone.add(before or key)
                case Booking(_, entry) if not _within(entry, place.window):
                    gone.add(entry.key)
                case Booking(_, entry):
                    entries[entry.key] = entry
                    foreign |= _foreign(row)
        cursor = pack(replace(place, token=told.token, foreign=foreign))
        left = tuple(sorted(gone - entries.keys()))
        return Reading(tuple(entries.values()), left, cursor, whole=False)

    async def _told(self, **since: str) -> _Told:
        """Ask for events, page by page; all pages must come, or none are believed."""
        # Those that go with a token must be the same as those it was made with.
        asked: dict[str, Any] = {"calendarId": _OWN, "singleEvents": True}
        asked |= {"maxAttendees": 1, "maxResults": _PAGE, "fields": FIELDS, **since}
        told, page_token = _Told(), ""
        for _ in range(_MOST_PAGES):
            page = await self._listed(
                asked | ({"pageToken": page_token} if page_token else {})
            )
            told.rows += self._cut(page)
            page_token = str(page.get("nextPageToken") or "")
            if not page_token:
                # Only the last page has the token.
                told.token = str(page.get("nextSyncToken") or "")
                return _sound(told)
        raise broken()

    async def _listed(self, asked: Json) -> Json:
        return await self._ask(lambda events: events.list(**asked))

    def _cut(self, page: Mapping[str, Any]) -> list[Booking | Left]:
        rows = page.get("items", [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise broken()
        found = (cut(row, self._reasons) for row in rows)
        return [row for row in found if row is not None]

    async def _ask(self, question: Question) -> Json:
        return await self._workspace.ask(
            self._credentials, lambda api: question(api.events())
        )


def _sound(told: _Told) -> _Told:
    if not told.token:
        raise broken()
    return told


def _foreign(row: Booking) -> dict[str, EntryKey]:
    return {} if row.plain else {short(row.id): row.entry.key}


def _within(entry: Entry, window: Window) -> bool:
    return window.touches(entry.start, entry.end)


def _id(key: str) -> str:
    """Return the id of a booking of ours: the same each time it is written.

    "Lowercase letters a-v and digits 0-9", says Google: base32hex.
    """
    digest = hashlib.sha256(f"telefonist {key}".encode()).digest()
    return base64.b32hexencode(digest).decode().rstrip("=").lower()


def _written(block: Block) -> Json:
    code = f"{block.mark.reason}{_SIGNS[block.mark.mode]} {_TITLE}"
    # Google reminds before a start alone.
    reminders = [] if block.note else [{"method": "popup", "minutes": 0}]
    own = {"visibility": "private", "transparency": "transparent"}
    return {
        "summary": block.note or code,
        "start": {"dateTime": _stamp(block.start), "timeZone": "UTC"},
        "end": {"dateTime": _stamp(block.end), "timeZone": "UTC"},
        "status": "confirmed",
        "extendedProperties": {"private": {OURS: block.key}},
        "reminders": {"useDefault": False, "overrides": reminders},
    } | (own if block.note else {})


def _stamp(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
