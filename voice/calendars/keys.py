"""What a booking is known by, in every copy of it and wherever it is moved."""

import hashlib
from datetime import UTC, date, datetime

from voice.divert.model import EntryKey

_DIGITS = 32


def entry_key(uid: str, original: datetime | date | None = None) -> EntryKey:
    """Name a booking by its iCalendar UID and, in a series, by its original start.

    A digest, because programs are known to write subjects and people into UIDs.
    """
    match original:
        case datetime():
            # Copies of one meeting may be written in different zones.
            stamp = f"{original.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        case date():
            stamp = f"{original:%Y%m%d}"
        case None:
            stamp = ""
    return EntryKey(_digest(f"{uid}\n{stamp}"))


def series_key(uid: str) -> str:
    """Name a series by the UID that its bookings share."""
    return _digest(uid)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
