"""What Graph sends of a booking, and the little of it that is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeAlias

from voice.calendars.keys import entry_key, series_key
from voice.calendars.port import BrokenAnswerError
from voice.divert.agenda import mark, slip
from voice.divert.model import Entry, Mark, Reason, ReasonCode, Slip

Row: TypeAlias = Mapping[str, Any]
"""A booking as it came: to be cut before anything else is done with it."""
Reasons: TypeAlias = Mapping[ReasonCode, Reason]

FIELDS = (
    "id,iCalUId,type,seriesMasterId,originalStart,start,end,isAllDay,isCancelled,"
    "isOrganizer,sensitivity,showAs,responseStatus,subject,transactionId"
)
"""All that is asked for."""
OURS = "telefonist-"
"""What the transaction that wrote a booking of ours begins with.

Nobody can change it, and it comes with every booking: extended properties, by which
ours are found, do not come in a delta.
"""


class Kind(StrEnum):
    """What a row stands for, in Graph's words."""

    SINGLE = "singleInstance"
    OCCURRENCE = "occurrence"
    EXCEPTION = "exception"
    MASTER = "seriesMaster"


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking without its text, before it is known by our key."""

    id: str
    kind: Kind
    series: str | None
    """The id of the series that it belongs to."""
    bare: bool
    """An occurrence that came with its times alone: the rest is its series'."""
    uid: str
    original: datetime | None
    start: datetime
    end: datetime
    all_day: bool
    private: bool
    declined: bool
    cancelled: bool
    ours: bool
    free: bool
    tentative: bool
    invited: bool
    mark: Mark | None
    slip: Slip | None
    opened: str = ""


def cut(row: Row, reasons: Reasons) -> Booking:
    """Return what may be known of a booking; its text goes no further than this."""
    try:
        return _cut(row, reasons)
    except (AttributeError, KeyError, TypeError, ValueError):
        # The fault's own words could hold a piece of the booking.
        raise BrokenAnswerError(
            "Outlook sent a booking that cannot be read: if it goes on, "
            "report it together with the version of the program."
        ) from None


def entry(booking: Booking, master: Booking | None) -> Entry:
    """Return a booking as the rules know it; of a series, with the series' master."""
    if master is not None and booking.bare:
        own = booking
        booking = replace(master, start=own.start, end=own.end, opened=own.opened)
    # An instance has a UID of its own in Graph: its series' is the same in all copies.
    uid = booking.uid if master is None else master.uid
    original = None if master is None else booking.original or booking.start
    return Entry(
        key=entry_key(uid, original),
        mark=booking.mark,
        start=booking.start,
        end=booking.end,
        all_day=booking.all_day,
        private=booking.private,
        declined=booking.declined,
        cancelled=booking.cancelled,
        ours=booking.ours,
        series=None if master is None else series_key(uid),
        free=booking.free,
        tentative=booking.tentative,
        invited=booking.invited,
        slip=booking.slip,
        opened=booking.opened,
    )


def rows(page: Mapping[str, Any]) -> list[Row]:
    """Return the rows of a page."""
    found = page.get("value")
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise BrokenAnswerError(
            "Outlook's answer holds no list of bookings: it is asked again."
        )
    return found


_PRIVATE = ("private", "confidential")


def _cut(row: Row, reasons: Reasons) -> Booking:
    kind = Kind(row["type"])
    private = row.get("sensitivity") in _PRIVATE
    subject = "" if private else row.get("subject") or ""
    original = row.get("originalStart")
    response = (row.get("responseStatus") or {}).get("response")
    bare = kind is Kind.OCCURRENCE and "iCalUId" not in row
    return Booking(
        id=str(row["id"]),
        kind=kind,
        series=row.get("seriesMasterId"),
        bare=bare,
        uid="" if bare else str(row["iCalUId"]),
        original=datetime.fromisoformat(original) if original else None,
        start=_instant(row["start"]),
        end=_instant(row["end"]),
        all_day=bool(row.get("isAllDay")),
        private=private,
        declined=response == "declined",
        cancelled=bool(row.get("isCancelled")),
        ours=(row.get("transactionId") or "").startswith(OURS),
        free=row.get("showAs") == "free",
        tentative=row.get("showAs") == "tentative",
        invited=row.get("isOrganizer") is False,
        mark=mark(subject, reasons),
        slip=slip(subject, reasons),
    )


def _instant(time: Mapping[str, str]) -> datetime:
    if time["timeZone"] != "UTC":
        raise ValueError("All times were asked for in UTC.")
    return datetime.fromisoformat(time["dateTime"]).replace(tzinfo=UTC)
