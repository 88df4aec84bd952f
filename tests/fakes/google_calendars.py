"""The calendars that the stand-in keeps: each guest of a meeting has an own copy."""

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from tests.fakes.google_answers import RefusedError, invalid, not_found
from tests.fakes.google_events import (
    SHARED,
    Event,
    Span,
    check,
    instance,
    instances,
    merged,
    moment,
    original_of,
    within,
)

# Beyond so many guests, answers reach nobody but who gave them.
_MANY_GUESTS = 200


class Calendar:
    """One person's calendar: events by id, and changed instances by theirs."""

    def __init__(self, owner: str, changed: Callable[[str], None]) -> None:
        self.owner = owner
        self.events: dict[str, Event] = {}
        self.revision = 0
        self._changed = changed

    def keep(self, event: Event) -> None:
        self.revision += 1
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        stamps = {"_revision": self.revision, "updated": now.replace("+00:00", "Z")}
        self.events[event["id"]] = {**event, **stamps}
        self._changed(self.owner)

    def find(self, event_id: str) -> Event | None:
        """Return an event or an instance as it is kept, unless there is none."""
        master = self.events.get(event_id.rpartition("_")[0])
        if master is None or "recurrence" not in master:
            return self.events.get(event_id)
        original = original_of(master, event_id)
        return None if original is None else self._present(instance(master, original))

    def view(self, span: Span, single: bool) -> dict[str, Event]:
        """Return what is there within a span, with series as their instances or not."""
        found = (event for event in self._all(span, single) if within(event, span))
        return {event["id"]: event for event in found if not cancelled(event)}

    def deleted(self) -> Iterator[Event]:
        yield from filter(cancelled, self.events.values())

    def exceptions(self, series: str) -> list[Event]:
        """Return the instances of a series that were changed."""
        of_series = (e for e in self.events.values() if series == _series(e))
        return list(of_series)

    def shown(self, event: Event) -> Event:
        """Return an event as its owner's programs see it."""
        shown = {name: each for name, each in event.items() if name[0] != "_"}
        shown |= {"kind": "calendar#event", "etag": etag(event)}
        if guests := event.get("attendees"):
            shown["attendees"] = [self._seen(guest) for guest in guests]
        if "organizer" in event:
            shown["organizer"] = self._seen(event["organizer"])
        return shown

    def _seen(self, person: Event) -> Event:
        return person | {"self": True} if person["email"] == self.owner else person

    def _all(self, span: Span, single: bool) -> Iterator[Event]:
        for event in list(self.events.values()):
            if cancelled(event):
                continue
            if "recurrence" in event and single:
                yield from self._instances(event, span)
            elif _series(event) not in self.events:
                yield event

    def _instances(self, master: Event, span: Span) -> Iterator[Event]:
        exceptions = {event["id"]: event for event in self.exceptions(master["id"])}
        for each in instances(master, span):
            if each["id"] not in exceptions:
                yield each
        for event_id in exceptions:
            found = self.find(event_id)
            if found is not None:
                yield found

    def _present(self, plain: Event) -> Event:
        exception = self.events.get(plain["id"])
        if exception is None:
            return plain
        revision = max(plain["_revision"], exception["_revision"])
        return {**merged(plain, exception), "_revision": revision}


class Calendars:
    """Everybody's calendars."""

    def __init__(self, changed: Callable[[str], None]) -> None:
        self._changed = changed
        self.of: dict[str, Calendar] = {}

    def add(self, owner: str) -> Calendar:
        return self.of.setdefault(owner, Calendar(owner, self._changed))

    def insert(self, owner: str, body: Event) -> Event:
        calendar = self.of[owner]
        event_id = body.get("id") or secrets.token_hex(13)
        if event_id in calendar.events:
            text = "The requested identifier already exists."
            raise RefusedError(409, "duplicate", text)
        organiser = {"email": owner}
        # Google makes the one from the other, where it is the one who made both.
        event = {"iCalUID": f"{event_id}@google.com", "status": "confirmed"}
        event |= {"organizer": organiser, "creator": organiser, "eventType": "default"}
        event = merged(event, body)
        event |= {"id": event_id, "sequence": 0}
        check(event)
        calendar.keep(event)
        self._invite(event)
        return self.get(owner, event_id)

    def get(self, owner: str, event_id: str) -> Event:
        event = self.of[owner].find(event_id)
        if event is None:
            raise not_found()
        return event

    def patch(
        self, owner: str, event_id: str, change: Event, match: str | None
    ) -> Event:
        calendar, before = self.of[owner], self.get(owner, event_id)
        _check_match(before, match)
        if change.get("id", event_id) != event_id:
            raise invalid("Invalid value for: id cannot be changed.")
        after = merged(before, change)
        check(after)
        if _series(before) is None:
            calendar.keep(after)
        else:
            changed = {name: after[name] for name in change if name in after}
            calendar.keep(self._exception(calendar, before) | changed)
        if not _is_of_this_copy(change):
            self._tell(owner, before, after)
        return self.get(owner, event_id)

    def delete(self, owner: str, event_id: str, match: str | None) -> None:
        calendar, before = self.of[owner], self.get(owner, event_id)
        _check_match(before, match)
        if cancelled(before):
            raise RefusedError(410, "deleted", "Resource has been deleted")
        self._cancel(calendar, before)
        if before["organizer"]["email"] == owner:
            for guest in self._guests(before):
                if (copy := guest.find(event_id)) is not None:
                    self._cancel(guest, copy)

    def respond(self, owner: str, event_id: str, response: str) -> None:
        """Answer an invitation as its guest does."""
        event = self.get(owner, event_id)
        answered = [
            guest | {"responseStatus": response} if guest["email"] == owner else guest
            for guest in event["attendees"]
        ]
        self.patch(owner, event_id, {"attendees": answered}, None)

    def _cancel(self, calendar: Calendar, event: Event) -> None:
        kept = event if _series(event) is None else self._exception(calendar, event)
        calendar.keep(kept | {"status": "cancelled"})

    def _exception(self, calendar: Calendar, event: Event) -> Event:
        names = ("id", "recurringEventId", "originalStartTime")
        fresh = {name: event[name] for name in names}
        return calendar.events.get(event["id"], fresh)

    def _guests(self, event: Event) -> list[Calendar]:
        organiser = event["organizer"]["email"]
        emails = [guest["email"] for guest in event.get("attendees", ())]
        return [self.of[e] for e in emails if e in self.of and e != organiser]

    def _invite(self, event: Event) -> None:
        for guest in self._guests(event):
            guest.keep(_copied(event))

    def _tell(self, owner: str, before: Event, after: Event) -> None:
        """Carry an organiser's edit, or a guest's answer, into the others' copies."""
        if after["organizer"]["email"] == owner:
            for guest in self._guests(after):
                self._rewrite(guest, after)
            return
        answered = before.get("attendees") != after.get("attendees")
        if answered and len(after["attendees"]) <= _MANY_GUESTS:
            self._carry_answer(owner, after)

    def _rewrite(self, guest: Calendar, after: Event) -> None:
        copy = guest.find(after["id"])
        if copy is None:
            guest.keep(_copied(after))
            return
        # The organiser's version is the primary one: whatever was edited, all of it
        # reaches the copies, and with it a code that a guest had removed.
        shared = {name: after[name] for name in (*SHARED, "attendees") if name in after}
        if _series(copy) is not None:
            shared.pop("recurrence", None)
            guest.keep(self._exception(guest, copy) | shared)
            return
        guest.keep(copy | shared)
        for exception in guest.exceptions(after["id"]):
            if "summary" in exception:
                guest.keep(exception | {"summary": after.get("summary", "")})

    def _carry_answer(self, owner: str, after: Event) -> None:
        emails = [
            after["organizer"]["email"],
            *(g["email"] for g in after["attendees"]),
        ]
        for email in dict.fromkeys(emails):
            calendar = self.of.get(email)
            copy = calendar.find(after["id"]) if calendar and email != owner else None
            if calendar is None or copy is None:
                continue
            answers = {"attendees": after["attendees"]}
            if _series(copy) is None:
                calendar.keep(copy | answers)
            else:
                calendar.keep(self._exception(calendar, copy) | answers)


def cancelled(event: Event) -> bool:
    return bool(event.get("status") == "cancelled")


def etag(event: Event) -> str:
    return f'"{3_000_000_000_000_000 + event["_revision"]}"'


def stub(event: Event) -> Event:
    """Return all that is told of what was deleted."""
    names = ("id", "recurringEventId", "originalStartTime")
    told = {name: event[name] for name in names if name in event}
    return told | {"kind": "calendar#event", "etag": etag(event), "status": "cancelled"}


def sorted_by_start(events: dict[str, Event]) -> list[Event]:
    return sorted(events.values(), key=lambda event: moment(event["start"]))


def _copied(event: Event) -> Event:
    """Return what a guest gets of an event: all but what is the organiser's own."""
    copy = {name: each for name, each in event.items() if name != "reminders"}
    shared = event.get("extendedProperties", {}).get("shared", {})
    return copy | {"extendedProperties": {"shared": shared}}


def _is_of_this_copy(change: Event) -> bool:
    """Tell whether a change is one of "properties that are private to the copy"."""
    properties = change.get("extendedProperties", {})
    return change.keys() == {"extendedProperties"} and properties.keys() == {"private"}


def _series(event: Event) -> Any:
    return event.get("recurringEventId")


def _check_match(event: Event, match: str | None) -> None:
    if match not in (None, "*", etag(event)):
        text = "Precondition Failed"
        raise RefusedError(412, "conditionNotMet", text, location="If-Match")
