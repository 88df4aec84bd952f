"""On which days a series of Graph's takes place."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

_WEEK = timedelta(days=7)
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def days(recurrence: dict[str, Any], last: date) -> Iterator[date]:
    """Yield the days of a daily or weekly series, up to one and in order."""
    pattern, span = recurrence["pattern"], recurrence["range"]
    last = min(last, date.fromisoformat(span.get("endDate") or "9999-12-31"))
    left = span.get("numberOfOccurrences") or None
    day = date.fromisoformat(span["startDate"])
    while day <= last and (left is None or left > 0):
        if _fits(pattern, date.fromisoformat(span["startDate"]), day):
            left = None if left is None else left - 1
            yield day
        day += timedelta(days=1)


def moved_to(instant: datetime, day: date) -> datetime:
    """Return the same time on the clock, on another day."""
    return datetime.combine(day, instant.timetz().replace(tzinfo=None), instant.tzinfo)


def _fits(pattern: dict[str, Any], first: date, day: date) -> bool:
    every = pattern.get("interval", 1)
    if pattern["type"] == "daily":
        return (day - first).days % every == 0
    monday = first - timedelta(days=first.weekday())
    named = _NAMES[day.weekday()] in pattern["daysOfWeek"]
    return named and (day - monday) // _WEEK % every == 0
