"""How far a CalDAV calendar has been read, and what was in it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from voice.calendars.caldav_asking import State
from voice.calendars.port import Cursor, CursorExpiredError, Window
from voice.divert.model import EntryKey

_FORM = 1
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Kept:
    """What is remembered of a resource: its tag, and the bookings it gave."""

    tag: str | None
    keys: tuple[EntryKey, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """All that is needed to read on: a server names what is gone by its path alone."""

    window: Window
    token: str | None
    tag: str | None
    kept: Mapping[str, Kept] = field(default_factory=dict)
    """By the mark of its path."""


def path_mark(path: str) -> str:
    """Return what a path is remembered by: it can be made of a booking's subject."""
    return hashlib.sha256(path.encode()).hexdigest()[:_DIGITS]


def at_start(window: Window, state: State, kept: Mapping[str, Kept]) -> Place:
    """Return the place where a whole reading ends."""
    return Place(window, state.token, state.tag, kept)


def written(place: Place) -> Cursor:
    """Write a place as a cursor."""
    window = [place.window.start.isoformat(), place.window.end.isoformat()]
    kept = {mark: [kept.tag, *kept.keys] for mark, kept in place.kept.items()}
    held = [_FORM, *window, place.token, place.tag, kept]
    return Cursor(json.dumps(held, separators=(",", ":")))


def read(cursor: Cursor) -> Place:
    """Return the place that a cursor was written of; CursorExpiredError if none was."""
    try:
        form, start, end, token, tag, kept = json.loads(cursor)
        window = Window(datetime.fromisoformat(start), datetime.fromisoformat(end))
        known = {mark: Kept(tag, tuple(keys)) for mark, (tag, *keys) in kept.items()}
        if form == _FORM:
            return Place(window, token, tag, known)
    except (ValueError, TypeError, AttributeError):
        pass
    raise CursorExpiredError("The cursor is of another version: read the whole.")
