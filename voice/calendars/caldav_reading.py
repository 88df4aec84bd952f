"""Reading a CalDAV calendar: all of it, or what has changed."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Protocol

from voice.calendars.caldav_asking import (
    Changes,
    Element,
    Resource,
    State,
    asks_since,
    asks_state,
    asks_texts,
    asks_within,
    changes,
    resources,
    state,
)
from voice.calendars.caldav_cursor import Kept, Place, path_mark, read, written
from voice.calendars.ics_entries import Held, read_ics
from voice.calendars.ics_fields import Reader
from voice.calendars.port import (
    AccessDeniedError,
    BrokenAnswerError,
    Cursor,
    CursorExpiredError,
    Reading,
    Window,
)
from voice.divert.model import Entry, EntryKey

log = logging.getLogger(__name__)

OUR_NAMES = "telefonist-"
"""How the names of resources begin that are ours."""
_AT_ONCE = 50  # resources, whose text is asked for in one question
_MOST_PAGES = 1000
_NO_CALENDAR = (
    "What is at the linked address is no calendar: link the address that the "
    "calendar's own settings name as its CalDAV address."
)
_EXPIRED = "The calendar server cannot tell what has changed: read the whole."
_NO_TEXT = (
    "The calendar server named a booking and kept its text back: see that the user "
    "may read the calendar, details and all."
)


class Wire(Protocol):
    """A connection to one calendar."""

    def ask(self, method: str, question: str, depth: int) -> Element:
        """Return the answer to a question about the calendar."""
        ...


@dataclass(frozen=True, slots=True)
class _Told:
    """What a server told of the time since a cursor, with what is gone by its mark."""

    there: tuple[Resource, ...]
    gone: frozenset[str]
    token: str | None
    tag: str | None


@dataclass(frozen=True, slots=True)
class _Had:
    """What was had of resources: their bookings, and what to remember of each."""

    entries: dict[EntryKey, Entry]
    kept: dict[str, Kept]
    unclear: set[str]
    """Keys and series of what makes no sense."""


def read_whole(wire: Wire, reader: Reader, window: Window) -> Reading:
    """Read all that lies within a window."""
    # Asked for first: what changes meanwhile is then read twice rather than never.
    before = _state(wire)
    had = _had(_within(wire, window, texts=True), reader, window, {})
    cursor = written(Place(window, before.token, before.tag, had.kept))
    entries, unclear = tuple(had.entries.values()), frozenset(had.unclear)
    return Reading(entries, (), cursor, whole=True, unclear=unclear)


def read_since(wire: Wire, reader: Reader, window: Window, since: Cursor) -> Reading:
    """Read what has changed since a cursor."""
    place = read(since)
    if window.start < place.window.start:
        raise CursorExpiredError("The window has moved back: read the whole.")
    told = _told(wire, window, place)
    found = _texts(wire, _unread(told, place))
    if window.end > place.window.end:
        # What was too far ahead has not changed, but it has come near.
        found += _within(wire, Window(place.window.end, window.end), texts=True)
    had = _had([each for each in found if not each.is_gone], reader, window, place.kept)
    gone = told.gone | {path_mark(each.path) for each in found if each.is_gone}
    there = {mark: kept for mark, kept in place.kept.items() if mark not in gone}
    kept = there | had.kept
    after = written(Place(window, told.token, told.tag, kept))
    left = _gone(place, kept)
    entries = tuple(had.entries.values())
    return Reading(entries, left, after, whole=False, compared=told.token is None)


def _state(wire: Wire) -> State:
    now = state(wire.ask("PROPFIND", asks_state(), depth=0))
    if not now.is_calendar:
        raise AccessDeniedError(_NO_CALENDAR)
    return now


def _within(wire: Wire, window: Window, texts: bool) -> list[Resource]:
    question = asks_within(window.start, window.end, texts)
    return list(resources(wire.ask("REPORT", question, depth=1)))


def _told(wire: Wire, window: Window, place: Place) -> _Told:
    if place.token is not None:
        return _told_since(wire, place.token)
    now = _state(wire)
    if now.tag is not None and now.tag == place.tag:
        return _Told((), frozenset(), None, now.tag)
    # A server that cannot tell what has changed: what it has is compared, tag by tag.
    there = tuple(_within(wire, window, texts=False))
    gone = place.kept.keys() - {path_mark(each.path) for each in there}
    return _Told(there, frozenset(gone), None, now.tag)


def _told_since(wire: Wire, token: str) -> _Told:
    found: dict[str, Resource] = {}
    for _ in range(_MOST_PAGES):
        page = _page(wire, token)
        found |= {path_mark(each.path): each for each in page.resources}
        if page.token is None or (page.more and page.token == token):
            break
        token = page.token
        if not page.more:
            there = tuple(each for each in found.values() if not each.is_gone)
            gone = frozenset(mark for mark, each in found.items() if each.is_gone)
            return _Told(there, gone, token, None)
    raise CursorExpiredError(_EXPIRED)


def _page(wire: Wire, token: str) -> Changes:
    try:
        # RFC 6578 §3.2: what is asked is the collection alone, by its level.
        return changes(wire.ask("REPORT", asks_since(token), depth=0))
    except BrokenAnswerError:
        # Some refuse a token that they no longer know in ways of their own.
        raise CursorExpiredError(_EXPIRED) from None


def _unread(told: _Told, place: Place) -> Iterator[str]:
    for each in told.there:
        before = place.kept.get(path_mark(each.path))
        if before is None or each.tag is None or each.tag != before.tag:
            yield each.path


def _texts(wire: Wire, paths: Iterator[str]) -> list[Resource]:
    found: list[Resource] = []
    while some := list(islice(paths, _AT_ONCE)):
        found += resources(wire.ask("REPORT", asks_texts(some), depth=0))
    return found


def _had(
    texts: Iterable[Resource],
    reader: Reader,
    window: Window,
    before: Mapping[str, Kept],
) -> _Had:
    had, unreadable = _Had({}, {}, set()), 0
    for each in texts:
        if each.text is None:
            raise AccessDeniedError(_NO_TEXT)
        mark = path_mark(each.path)
        held = _held(each.text, window, reader)
        unreadable += held.unreadable
        had.unclear.update(held.unclear)
        entries = [_by_path(entry, each.path) for entry in held.entries]
        had.entries.update((entry.key, entry) for entry in entries)
        keys = [entry.key for entry in entries]
        if held.unreadable and mark in before:
            # What was understood once is not gone because it now makes no sense.
            keys += before[mark].keys
        had.kept[mark] = Kept(each.tag, tuple(dict.fromkeys(keys)))
    if unreadable:
        log.warning("%d bookings of a calendar make no sense: left out", unreadable)
    return had


def _held(text: str, window: Window, reader: Reader) -> Held:
    try:
        return read_ics([text], window, reader)
    except BrokenAnswerError:
        # One booking that nobody can read must not keep back the others.
        return Held((), 1)


def _by_path(entry: Entry, path: str) -> Entry:
    # Programs are known to take away the properties of others when they write.
    ours = path.rpartition("/")[2].startswith(OUR_NAMES)
    return replace(entry, ours=True) if ours else entry


def _gone(before: Place, kept: Mapping[str, Kept]) -> tuple[EntryKey, ...]:
    still = {key for each in kept.values() for key in each.keys}
    had = dict.fromkeys(key for each in before.kept.values() for key in each.keys)
    return tuple(key for key in had if key not in still)
