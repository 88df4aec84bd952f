"""Days and spans of days as they are said: "på måndag", "vecka trettiotvå"."""

import calendar
from datetime import date, timedelta

from voice.errors import VoiceError
from voice.language.template import Capture

_AHEAD = {"today": 0, "tomorrow": 1, "after_tomorrow": 2}


class NoSuchDayError(VoiceError):
    """A day that the calendar does not have, such as the thirtieth of February."""


def day_of(said: Capture, today: date) -> date:
    """Return the day that the slot `day` names, as seen from today."""
    numbers = [int(c.pattern) for c in said.inner]
    match said.pattern:
        case "today" | "tomorrow" | "after_tomorrow":
            return today + timedelta(days=_AHEAD[said.pattern])
        case "weekday":
            return _after(today, numbers[0])
        case "weekday_next":
            return _monday(today) + timedelta(days=7 + numbers[0])
        case "weekday_date":
            return _weekday_date(numbers[0], numbers[1], numbers[2], today)
        case "date" | "date_numbers":
            return _date(numbers[1], numbers[0], today)
        case "day_of_month":
            return _day_of_month(numbers[0], today)
        case "first_of_month":
            return _date(numbers[0], 1, today)
        case "last_of_month":
            return _month(numbers[0], today)[1]
        case _:
            return date(today.year + 1, 1, 1)


def span_of(said: Capture | None, today: date) -> tuple[date, date]:
    """Return the first and last day of the slot `span`; without one, of this week."""
    match said:
        case Capture("span", "week_next"):
            first = _monday(today) + timedelta(days=7)
        case Capture("span", "week", (week,)):
            first = _week(int(week.pattern), today)
        case Capture("span", "weekend"):
            saturday = _monday(today) + timedelta(days=5)
            return saturday, saturday + timedelta(days=1)
        case Capture("span", "month", (month,)):
            return _month(int(month.pattern), today)
        case Capture("span", "year"):
            return today, date(today.year, 12, 31)
        case _:
            return today, _monday(today) + timedelta(days=6)
    return first, first + timedelta(days=6)


def weeks_of(said: tuple[Capture, ...], today: date) -> tuple[date, date]:
    """Return the first and last day of two numbered weeks and all between them."""
    first, last = (int(week.pattern) for week in said)
    begins = _week(first, today)
    return begins, _week(last, begins) + timedelta(days=6)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _after(today: date, weekday: int) -> date:
    """Return the next such weekday: on a Monday, "måndag" is a week ahead."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _date(month: int, day: int, today: date) -> date:
    """Return the next such date, which can be today; 29 February can be years off."""
    for year in range(today.year, today.year + 9):
        if day <= calendar.monthrange(year, month)[1]:
            found = date(year, month, day)
            if found >= today:
                return found
    raise NoSuchDayError(f"The month {month} has no day {day}: say another date.")


def _weekday_date(weekday: int, day: int, month: int, today: date) -> date:
    found = _date(month, day, today)
    if found.weekday() != weekday:
        raise NoSuchDayError(f"{found} is another weekday: say the date alone.")
    return found


def _day_of_month(day: int, today: date) -> date:
    """Return the next day of that number after today, in a month that has it."""
    year, month = today.year, today.month
    while True:
        if day <= calendar.monthrange(year, month)[1]:
            found = date(year, month, day)
            if found > today:
                return found
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _month(month: int, today: date) -> tuple[date, date]:
    year = today.year if month >= today.month else today.year + 1
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _week(week: int, today: date) -> date:
    """Return the Monday of an ISO week that has not wholly passed (ISO 8601)."""
    # The first days of January can be in a week of the year before.
    for year in range(today.year - 1, today.year + 2):
        try:
            monday = date.fromisocalendar(year, week, 1)
        except ValueError:
            continue
        if monday + timedelta(days=6) >= today:
            return monday
    raise NoSuchDayError(f"There is no week {week} to come: say a date.")
