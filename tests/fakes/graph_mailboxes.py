"""Everybody's mailbox: bookings made, changed, removed, and copied to those invited."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import count
from typing import TypeAlias

from tests.fakes.graph_answers import EXTENDED, GraphRefusalError
from tests.fakes.graph_items import (
    DEFAULTS,
    Item,
    Json,
    new_id,
    new_uid,
    read_time,
)

Changed: TypeAlias = Callable[[str, str, str], None]
"""Hears whose mailbox changed, how, and the booking's id."""
_SHARED = ("subject", "body", "location", "sensitivity", "isAllDay")
_FILTER = re.compile(
    r"singleValueExtendedProperties/Any\(ep: ep/id eq '((?:[^']|'')*)' "
    r"and ep/value (?:eq '((?:[^']|'')*)'|ne null)\)"
)


class Mailbox:
    """One person's calendar."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.items: dict[str, Item] = {}
        self.transactions: dict[str, tuple[str, Json]] = {}
        self.gone: dict[str, int] = {}
        """When each booking that is gone was removed, by the count of changes."""

    def view(self, start: datetime, end: datetime) -> Iterator[Json]:
        """Yield what lies in a window."""
        for item in self.items.values():
            yield from item.rows(start, end)

    def find(self, id_: str) -> tuple[Item, date | None]:
        """Return a booking, or the series of one and its day."""
        if id_ in self.items:
            return self.items[id_], None
        for item in self.items.values():
            day = item.day(id_) if item.recurrence else None
            if day is not None:
                return item, day
        raise GraphRefusalError(
            404, "ErrorItemNotFound", "The specified object was not found in the store."
        )

    def with_property(self, asked: str) -> list[Item]:
        """Return the bookings that a filter on an extended property leaves."""
        found = _FILTER.fullmatch(asked)
        if found is None:
            raise GraphRefusalError(
                400, "ErrorInvalidUrlQueryFilter", f"Filter: {asked}"
            )
        name, value = (each and each.replace("''", "'") for each in found.groups())
        having = [each for each in self.items.values() if name in each.extended]
        return [each for each in having if value in (None, each.extended[name])]


class Mailboxes:
    """All mailboxes, and what goes from one to another."""

    def __init__(self, changed: Changed) -> None:
        self.of: dict[str, Mailbox] = {}
        self._changed = changed
        self._count = count(1)

    def add(self, owner: str) -> None:
        self.of[owner] = Mailbox(owner)

    def create(self, owner: str, body: Json) -> Item:
        """Make a booking, and a copy for everybody who is invited."""
        box, transaction = self.of[owner], body.get("transactionId")
        if transaction in box.transactions:
            id_, before = box.transactions[transaction]
            if before == body and id_ in box.items:
                return box.items[id_]
            raise GraphRefusalError(
                409,
                "ErrorDuplicateTransactionId",
                "The TransactionId specified in the request has already been used to "
                "create a different event.",
            )
        item = _made(owner, new_id(owner, next(self._count)), body)
        if transaction:
            box.transactions[transaction] = (item.id, body)
        self._put(item, "created")
        for guest in _guests(body):
            if guest in self.of:
                self._put(self._copy(item, guest), "created")
        return item

    def update(self, owner: str, id_: str, body: Json) -> Json:
        """Change a booking or one day of a series, in every copy if it is theirs."""
        item, day = self.of[owner].find(id_)
        self._change(item, day, body)
        if item.organizer == owner:
            for copy in self._copies(item):
                shared = {
                    key: body[key] for key in (*_SHARED, "start", "end") if key in body
                }
                self._change(copy, day, shared)
        return item.row() if day is None else item.instance(day)

    def delete(self, owner: str, id_: str) -> None:
        """Remove a booking; a meeting is cancelled for those who were invited."""
        item, day = self.of[owner].find(id_)
        if item.organizer == owner:
            for copy in self._copies(item):
                about = {
                    "subject": f"Canceled: {copy.told['subject']}",
                    "isCancelled": True,
                }
                self._change(copy, day, about | {"showAs": "free"})
        self._remove(item, day)

    def respond(self, owner: str, id_: str, response: str) -> None:
        """Answer an invitation, and keep it in the calendar whatever the answer is."""
        shown = {"declined": "free", "tentativelyAccepted": "tentative"}
        item, day = self.of[owner].find(id_)
        status = {"response": response, "time": "2026-03-01T00:00:00Z"}
        about = {"responseStatus": status, "showAs": shown.get(response, "busy")}
        self._change(item, day, about)

    def _copy(self, item: Item, guest: str) -> Item:
        id_ = new_id(guest, next(self._count))
        status = {"response": "notResponded", "time": "0001-01-01T00:00:00Z"}
        own = {"isOrganizer": False, "responseStatus": status, "showAs": "tentative"}
        told, recurrence = item.told | own | {"categories": []}, item.recurrence
        return Item(
            id_, item.uid, guest, item.owner, item.start, item.end, told, recurrence
        )

    def _copies(self, item: Item) -> list[Item]:
        found = (each for box in self.of.values() for each in box.items.values())
        return [each for each in found if each.uid == item.uid and each is not item]

    def _put(self, item: Item, how: str) -> None:
        item.change = next(self._count)
        self.of[item.owner].items[item.id] = item
        self._changed(item.owner, how, item.id)

    def _change(self, item: Item, day: date | None, body: Json) -> None:
        item.extended |= _extended(body)
        left = ("attendees", EXTENDED)
        body = {key: value for key, value in body.items() if key not in left}
        times = {
            key: read_time(body.pop(key)) for key in ("start", "end") if key in body
        }
        if day is not None:
            item.exceptions[day] = item.exceptions.get(day, {}) | body | times
        else:
            item.recurrence = body.pop("recurrence", item.recurrence)
            item.start = times.get("start", item.start)
            item.end = times.get("end", item.end)
            item.told |= body
        self._put(item, "updated")

    def _remove(self, item: Item, day: date | None) -> None:
        if day is not None:
            item.removed.add(day)
            item.exceptions.pop(day, None)
            self._put(item, "updated")
            return
        box = self.of[item.owner]
        del box.items[item.id]
        box.gone[item.id] = next(self._count)
        self._changed(item.owner, "deleted", item.id)


def _made(owner: str, id_: str, body: Json) -> Item:
    told = {key: body[key] for key in DEFAULTS if key in body}
    try:
        start, end = read_time(body["start"]), read_time(body["end"])
    except (KeyError, ValueError):
        raise GraphRefusalError(400, "ErrorInvalidRequest", "Start or end.") from None
    item = Item(id_, new_uid(id_), owner, owner, start, end, DEFAULTS | told)
    item.recurrence, item.extended = body.get("recurrence"), _extended(body)
    item.transaction = body.get("transactionId")
    return item


def _extended(body: Json) -> dict[str, str]:
    return {each["id"]: each["value"] for each in body.get(EXTENDED, ())}


def _guests(body: Json) -> list[str]:
    return [each["emailAddress"]["address"] for each in body.get("attendees", ())]
