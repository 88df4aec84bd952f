"""Google's events as it keeps them: what is checked, and the instances of series."""

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrulestr

from tests.fakes.google_answers import RefusedError, invalid

Event: TypeAlias = dict[str, Any]
Span: TypeAlias = tuple[datetime, datetime]
ZONE = "Europe/Stockholm"
SHARED = ("summary", "description", "location", "start", "end", "recurrence")
"""What an organiser's edit writes into every guest's copy."""
_ID = re.compile(r"[a-v0-9]{5,1024}")
_CHOICES = {
    "visibility": {"default", "public", "private", "confidential"},
    "transparency": {"opaque", "transparent"},
    "status": {"confirmed", "tentative", "cancelled"},
}
# What is asked without bounds must end somewhere.
_FURTHEST = timedelta(days=3 * 365)


def merged(event: Event, change: Event) -> Event:
    """Return the event after a patch: objects are merged, null removes."""
    after = dict(event)
    for name, value in change.items():
        if value is None:
            after.pop(name, None)
        elif isinstance(value, dict) and isinstance(after.get(name), dict):
            after[name] = merged(after[name], value)
        else:
            after[name] = deepcopy(value)
    return after


def check(event: Event) -> None:
    """Refuse what Google refuses."""
    for name, choices in _CHOICES.items():
        if event.get(name, next(iter(choices))) not in choices:
            raise invalid(f"Invalid {name} value.")
    for name in ("start", "end"):
        if name not in event:
            raise RefusedError(400, "required", f"Missing {name} time.")
        _check_time(event[name], name)
    if ("date" in event["start"]) != ("date" in event["end"]):
        raise invalid(
            "Start and end times must either both be date or both be dateTime."
        )
    if moment(event["end"]) < moment(event["start"]):
        raise RefusedError(400, "timeRangeEmpty", "The specified time range is empty.")


def check_id(event: Event) -> None:
    """Refuse an id that a program may not give; Google gives others as well."""
    if not _ID.fullmatch(event.get("id", "abcde")):
        raise invalid("Invalid resource id value.")


def _check_time(when: Event, name: str) -> None:
    if ("date" in when) == ("dateTime" in when):
        raise invalid(f"Invalid {name} time.")
    try:
        moment(when)
    except (ValueError, ZoneInfoNotFoundError):
        raise invalid(f"Invalid {name} time.") from None
    zoned = "date" in when or datetime.fromisoformat(when["dateTime"]).tzinfo
    if not zoned and "timeZone" not in when:
        text = f"Missing time zone definition for {name} time."
        raise RefusedError(400, "required", text)


def moment(when: Event) -> datetime:
    """Return the instant of a start or an end."""
    zone = ZoneInfo(when.get("timeZone") or ZONE)
    if "date" in when:
        return datetime.combine(date.fromisoformat(when["date"]), time(), zone)
    instant = datetime.fromisoformat(when["dateTime"])
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def written(instant: datetime, like: Event) -> Event:
    """Write an instant as another one is written: as a day, or in its zone."""
    zone = like.get("timeZone") or ZONE
    there = instant.astimezone(ZoneInfo(zone))
    if "date" in like:
        return {"date": there.date().isoformat()}
    return {"dateTime": there.isoformat(timespec="seconds"), "timeZone": zone}


def within(event: Event, span: Span) -> bool:
    """Tell whether an event ends after the span's start and starts before its end."""
    start, end = span
    return moment(event["end"]) > start and moment(event["start"]) < end


def instances(master: Event, span: Span) -> Iterator[Event]:
    """Yield the instances of a series that lie within, by their original starts."""
    length = moment(master["end"]) - moment(master["start"])
    begin = max(span[0], moment(master["start"])) - length
    end = min(span[1], datetime.now(UTC) + _FURTHEST)
    for original in _starts(master, begin, end):
        yield instance(master, original)


def instance(master: Event, original: datetime) -> Event:
    """Return one instance of a series as nobody has changed it."""
    length = moment(master["end"]) - moment(master["start"])
    event = {name: each for name, each in master.items() if name != "recurrence"}
    event |= {
        "id": instance_id(master, original),
        "recurringEventId": master["id"],
        "originalStartTime": written(original, master["start"]),
        "start": written(original, master["start"]),
        "end": written(original + length, master["end"]),
    }
    return event


def instance_id(master: Event, original: datetime) -> str:
    form = "%Y%m%d" if "date" in master["start"] else "%Y%m%dT%H%M%SZ"
    zone = ZoneInfo(ZONE) if "date" in master["start"] else UTC
    return f"{master['id']}_{original.astimezone(zone):{form}}"


def original_of(master: Event, event_id: str) -> datetime | None:
    """Return the original start that an instance's id names, if the series has it."""
    stamp = event_id.removeprefix(f"{master['id']}_")
    try:
        if "date" in master["start"]:
            day = datetime.strptime(stamp, "%Y%m%d")
            original = day.replace(tzinfo=ZoneInfo(ZONE))
        else:
            original = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return next(iter(_starts(master, original, original)), None)


def _starts(master: Event, begin: datetime, end: datetime) -> list[datetime]:
    zone = ZoneInfo(master["start"].get("timeZone") or ZONE)
    first = moment(master["start"]).astimezone(zone)
    rules = "\n".join(master["recurrence"])
    if "date" in master["start"]:
        # Days have no zone, and neither have the dates in their rules.
        rule = rrulestr(rules, dtstart=first.replace(tzinfo=None), forceset=True)
        bounds = (at.astimezone(zone).replace(tzinfo=None) for at in (begin, end))
        return [day.replace(tzinfo=zone) for day in rule.between(*bounds, inc=True)]
    rule = rrulestr(rules, dtstart=first, forceset=True)
    return list(rule.between(begin, end, inc=True))


def when(moment: datetime | date) -> Event:
    """Write an instant or a day as Google takes it."""
    if isinstance(moment, datetime):
        return {"dateTime": moment.isoformat(timespec="seconds"), "timeZone": ZONE}
    return {"date": moment.isoformat()}
