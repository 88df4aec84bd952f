"""Calendars on a CalDAV server: Nextcloud, Radicale, iCloud and others."""

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from voice.calendars.caldav_asking import Resource, asks_named, asks_texts, resources
from voice.calendars.caldav_clients import Clients
from voice.calendars.caldav_openings import Openings
from voice.calendars.caldav_reading import OUR_NAMES, read_since, read_whole
from voice.calendars.caldav_wire import Wire
from voice.calendars.ics_entries import reaches, read_ics
from voice.calendars.ics_fields import Reader
from voice.calendars.ics_written import ics_written
from voice.calendars.port import (
    Block,
    BrokenAnswerError,
    BusyError,
    Cursor,
    Opening,
    Reading,
    Window,
)
from voice.divert.model import Entry

Result = TypeVar("Result")

# Apart from those that hear the callers, whom no slow server may keep waiting.
_THREADS = ThreadPoolExecutor(16, thread_name_prefix="caldav")
_TRIES = 3
_NO_SENSE = "A booking of ours makes no sense any more: it is asked for again."
_DIGITS = 32


class CaldavCalendar:
    """A calendar of one person on a CalDAV server."""

    def __init__(self, address: str, clients: Clients, reader: Reader) -> None:
        """Read the one at an address; whoever gives the clients also closes them."""
        self._wire, self._reader = Wire(address, clients), reader
        self._openings = Openings(self._wire, reader)

    async def read(self, window: Window, since: Cursor | None) -> Reading:
        """Return what changed since the cursor; the whole window when it is None."""
        if since is None:
            return await _apart(read_whole, self._wire, self._reader, window)
        read_on = partial(read_since, since=since)
        return await _apart(read_on, self._wire, self._reader, window)

    async def find(self, key: str) -> Entry | None:
        """Return our booking as it is now; None when it is there no more."""
        return await _apart(self._find, key)

    async def put(self, block: Block) -> None:
        """Write our booking, or move the one with its key."""
        await _apart(self._put, block)

    async def drop(self, key: str) -> None:
        """Remove our booking; one that is not there is no error."""
        await _apart(self._drop, key)

    async def set_opened(self, opening: Opening, opened: bool) -> None:
        """Write on a person's booking that its phone was opened, or strike that out."""
        await _apart(self._openings.set, opening, opened)

    async def take_code(self, opening: Opening) -> bool:
        """Cut the code from a booking's subject; False where that cannot be."""
        return await _apart(self._openings.take_code, opening)

    async def close(self) -> None:
        """Do nothing, because the connections are not this calendar's alone."""

    def _find(self, key: str) -> Entry | None:
        there = self._there(_uid(key))
        if there is None:
            return None
        texts = [there.text or ""]
        found = read_ics(texts, reaches(texts, self._reader), self._reader).entries
        if not found:
            raise BrokenAnswerError(_NO_SENSE)
        return replace(found[0], ours=True)

    def _put(self, block: Block) -> None:
        uid = _uid(block.key)
        text = ics_written(block, uid, datetime.now(UTC))
        for _ in range(_TRIES):
            # An answer can be lost after the booking was written: it is made only
            # where there is none, and changed only as we saw it.
            if self._wire.put(_name(uid), text, {"If-None-Match": "*"}):
                return
            there = self._there(uid)
            if there is None:
                continue
            if self._bookings(there.text, block) == self._bookings(text, block):
                return
            if self._wire.put(there.path, text, {"If-Match": there.tag or "*"}):
                return
        raise BusyError("The calendar changes all the while: it is tried again.")

    def _drop(self, key: str) -> None:
        uid = _uid(key)
        if not self._wire.delete(_name(uid)):
            there = self._there(uid)
            if there is not None:
                self._wire.delete(there.path)

    def _there(self, uid: str) -> Resource | None:
        """Return our booking, also where a server or a program gave it a new name."""
        by_name = asks_texts([self._wire.path(_name(uid))])
        for question, depth in (by_name, 0), (asks_named(uid), 1):
            for found in resources(self._wire.ask("REPORT", question, depth)):
                if found.text is not None and uid in found.text:
                    return found
        return None

    def _bookings(self, text: str | None, block: Block) -> tuple[Entry, ...]:
        window = Window(block.start, block.end)
        try:
            return read_ics([text or ""], window, self._reader).entries
        except BrokenAnswerError:
            return ()


async def _apart(work: Callable[..., Result], *values: object) -> Result:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_THREADS, work, *values)


def _uid(key: str) -> str:
    return f"{OUR_NAMES}{hashlib.sha256(key.encode()).hexdigest()[:_DIGITS]}"


def _name(uid: str) -> str:
    # Most servers and programs name a resource so when they choose its name.
    return f"{uid}.ics"
