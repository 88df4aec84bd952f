"""A person's calendar in Microsoft 365, through Graph."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from voice.calendars.graph import (
    Graph,
    Json,
    MissingError,
    RefusedError,
    TakenError,
)
from voice.calendars.outlook_openings import Openings
from voice.calendars.outlook_place import unpack
from voice.calendars.outlook_reading import Reader
from voice.calendars.outlook_rows import FIELDS, OURS, Reasons, Row, cut, entry, rows
from voice.calendars.port import (
    Block,
    BrokenAnswerError,
    Cursor,
    Opening,
    Reading,
    Watch,
    Window,
)
from voice.divert.model import Entry, Mode

_SIGNS = {Mode.CLOSED: ":", Mode.INFORMING: ";"}
# An extended property of ours: it can be asked for, as a transaction cannot.
_KEY = "String {6f0b2b52-5f0c-4c6c-9f4b-6a0f4f4a4949} Name telefonist-key"
_CATEGORY = "Telefonist"
_REMINDER_MINUTES = 15
# Graph takes each but once, also of a booking that is there no more: so many an hour.
_MOST_TRANSACTIONS = 30
# Less than 4,230 minutes, which was the longest for years; by now it is a week.
_LONGEST_WATCH = timedelta(minutes=4200)


class OutlookCalendar:
    """The calendar of one person; whoever opened the way to Graph closes it."""

    def __init__(self, graph: Graph, user: str, reasons: Reasons) -> None:
        self._graph, self._reasons = graph, reasons
        self._user = f"/users/{quote(user, safe='@')}"
        self._reader = Reader(graph, self._user, reasons)
        self._openings = Openings(graph, self._user, reasons)

    async def read(self, window: Window, since: Cursor | None) -> Reading:
        """Return what changed since the cursor; the whole window when it is None."""
        place = None if since is None else unpack(since)
        if place is None or not place.serves(window):
            return await self._reader.whole(window)
        return await self._reader.changes(place)

    async def find(self, key: str) -> Entry | None:
        """Return our booking as it is now; None when it is there no more."""
        found = await self._found(key, FIELDS)
        return entry(cut(found[0], self._reasons), None) if found else None

    async def put(self, block: Block) -> None:
        """Write our booking, or move the one with its key."""
        for nth in range(_MOST_TRANSACTIONS):
            ids = await self._ids(block.key)
            try:
                await self._write(block, ids[0] if ids else None, nth)
            except TakenError:
                # It was written and removed again, or written by another just now.
                continue
            await self._remove(ids[1:])
            return
        raise BrokenAnswerError(
            "Outlook neither has our booking nor takes it: it is tried again."
        )

    async def drop(self, key: str) -> None:
        """Remove our booking."""
        await self._remove(await self._ids(key))

    async def set_opened(self, opening: Opening, opened: bool) -> None:
        """Write on a person's booking that its phone was opened, or strike that out."""
        await self._openings.set(opening, opened)

    async def take_code(self, opening: Opening) -> bool:
        """Cut the code from a booking's subject; False if others would see that."""
        return await self._openings.take_code(opening)

    async def watch(self, address: str, token: str, until: datetime) -> Watch:
        """Ask to be called at an https address, with the token."""
        until = min(until, datetime.now(UTC) + _LONGEST_WATCH)
        asked = {
            "changeType": "created,updated,deleted",
            "notificationUrl": address,
            "lifecycleNotificationUrl": address,
            "resource": f"{self._user}/events",
            "expirationDateTime": f"{until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "clientState": token,
        }
        try:
            made = await self._graph.tell("POST", "/subscriptions", asked)
        except RefusedError:
            # It is called once before a promise is made, and must answer as Graph asks.
            raise RefusedError(
                "Outlook does not get the answer that it wants from the address that "
                "it is to call: see that [calendars] push_address is reached from the "
                "internet, by a certificate that all trust, and leads to push_listen."
            ) from None
        try:
            ends = datetime.fromisoformat(made["expirationDateTime"])
            return Watch(str(made["id"]), str(made["resource"]), ends)
        except (KeyError, TypeError, ValueError):
            raise BrokenAnswerError(
                "Outlook's promise to call cannot be read: it is asked again."
            ) from None

    async def unwatch(self, watch: Watch) -> None:
        """Ask to be called no more."""
        try:
            await self._graph.ask("DELETE", f"/subscriptions/{_quoted(watch.id)}")
        except MissingError:
            return

    async def close(self) -> None:
        """Do nothing, because the way to Graph is shared."""

    async def _ids(self, key: str) -> list[str]:
        return [str(row["id"]) for row in await self._found(key, "id")]

    async def _found(self, key: str, fields: str) -> list[Row]:
        """Return some fields of our bookings with this key: of none, or one."""
        named, sought = _text(_KEY), _text(key)
        params = {
            "$filter": "singleValueExtendedProperties/Any"
            f"(ep: ep/id eq {named} and ep/value eq {sought})",
            "$select": fields,
        }
        found: list[Row] = []
        async for page in self._graph.pages(f"{self._user}/events", params):
            found += rows(page)
        return found

    async def _write(self, block: Block, id_: str | None, nth: int) -> None:
        if id_ is not None:
            try:
                await self._graph.tell("PATCH", self._at(id_), _told(block))
            except MissingError:
                # Its owner has removed it just now.
                id_ = None
        if id_ is None:
            new = _told(block) | _marked(block.key, nth) | _shown(block)
            await self._graph.tell("POST", f"{self._user}/events", new)

    async def _remove(self, ids: Iterable[str]) -> None:
        for id_ in ids:
            try:
                await self._graph.ask("DELETE", self._at(id_))
            except MissingError:
                continue

    def _at(self, id_: str) -> str:
        return f"{self._user}/events/{_quoted(id_)}"


def _told(block: Block) -> Json:
    """Return what our booking says, and what follows each change of it."""
    return {
        "subject": block.note or f"{block.mark.reason}{_SIGNS[block.mark.mode]}",
        "start": _time(block.start),
        "end": _time(block.end),
        "isAllDay": False,
    }


def _marked(key: str, nth: int) -> Json:
    """Return what makes a booking ours, and is given to it once."""
    return {
        "transactionId": f"{OURS}{key}-{datetime.now(UTC):%y%m%d%H}-{nth}",
        "singleValueExtendedProperties": [{"id": _KEY, "value": key}],
        "categories": [_CATEGORY],
    }


def _shown(block: Block) -> Json:
    """Return how a booking of ours is shown, and whether it reminds."""
    if block.note:
        return {"sensitivity": "private", "showAs": "free", "isReminderOn": False}
    return {"isReminderOn": True, "reminderMinutesBeforeStart": _REMINDER_MINUTES}


def _time(instant: datetime) -> dict[str, str]:
    at = f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"
    return {"dateTime": at, "timeZone": "UTC"}


def _text(text: str) -> str:
    # OData 4.01 §5.1.1.14.1: a quote within a text is written twice.
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _quoted(id_: str) -> str:
    return quote(id_, safe="")
