"""A person's own booking as iCalendar text, with what we write on it."""

from datetime import datetime, timedelta
from typing import Any

from icalendar import Calendar, Event
from icalendar.prop import vText

from voice.calendars.ics_fields import (
    OPENED,
    Reader,
    day_or_time,
    instant,
    is_for_others,
)
from voice.calendars.keys import entry_key
from voice.calendars.opened import with_proof
from voice.calendars.port import Opening
from voice.divert.agenda import without_code
from voice.divert.model import EntryKey

# What a series has and a day of it has not (RFC 5545 §3.8.5).
_REPEATS = ("RRULE", "RDATE", "EXDATE", "EXRULE")


def opened_text(text: str, opening: Opening, opened: bool, reader: Reader) -> str:
    """Return a booking that carries that its phone was opened, or no longer does.

    A series carries what is of all its days. What guests are told of stays as it is.
    """
    calendar, events = _read(text)
    if any(is_for_others(event, reader.owner) for event in events):
        return text
    carried = " ".join(dict.fromkeys(" ".join(map(_carried, events)).split()))
    after = with_proof(carried, opening.proof, opened)
    if after == carried:
        return text
    for event in events:
        event.pop(OPENED, None)
        if after:
            event.add(OPENED, after)
    return _written(calendar)


def uncoded_text(text: str, opening: Opening, reader: Reader) -> str | None:
    """Return a booking without its code, of a series only that day's; None if it can't.

    Guests would be told of a change of their organiser's.
    """
    calendar, events = _read(text)
    if any(is_for_others(e, reader.owner) or _reaches_on(e) for e in events):
        return None
    day = next((e for e in events if _key(e, reader) == opening.key), None)
    if day is None:
        series = [event for event in events if "RECURRENCE-ID" not in event]
        if len(series) != 1:
            return None
        day = _day_of(series[0], opening.start, reader)
        calendar.add_component(day)
    day["SUMMARY"] = vText(without_code(_summary(day), reader.reasons))
    return _written(calendar)


def _read(text: str) -> tuple[Any, list[Event]]:
    calendar = Calendar.from_ical(text)
    found = calendar.walk("VEVENT")
    return calendar, [each for each in found if isinstance(each, Event)]


def _written(calendar: Any) -> str:
    # As it was sorted, so that its owner's program finds it as it left it.
    return bytes(calendar.to_ical(sorted=False)).decode()


def _carried(event: Event) -> str:
    return str(event.get(OPENED, ""))


def _summary(event: Event) -> str:
    return str(event.get("SUMMARY", ""))


def _reaches_on(event: Event) -> bool:
    """Tell whether an exception changes the days that follow it, too."""
    there: Any = event.get("RECURRENCE-ID")
    return there is not None and "RANGE" in there.params


def _key(event: Event, reader: Reader) -> EntryKey | None:
    """Return the key of a single booking, or of a day that is otherwise."""
    uid = str(event.get("UID", ""))
    if "RECURRENCE-ID" in event:
        original = day_or_time(event, "RECURRENCE-ID")
        return entry_key(uid, instant(original, reader.zone))
    return None if any(name in event for name in _REPEATS) else entry_key(uid)


def _day_of(master: Event, start: datetime, reader: Reader) -> Event:
    """Return one day of a series as an exception that is as the series says."""
    day = Event.from_ical(master.to_ical())
    assert isinstance(day, Event)
    first = day_or_time(master, "DTSTART")
    assert isinstance(first, datetime)
    own = start.astimezone(first.tzinfo or reader.zone)
    own = own if first.tzinfo else own.replace(tzinfo=None)
    for name in _REPEATS:
        day.pop(name, None)
    if "DTEND" in master:
        ends = day_or_time(master, "DTEND")
        assert isinstance(ends, datetime)
        _set(day, "DTEND", own + _length(first, ends))
    _set(day, "DTSTART", own)
    _set(day, "RECURRENCE-ID", own)
    return day


def _length(first: datetime, ends: datetime) -> timedelta:
    return ends.astimezone(first.tzinfo) - first if ends.tzinfo else ends - first


def _set(day: Event, name: str, value: datetime) -> None:
    day.pop(name, None)
    day.add(name, value)
