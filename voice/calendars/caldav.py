"""Calendars on a CalDAV server: Nextcloud, Radicale, iCloud and others."""

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from voice.calendars.caldav_asking import asks_texts, resources
from voice.calendars.caldav_reading import OUR_NAMES, read_since, read_whole
from voice.calendars.caldav_wire import Account, Wire
from voice.calendars.ics_entries import read_ics
from voice.calendars.ics_fields import Reader
from voice.calendars.ics_written import ics_written
from voice.calendars.port import Block, BusyError, Cursor, Reading, Window
from voice.divert.model import Entry

Result = TypeVar("Result")

# Apart from those that hear the callers, whom no slow server may keep waiting.
_THREADS = ThreadPoolExecutor(16, thread_name_prefix="caldav")
_TRIES = 3


class CaldavCalendar:
    """A calendar of one person on a CalDAV server."""

    def __init__(self, account: Account, reader: Reader) -> None:
        self._wire, self._reader = Wire(account), reader

    async def read(self, window: Window, since: Cursor | None) -> Reading:
        """Return what changed since the cursor; the whole window when it is None."""
        if since is None:
            return await _apart(read_whole, self._wire, self._reader, window)
        read_on = partial(read_since, since=since)
        return await _apart(read_on, self._wire, self._reader, window)

    async def put(self, block: Block) -> None:
        """Write our booking, or move the one with its key."""
        await _apart(self._put, block)

    async def drop(self, key: str) -> None:
        """Remove our booking; one that is not there is no error."""
        await _apart(self._wire.delete, _name(key))

    async def close(self) -> None:
        """Let go of the connection."""
        await _apart(self._wire.close)

    def _put(self, block: Block) -> None:
        name, text = _name(block.key), ics_written(block, _uid(block.key), _now())
        for _ in range(_TRIES):
            # An answer can be lost after the booking was written: it is made only
            # where there is none, and changed only as we saw it.
            if self._wire.put(name, text, {"If-None-Match": "*"}):
                return
            there = self._there(name)
            if there is None:
                continue
            tag, now = there
            if self._bookings(now, block) == self._bookings(text, block):
                return
            if self._wire.put(name, text, {"If-Match": tag or "*"}):
                return
        raise BusyError("The calendar changes all the while: it is tried again.")

    def _there(self, name: str) -> tuple[str | None, str] | None:
        question = asks_texts([self._wire.path(name)])
        for found in resources(self._wire.ask("REPORT", question, depth=0)):
            if found.text is not None:
                return found.tag, found.text
        return None

    def _bookings(self, text: str, block: Block) -> tuple[Entry, ...]:
        window = Window(block.start, block.end)
        return read_ics([text], window, self._reader).entries


async def _apart(work: Callable[..., Result], *values: object) -> Result:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_THREADS, work, *values)


def _uid(key: str) -> str:
    return f"{OUR_NAMES}{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def _name(key: str) -> str:
    # Some servers name a resource after its UID, whatever we called it.
    return f"{_uid(key)}.ics"


def _now() -> datetime:
    return datetime.now(UTC)
