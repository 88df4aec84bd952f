"""Calendars that can only be read: feeds and files of iCalendar."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from voice.calendars.feed import Feed, Fetched
from voice.calendars.ics_entries import Held, read_ics
from voice.calendars.ics_fields import Reader
from voice.calendars.port import (
    AccessDeniedError,
    Asked,
    Block,
    BrokenAnswerError,
    Cursor,
    CursorExpiredError,
    Opening,
    Reading,
    ReadOnlyError,
    Window,
    unheeded,
)
from voice.divert.model import Entry

log = logging.getLogger(__name__)

LARGEST = 20_000_000
"""Bytes: ten times what ten thousand bookings take."""
_READ_ONLY = (
    "This calendar can only be read: what is set by phone is not written into it. "
    "Link the person's Google, Outlook or CalDAV calendar instead."
)


@dataclass(frozen=True, slots=True)
class _Last:
    """What a cursor keeps: what was read, for which window, and its tags."""

    digest: str
    window: tuple[str, str]
    tags: Mapping[str, str]

    def written(self) -> Cursor:
        return Cursor(json.dumps([self.digest, self.window, dict(self.tags)]))


class IcsCalendar:
    """A feed or a file; changes are told as the whole, or as nothing when it is old."""

    def __init__(self, address: str, reader: Reader, asked: Asked = unheeded) -> None:
        """Read a feed or a file; each question to a server is told to `asked`."""
        self._reader = reader
        self._file = _file(address)
        self._feed = Feed(address, LARGEST, asked) if self._file is None else None

    async def read(self, window: Window, since: Cursor | None) -> Reading:
        """Return the whole window, or nothing when nothing has changed since."""
        span = window.start.isoformat(), window.end.isoformat()
        last = None if since is None else _read_cursor(since)
        if last is not None and last.window != span:
            last = None
        fetched = await self._fetch({} if last is None else last.tags)
        if fetched.body is None and since is not None:
            return Reading((), (), since, whole=False)
        body = fetched.body or b""
        cursor = _Last(hashlib.sha256(body).hexdigest(), span, fetched.tags)
        if last is not None and last.digest == cursor.digest:
            return Reading((), (), cursor.written(), whole=False)
        # Thousands of bookings take a second: never on the event loop.
        held = await asyncio.to_thread(read_text, fetched, window, self._reader)
        if held.unreadable:
            log.warning("%s bookings of a calendar make no sense", held.unreadable)
        return Reading(
            *(held.entries, (), cursor.written()), whole=True, unclear=held.unclear
        )

    async def find(self, key: str) -> Entry | None:
        """Refuse: ReadOnlyError."""
        raise ReadOnlyError(_READ_ONLY)

    async def put(self, block: Block) -> None:
        """Refuse: ReadOnlyError."""
        raise ReadOnlyError(_READ_ONLY)

    async def drop(self, key: str) -> None:
        """Refuse: ReadOnlyError."""
        raise ReadOnlyError(_READ_ONLY)

    async def set_opened(self, opening: Opening, opened: bool) -> None:
        """Refuse: ReadOnlyError."""
        raise ReadOnlyError(_READ_ONLY)

    async def take_code(self, opening: Opening) -> bool:
        """Refuse: ReadOnlyError."""
        raise ReadOnlyError(_READ_ONLY)

    async def close(self) -> None:
        """Let go of the connection."""
        if self._feed is not None:
            await self._feed.close()

    async def _fetch(self, tags: Mapping[str, str]) -> Fetched:
        if self._feed is not None:
            return await self._feed.fetch(tags)
        if self._file is None:
            raise AccessDeniedError("There is neither a feed nor a file: link it anew.")
        return Fetched(await asyncio.to_thread(read_file, self._file))


def read_text(fetched: Fetched, window: Window, reader: Reader) -> Held:
    """Read what was fetched; BrokenAnswerError when it is no calendar."""
    return read_ics([text_of(fetched)], window, reader)


def text_of(fetched: Fetched) -> str:
    """Return the text of what was fetched; BrokenAnswerError when it is none."""
    body = fetched.body or b""
    for encoding in (fetched.charset, "utf-8-sig", "cp1252"):
        text = _decoded(body, encoding)
        if text is not None:
            return text
    raise BrokenAnswerError(
        "What was read is no text: see that the address or file is that of an "
        "iCalendar (.ics)."
    )


def read_file(file: Path) -> bytes:
    """Return what a file holds; AccessDeniedError when it cannot be read."""
    why = None
    try:
        if file.stat().st_size > LARGEST:
            raise BrokenAnswerError(
                f"The file is larger than {LARGEST // 10**6} MB: give one of fewer "
                "years."
            )
        return file.read_bytes()
    except OSError as error:
        why = error.strerror
    raise AccessDeniedError(
        f"The calendar's file cannot be read ({why}): see that it is there, and that "
        "the service may read it."
    )


def _file(address: str) -> Path | None:
    parts = urlsplit(address)
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    # One letter is a drive of Windows.
    return Path(address) if len(parts.scheme) <= 1 else None


def _decoded(body: bytes, encoding: str | None) -> str | None:
    try:
        return None if encoding is None else body.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _read_cursor(cursor: Cursor) -> _Last:
    try:
        digest, (start, end), tags = json.loads(cursor)
        return _Last(digest, (start, end), tags)
    except (ValueError, TypeError):
        pass
    raise CursorExpiredError("The cursor is not one of this calendar: read it whole.")
