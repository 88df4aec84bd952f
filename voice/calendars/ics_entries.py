"""iCalendar text, read and told apart into the bookings that it holds."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import chain
from typing import Any

from icalendar import Calendar, Component, Event
from icalendar.prop import vDDDLists, vDDDTypes
from recurring_ical_events import of

from voice.calendars.ics_fields import Reader, day_or_time, end_of, entry_of, instant
from voice.calendars.ics_rules import check_rule, end_with_its_day, rules_of
from voice.calendars.keys import entry_key, series_key
from voice.calendars.port import BrokenAnswerError, Window
from voice.divert.model import Entry, EntryKey

# Nobody's calendar reaches further, and sums with the very last years overflow.
_YEARS = range(1900, 2201)
_LONGEST = timedelta(days=3660)
_DAY, _A_YEAR = timedelta(days=1), timedelta(days=366)
# What a calendar without a booking is about.
_NOTHING = datetime(2000, 1, 1, tzinfo=UTC)
_BEGINNING = re.compile(r"^(BEGIN|END):", re.MULTILINE | re.IGNORECASE)
# RFC 5545 §3.1: a line that begins with a space goes on from the one before.
_FOLD = re.compile(r"\r?\n[ \t]")
_TIMES, _LISTS = ("DTSTART", "DTEND", "RECURRENCE-ID"), ("EXDATE", "RDATE")
# What a foreign library raises over a booking that makes no sense.
_NONSENSE = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError)


@dataclass(frozen=True, slots=True)
class Held:
    """What texts hold within a window."""

    entries: tuple[Entry, ...]
    unreadable: int
    """Bookings, and series of them, that make no sense and are left out."""
    unclear: frozenset[str] = frozenset()
    """What these are known by, as keys and as series, where they name themselves."""


def read_ics(texts: Iterable[str], window: Window, reader: Reader) -> Held:
    """Read the bookings of a window; BrokenAnswerError when a text is no calendar."""
    events = list(chain.from_iterable(map(_events, texts)))
    found: dict[EntryKey, Entry] = {}
    unclear = set[str]()
    unreadable = 0
    for uid, copies in _by_uid(events).items():
        entries = _series(uid, copies, window, reader)
        if entries is None:
            unreadable += 1
            unclear |= {entry_key(uid), series_key(uid)}
            continue
        within = (each for each in entries if window.touches(each.start, each.end))
        found |= {entry.key: entry for entry in within}
    return Held(tuple(found.values()), unreadable, frozenset(unclear))


def reaches(texts: Iterable[str], reader: Reader) -> Window:
    """Return a window that holds every booking, and a year of an endless series."""
    found: list[datetime] = []
    for event in chain.from_iterable(map(_events, texts)):
        with suppress(*_NONSENSE):
            _settle(event, reader.zone)
            start = instant(day_or_time(event, "DTSTART"), reader.zone)
            end = instant(end_of(event), reader.zone)
            found += [start, end + (_A_YEAR if _recurs(event) else _DAY)]
    if not found:
        return Window(_NOTHING, _NOTHING + _DAY)
    return Window(min(found), max(found))


def _events(text: str) -> list[Event]:
    calendars = _parsed(text) if _is_whole(text) else None
    if not calendars:
        raise BrokenAnswerError(
            "What was read is no calendar, or only a part of one: "
            "see that the address or file is that of an iCalendar (.ics)."
        )
    found = (event for each in calendars for event in each.walk("VEVENT"))
    return [event for event in found if isinstance(event, Event)]


def _parsed(text: str) -> list[Component] | None:
    try:
        found = Calendar.from_ical(text, multiple=True)
    except _NONSENSE:
        # Raised anew by the caller, so that this error, which tells lines of the
        # calendar, is not a part of ours.
        return None
    return [each for each in found if each.name == "VCALENDAR"]


def _is_whole(text: str) -> bool:
    """Tell whether whatever begins in a text also ends, as where nothing was lost."""
    signs = [sign.upper() for sign in _BEGINNING.findall(_FOLD.sub("", text))]
    return signs.count("BEGIN") == signs.count("END")


def _by_uid(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Return the copies of each booking: a series, and its days that are otherwise."""
    copies: dict[str, list[Event]] = {}
    for event in events:
        uid = str(event.get("UID", ""))
        if not uid:
            # RFC 5545 §3.8.4.7 asks for one; without it, a booking is where it stands.
            start = event.get("DTSTART")
            stands = start.to_ical() if isinstance(start, vDDDTypes) else b""
            uid = _unused(f"none {stands.decode()}", copies)
            event["UID"] = uid
        copies.setdefault(uid, []).append(event)
    return copies


def _unused(name: str, taken: Mapping[str, object]) -> str:
    nth = 0
    while f"{name} {nth}" in taken:
        nth += 1
    return f"{name} {nth}"


def _series(
    uid: str, copies: list[Event], window: Window, reader: Reader
) -> list[Entry] | None:
    """Return the bookings of one UID, None when they make no sense."""
    try:
        for event in copies:
            _settle(event, reader.zone)
        if len(copies) == 1 and not _recurs(copies[0]):
            return [entry_of(copies[0], entry_key(uid), reader)]
        series = series_key(uid) if any(map(_recurs, copies)) else None
        return list(_expanded(uid, copies, window, reader, series))
    except _NONSENSE:
        return None


def _expanded(
    uid: str, copies: list[Event], window: Window, reader: Reader, series: str | None
) -> Iterator[Entry]:
    calendar = Calendar()
    for event in copies:
        calendar.add_component(event)
    shifts = {_original(each): _shift(each) for each in copies if _reach(each)}
    # All-day bookings begin at midnight somewhere else than in UTC.
    span = window.start - _DAY, window.end + _DAY
    for event in of(calendar).between(*span):
        original = None
        if series is not None:
            original = _original(event)
            if _reach(event):
                # The days that follow an exception are told with the id of the first.
                original = day_or_time(event, "DTSTART") - shifts[original]
        key = entry_key(uid, original)
        yield replace(entry_of(event, key, reader), series=series)


def _original(event: Event) -> datetime | date:
    return day_or_time(event, "RECURRENCE-ID")


def _shift(event: Event) -> timedelta:
    """Return by how much an exception moves the days that follow."""
    start, original = day_or_time(event, "DTSTART"), _original(event)
    if isinstance(start, datetime) and isinstance(original, datetime):
        # By the clock on the wall, as the days of a series are counted.
        return start - original.astimezone(start.tzinfo)
    return start - original


def _recurs(event: Event) -> bool:
    return any(name in event for name in ("RRULE", "RDATE", "RECURRENCE-ID"))


def _settle(event: Event, zone: tzinfo) -> None:
    """Give every time of an event a zone; ValueError when it is none that people make.

    One that ends before it begins gets no length, or the expansion would turn it round.
    """
    for name in _TIMES:
        if name in event:
            settled = vDDDTypes(_zoned(day_or_time(event, name), zone))
            if name == "RECURRENCE-ID":
                settled.params.update(_reach(event))
            event[name] = settled
    for name in _LISTS:
        if name in event:
            event[name] = _list(event[name], zone)
    start = day_or_time(event, "DTSTART")
    begins, ends = instant(start, zone), instant(end_of(event), zone)
    if begins.year not in _YEARS or ends - begins > _LONGEST:
        raise ValueError("years")
    if ends < begins:
        event.pop("DURATION", None)
        event["DTEND"] = vDDDTypes(start)
    for rule in rules_of(event):
        check_rule(rule)
        end_with_its_day(rule, start)


def _reach(event: Event) -> dict[str, str]:
    """Return whether an exception changes all the days that follow, too."""
    there: Any = event.get("RECURRENCE-ID")
    reach = None if there is None else there.params.get("RANGE")
    return {} if reach is None else {"RANGE": reach}


def _zoned(value: Any, zone: tzinfo) -> Any:
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=zone)
    return value


def _list(values: Any, zone: tzinfo) -> vDDDLists:
    lists = values if isinstance(values, list) else [values]
    found: list[Any] = []
    for value in chain.from_iterable(each.dts for each in lists):
        match value.dt:
            case (start, end):
                found.append((_zoned(start, zone), _zoned(end, zone)))
            case moment:
                found.append(_zoned(moment, zone))
    return vDDDLists(found)
