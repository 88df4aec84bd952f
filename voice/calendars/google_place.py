"""Where a reading of Google goes on: the cursor, and the keys that ids do not tell.

Google tells of what was removed by its own id alone. Of what was made in Google the key
follows from that; of what came from elsewhere, an invitation from an Outlook say, the
key travels with the cursor.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from voice.calendars.port import Cursor, CursorExpiredError, Window
from voice.divert.model import EntryKey


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the story of a calendar, from which its changes can be asked for."""

    token: str
    window: Window
    foreign: Mapping[str, EntryKey]
    """By a digest of Google's id: programs write subjects into what it is made of."""

    def covers(self, window: Window) -> bool:
        """Tell whether all that a window asks for has been read up to here."""
        within = self.window.start <= window.start
        return within and window.end <= self.window.end


def short(id_: str) -> str:
    """Return a digest that tells one calendar's ids apart."""
    return hashlib.sha256(id_.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def pack(place: Place) -> Cursor:
    """Write a place down."""
    start, end = place.window.start.isoformat(), place.window.end.isoformat()
    return Cursor(json.dumps([place.token, start, end, dict(place.foreign)]))


def unpack(cursor: Cursor) -> Place:
    """Read a place that was written down; CursorExpiredError if it is none of ours."""
    try:
        token, start, end, foreign = json.loads(cursor)
        window = Window(datetime.fromisoformat(start), datetime.fromisoformat(end))
        return Place(
            str(token), window, {id_: EntryKey(foreign[id_]) for id_ in foreign}
        )
    except (TypeError, ValueError):
        raise CursorExpiredError(
            "The cursor is none of Google's: the calendar is read whole."
        ) from None
