"""Where a reading of Outlook goes on: the cursor, and what is known up to it.

Graph tells of what was removed by its own id alone, and of a day that was taken out of
a series not even that. So the keys of what has been read travel with the cursor: a
reading that was lost, or one in another process, can go on from any cursor there was.
"""

import base64
import hashlib
import json
import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from voice.calendars.port import Cursor, CursorExpiredError, Window
from voice.divert.model import EntryKey

# Graph's window is fixed when the reading begins, and has to be moved by reading
# everything: once a day, because nobody misses what is so far ahead.
_BEHIND = timedelta(days=1)
_LARGEST = 10_000_000
"""No honest cursor unpacks to more."""


@dataclass(frozen=True, slots=True)
class Known:
    """The keys of the bookings that have been read, by a digest of Graph's ids."""

    keys: dict[str, EntryKey] = field(default_factory=dict)
    series: dict[str, str] = field(default_factory=dict)
    """Which of them belong to a series, and to which."""

    def add(self, id_: str, key: EntryKey, series: str | None) -> None:
        """Remember a booking."""
        self.keys[short(id_)] = key
        if series is not None:
            self.series[short(id_)] = short(series)

    def forget(self, id_: str) -> set[EntryKey]:
        """Forget what has this id, a booking or a series, and return its keys."""
        named = short(id_)
        ids = {each for each, series in self.series.items() if series == named}
        for each in ids:
            del self.series[each]
        self.series.pop(named, None)
        gone = {self.keys.pop(each, None) for each in ids | {named}}
        return {key for key in gone if key is not None}


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the story of a calendar, from which its changes can be asked for."""

    link: str
    window: Window
    known: Known

    def serves(self, window: Window) -> bool:
        """Tell whether the changes from here are those that a window asks for."""
        return (
            self.window.start <= window.start
            and window.start - self.window.start <= _BEHIND
            and abs(window.end - self.window.end) <= _BEHIND
        )


def short(id_: str) -> str:
    """Return a digest that tells one calendar's ids apart."""
    digest = hashlib.sha256(id_.encode()).digest()[:9]
    return base64.urlsafe_b64encode(digest).decode()


def pack(place: Place) -> Cursor:
    """Write a place down."""
    known = place.known
    start, end = place.window.start.isoformat(), place.window.end.isoformat()
    text = json.dumps([place.link, start, end, known.keys, known.series])
    return Cursor(base64.b64encode(zlib.compress(text.encode())).decode())


def unpack(cursor: Cursor) -> Place:
    """Read a place; CursorExpiredError when it is none of ours."""
    try:
        unpacked = zlib.decompressobj().decompress(base64.b64decode(cursor), _LARGEST)
        link, start, end, keys, series = json.loads(unpacked)
        begins, ends = datetime.fromisoformat(start), datetime.fromisoformat(end)
        return Place(link, Window(begins, ends), Known(dict(keys), dict(series)))
    except (TypeError, ValueError, zlib.error):
        raise CursorExpiredError(
            "This program does not know where the last reading of Outlook ended: "
            "the calendar is read whole."
        ) from None
