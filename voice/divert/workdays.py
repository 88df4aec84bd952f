"""Working days, and the return as it is told to whoever calls."""

from collections.abc import Set
from datetime import date, datetime, timedelta

from voice.divert.walltime import at, local


def is_working(day: date, red_days: Set[date]) -> bool:
    """Tell whether people are at work on this day."""
    return day.weekday() < 5 and day not in red_days


def next_working(day: date, red_days: Set[date]) -> date:
    """Return the first working day after this one."""
    day += timedelta(days=1)
    while not is_working(day, red_days):
        day += timedelta(days=1)
    return day


def returning(until: datetime, red_days: Set[date]) -> datetime:
    """Return the return as it is spoken: never on a weekend or a red day."""
    day = local(until).date()
    return until if is_working(day, red_days) else at(next_working(day, red_days))
