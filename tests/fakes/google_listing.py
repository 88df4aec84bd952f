"""Lists of events: pages, and sync tokens that tell what changed since a list."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

from tests.fakes.google_answers import RefusedError, invalid
from tests.fakes.google_calendars import (
    Calendar,
    cancelled,
    etag,
    sorted_by_start,
    stub,
)
from tests.fakes.google_events import Event, Span, within

Asked: TypeAlias = dict[str, str]
# "There are several query parameters that cannot be specified together with
# nextSyncToken", says the reference of events.list.
_NEVER_WITH_TOKEN = ("iCalUID", "orderBy", "privateExtendedProperty", "q")
_NEVER_WITH_TOKEN += ("sharedExtendedProperty", "timeMin", "timeMax", "updatedMin")
_SAME_AS_FIRST = ("singleEvents", "maxAttendees", "showDeleted", "eventTypes")
_ALWAYS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_TOKENS_KEPT = 10_000


@dataclass(frozen=True)
class Given:
    """What a list has given: enough to tell what has changed since."""

    owner: str
    revision: int
    asked: Asked
    span: Span
    etags: dict[str, str]


@dataclass(frozen=True)
class Rest:
    """What is yet to be given, page by page, and what the last page will have given."""

    items: list[Event]
    given: Given


class Lists:
    """Everybody's lists, as far as their tokens are remembered."""

    def __init__(self) -> None:
        self.page_size = 2500
        """No page holds more, whatever is asked."""
        self._given: OrderedDict[str, Given] = OrderedDict()
        self._rests: OrderedDict[str, Rest] = OrderedDict()

    def list(self, calendar: Calendar, asked: Asked) -> dict[str, Any]:
        rest = self._begun(calendar, asked)
        size = min(_number(asked, "maxResults", 250, 2500), self.page_size)
        page, left = rest.items[:size], rest.items[size:]
        answer = {"kind": "calendar#events", "etag": f'"p{calendar.revision}"'}
        answer |= {"summary": calendar.owner, "timeZone": "Europe/Stockholm"}
        answer |= {"accessRole": "owner", "defaultReminders": []}  # type: ignore[dict-item]
        if left:
            token = _remember(self._rests, replace(rest, items=left))
            return answer | {"nextPageToken": token, "items": page}
        # The last page alone has the token: a list broken off is read again.
        token = _remember(self._given, rest.given)
        return answer | {"nextSyncToken": token, "items": page}

    def expire(self, owner: str | None = None) -> None:
        """Forget what everybody, or one person, was given."""
        kept = {} if owner is None else self._given
        others = {t: given for t, given in kept.items() if given.owner != owner}
        self._given = OrderedDict(others)

    def _begun(self, calendar: Calendar, asked: Asked) -> Rest:
        if "pageToken" in asked:
            rest = self._rests.get(asked["pageToken"])
            if rest is None or rest.given.owner != calendar.owner:
                raise invalid("Invalid page token value.")
            return rest
        if "syncToken" in asked:
            return self._changes(calendar, asked)
        span = _time(asked, "timeMin", _ALWAYS[0]), _time(asked, "timeMax", _ALWAYS[1])
        there = calendar.view(span, _single(asked))
        items = sorted_by_start(there)
        wanted = _filtered(items, asked)
        shown = [calendar.shown(event) for event in wanted]
        if asked.get("showDeleted") == "true":
            shown += [
                stub(event) for event in calendar.deleted() if within(event, span)
            ]
        return Rest(shown, _given(calendar, asked, span, there))

    def _changes(self, calendar: Calendar, asked: Asked) -> Rest:
        for name in _NEVER_WITH_TOKEN:
            if name in asked:
                text = f"Sync token cannot be used with {name}."
                raise RefusedError(400, "invalid", text, location="syncToken")
        given = self._given.get(asked["syncToken"])
        if given is None or given.owner != calendar.owner:
            text = "Sync token is no longer valid, a full sync is required."
            raise RefusedError(410, "fullSyncRequired", text, location="syncToken")
        if any(given.asked.get(name) != asked.get(name) for name in _SAME_AS_FIRST):
            raise invalid("The other parameters must be those of the first list.")
        if given.revision == calendar.revision:
            return Rest([], given)
        there = calendar.view(given.span, _single(asked))
        items = [
            calendar.shown(event)
            for event_id, event in there.items()
            if given.etags.get(event_id) != etag(event)
        ]
        items += [_left(calendar, each) for each in given.etags.keys() - there.keys()]
        return Rest(items, _given(calendar, given.asked, given.span, there))


def _left(calendar: Calendar, event_id: str) -> Event:
    """Tell what has become of an event that is no longer within the list's span."""
    event = calendar.find(event_id)
    if event is not None:
        return stub(event) if cancelled(event) else calendar.shown(event)
    # An instance that its series has no more.
    series, _, original = event_id.rpartition("_")
    start = datetime.strptime(original[:8], "%Y%m%d").date().isoformat()
    when = {"date": start}
    if "T" in original:
        at = datetime.strptime(original, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        when = {"dateTime": at.isoformat().replace("+00:00", "Z")}
    gone = {"id": event_id, "recurringEventId": series, "originalStartTime": when}
    return stub(gone | {"_revision": calendar.revision})


def _filtered(events: list[Event], asked: Asked) -> list[Event]:
    if uid := asked.get("iCalUID"):
        events = [event for event in events if event["iCalUID"] == uid]
    if named := asked.get("privateExtendedProperty"):
        name, _, value = named.partition("=")
        events = [event for event in events if _private(event).get(name) == value]
    return events


def _private(event: Event) -> dict[str, str]:
    properties: dict[str, str] = event.get("extendedProperties", {}).get("private", {})
    return properties


def _given(
    calendar: Calendar, asked: Asked, span: Span, there: dict[str, Event]
) -> Given:
    etags = {event_id: etag(event) for event_id, event in there.items()}
    return Given(calendar.owner, calendar.revision, asked, span, etags)


def _remember(kept: OrderedDict[str, Any], value: Given | Rest) -> str:
    token = secrets.token_urlsafe(18)
    kept[token] = value
    if len(kept) > _TOKENS_KEPT:
        kept.popitem(last=False)
    return token


def _single(asked: Asked) -> bool:
    return asked.get("singleEvents") == "true"


def _time(asked: Asked, name: str, otherwise: datetime) -> datetime:
    if name not in asked:
        return otherwise
    try:
        time = datetime.fromisoformat(asked[name])
    except ValueError:
        raise RefusedError(400, "badRequest", "Bad Request", location=name) from None
    if time.tzinfo is None:
        raise RefusedError(400, "badRequest", "Bad Request", location=name)
    return time


def _number(asked: Asked, name: str, otherwise: int, most: int) -> int:
    written = asked.get(name, str(otherwise))
    if not written.isdecimal() or not 1 <= int(written) <= most:
        raise invalid(f"Invalid value '{written}' for {name}.")
    return int(written)
