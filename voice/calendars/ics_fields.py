"""What the rules may know of one booking, out of what iCalendar tells of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from icalendar import Event

from voice.divert.agenda import mark, slip
from voice.divert.model import Entry, EntryKey, Reason, ReasonCode
from voice.divert.walltime import STOCKHOLM

OURS = "X-TELEFONIST"
"""The property that marks a booking as ours; its value does not matter."""
OPENED = "X-TELEFONIST-OPENED"
"""The property that tells of a phone that was opened."""
_BUSY = "X-MICROSOFT-CDO-BUSYSTATUS"


@dataclass(frozen=True, slots=True)
class Reader:
    """How a calendar is read: the site's codes, whose it is, and the clock it means."""

    reasons: Mapping[ReasonCode, Reason]
    owner: str | None = None
    """The mail address that invitations to its owner carry."""
    zone: tzinfo = STOCKHOLM
    """Where times are meant that name no place, or one that nobody knows."""


def entry_of(event: Event, key: EntryKey, reader: Reader) -> Entry:
    """Return a booking without its text: nothing of a private one but its times."""
    start = day_or_time(event, "DTSTART")
    private = _is_private(event)
    subject = "" if private else _text(event, "SUMMARY")
    partstat = _answer(event, reader.owner)
    busy = _text(event, _BUSY).upper()
    status = _text(event, "STATUS").upper()
    return Entry(
        key=key,
        mark=mark(subject, reader.reasons),
        slip=slip(subject, reader.reasons),
        start=instant(start, reader.zone),
        end=instant(end_of(event), reader.zone),
        all_day=not isinstance(start, datetime),
        private=private,
        declined=partstat == "DECLINED",
        cancelled=status == "CANCELLED",
        ours=OURS in event,
        free=busy == "FREE" or _text(event, "TRANSP").upper() == "TRANSPARENT",
        tentative="TENTATIVE" in (status, partstat, busy),
        invited=is_invited(event, reader.owner),
        opened=_text(event, OPENED),
    )


def day_or_time(event: Event, name: str) -> datetime | date:
    """Return a time that a property tells; TypeError when it is none."""
    value: Any = event[name]
    moment = value.dt
    if not isinstance(moment, date):
        raise TypeError(name)
    return moment


def end_of(event: Event) -> datetime | date:
    """Return when a booking ends, which is told in one of three ways (§3.6.1)."""
    if "DTEND" in event:
        return day_or_time(event, "DTEND")
    start = day_or_time(event, "DTSTART")
    if "DURATION" in event:
        lasts: Any = event["DURATION"]
        return _after(start, lasts.dt)
    return start if isinstance(start, datetime) else start + timedelta(days=1)


def _after(start: datetime | date, lasts: timedelta) -> datetime | date:
    if isinstance(start, datetime) and start.tzinfo is not None:
        # RFC 5545 §3.3.6: days are those of the calendar, hours those of the clock.
        days, rest = timedelta(days=lasts.days), timedelta(seconds=lasts.seconds)
        return ((start + days).astimezone(UTC) + rest).astimezone(start.tzinfo)
    return start + lasts


def instant(moment: datetime | date, zone: tzinfo) -> datetime:
    """Return a time, or the midnight a day begins at, as an instant."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(), zone)
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return zoned.astimezone(UTC)


def _is_private(event: Event) -> bool:
    # RFC 5545 §3.8.1.3: what is not known "MUST" be treated "the same way as they
    # would the PRIVATE value".
    return _text(event, "CLASS").upper() not in ("", "PUBLIC")


def _text(event: Event, name: str) -> str:
    """Return the first value of a property, however often it stands there."""
    value: Any = event.get(name, "")
    return str(value[0] if isinstance(value, list) else value)


def _answer(event: Event, owner: str | None) -> str:
    """Return how the owner has answered an invitation."""
    for attendee in _people(event, "ATTENDEE"):
        if _is(owner, attendee):
            return str(getattr(attendee, "params", {}).get("PARTSTAT", "")).upper()
    return ""


def is_for_others(event: Event, owner: str | None) -> bool:
    """Tell whether guests may learn of a change: what is not known to be a copy."""
    return "ATTENDEE" in event and not is_invited(event, owner)


def is_invited(event: Event, owner: str | None) -> bool:
    """Tell whether a booking is somebody else's, and this its owner's copy."""
    organisers = list(_people(event, "ORGANIZER"))
    known = owner is not None and bool(organisers)
    return known and not any(_is(owner, each) for each in organisers)


def _is(owner: str | None, person: object) -> bool:
    return owner is not None and owner.casefold() in _addresses(person)


def _people(event: Event, name: str) -> Iterator[object]:
    people: Any = event.get(name, [])
    yield from people if isinstance(people, list) else [people]


def _addresses(person: object) -> set[str]:
    mail = getattr(person, "params", {}).get("EMAIL", "")
    return {_address(str(person)), _address(str(mail))} - {""}


def _address(text: str) -> str:
    return text.strip().casefold().removeprefix("mailto:")
