"""What Google sends of a booking, and the little of it that is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, TypeAlias

from voice.calendars.keys import entry_key, series_key
from voice.calendars.port import BrokenAnswerError
from voice.divert.agenda import mark, slip
from voice.divert.model import Entry, EntryKey, Reason, ReasonCode
from voice.divert.walltime import STOCKHOLM, at

Row: TypeAlias = Mapping[str, Any]
"""A booking as it came: to be cut before anything else is done with it."""
Reasons: TypeAlias = Mapping[ReasonCode, Reason]

EVENT = (
    "id,status,iCalUID,recurringEventId,originalStartTime,start,end,summary,"
    "visibility,transparency,eventType,organizer/self,attendees(self,responseStatus),"
    "extendedProperties/private"
)
"""All that is asked for of a booking; without guests' names, and what it is about."""
FIELDS = f"nextPageToken,nextSyncToken,items({EVENT})"
"""All that is asked for of many."""
OURS = "telefonist"
"""The property, of this copy alone, that marks a booking as ours, with its key."""

OPENED = "telefonistOpened"
"""The property, of this copy alone, that tells of a phone that was opened."""

_PRIVATE = ("private", "confidential")
# Where somebody works and when somebody was born are no bookings.
_NO_BOOKINGS = ("workingLocation", "birthday")


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking that is there: by Google's id, and as the rules know it."""

    id: str
    entry: Entry
    plain: bool
    """Its key follows from its id."""


@dataclass(frozen=True, slots=True)
class Left:
    """A booking that is there no more, of which little but its id is told."""

    id: str
    key: EntryKey
    """Which it has if it was made in Google; of others the id does not tell."""


def cut(row: Row, reasons: Reasons) -> Booking | Left | None:
    """Return what may be known of a booking; its text goes no further than this.

    None is what Google keeps among bookings and is none.
    """
    try:
        if row.get("status") == "cancelled":
            # "Cancelled exceptions of an uncancelled recurring event [...] are only
            # guaranteed to have values for the id, recurringEventId and
            # originalStartTime fields", and others for their id alone.
            return Left(str(row["id"]), _key(row, _uid_of(row)))
        if row.get("eventType") in _NO_BOOKINGS:
            return None
        return _cut(row, reasons)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        # The fault's own words could hold a piece of the booking.
        raise BrokenAnswerError(
            "Google sent a booking that cannot be read: if it goes on, report it "
            "together with the version of the program."
        ) from None


def _cut(row: Row, reasons: Reasons) -> Booking:
    uid = str(row["iCalUID"])
    private = row.get("visibility") in _PRIVATE
    subject = "" if private else str(row.get("summary") or "")
    response = _own_response(row)
    key = _key(row, uid)
    properties = (row.get("extendedProperties") or {}).get("private") or {}
    entry = Entry(
        key=key,
        mark=mark(subject, reasons),
        start=_instant(row["start"]),
        end=_instant(row["end"]),
        all_day="date" in row["start"],
        private=private,
        declined=response == "declined",
        ours=OURS in properties,
        series=series_key(uid) if "recurringEventId" in row else None,
        free=row.get("transparency") == "transparent",
        tentative="tentative" in (row.get("status"), response),
        invited="organizer" in row and not row["organizer"].get("self"),
        slip=slip(subject, reasons),
        opened=str(properties.get(OPENED) or ""),
    )
    return Booking(str(row["id"]), entry, plain=key == _key(row, _uid_of(row)))


def _key(row: Row, uid: str) -> EntryKey:
    if "recurringEventId" not in row:
        return entry_key(uid)
    return entry_key(uid, _original(row["originalStartTime"]))


def _uid_of(row: Row) -> str:
    """Return the UID of a booking that was made in Google; of a series, its own."""
    return f"{row.get('recurringEventId') or row['id']}@google.com"


def _own_response(row: Row) -> str | None:
    guests = row.get("attendees") or ()
    return next(
        (each.get("responseStatus") for each in guests if each.get("self")), None
    )


def _original(when: Mapping[str, str]) -> datetime | date:
    return date.fromisoformat(when["date"]) if "date" in when else _instant(when)


def _instant(when: Mapping[str, str]) -> datetime:
    if "date" in when:
        return at(date.fromisoformat(when["date"]), time())
    instant = datetime.fromisoformat(when["dateTime"])
    # Google writes an offset; without one it is the wall clock's.
    zoned = instant if instant.tzinfo else instant.replace(tzinfo=STOCKHOLM)
    return zoned.astimezone(UTC)
