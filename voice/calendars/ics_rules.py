"""How a series repeats, and which of what can be written never would."""

from calendar import monthrange
from datetime import UTC, date, datetime, time
from typing import Any

from icalendar import Event

# What a person books comes at most this often in a day, or nobody has made it.
_MOST_A_DAY = 48
_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
# RFC 5545 §3.3.10: these "MUST NOT" stand in any rule but a yearly one.
_YEARLY = ("BYWEEKNO", "BYYEARDAY")
_LEAP_YEAR = 2024


def rules_of(event: Event) -> list[Any]:
    """Return the rules that an event repeats by."""
    rules: Any = event.get("RRULE", [])
    return rules if isinstance(rules, list) else [rules]


def check_rule(rule: Any) -> None:
    """Raise ValueError at a rule that would be followed for ever, or nearly so."""
    often = str(rule["FREQ"][0]).upper()
    if often not in _FREQUENCIES:
        raise ValueError("FREQ")
    if any(int(each) < 1 for each in rule.get("INTERVAL", [])):
        raise ValueError("INTERVAL")
    # "MUST NOT occur in the same" rule (§3.3.10): which was meant, nobody knows.
    if "COUNT" in rule and "UNTIL" in rule:
        raise ValueError("COUNT")
    if often != "YEARLY" and any(name in rule for name in _YEARLY):
        raise ValueError("YEARLY")
    a_day = _times_a_day(rule)
    if a_day > _MOST_A_DAY:
        raise ValueError("BYMINUTE")
    places = rule.get("BYSETPOS", [])
    if often == "DAILY" and any(abs(int(place)) > a_day for place in places):
        raise ValueError("BYSETPOS")
    if not _has_a_day(rule):
        raise ValueError("BYMONTHDAY")


def _times_a_day(rule: Any) -> int:
    times = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= len(set(map(str, rule.get(name, [0]))))
    return times


def _has_a_day(rule: Any) -> bool:
    """Tell whether there is any of the days in any of the months."""
    days = [abs(int(day)) for day in rule.get("BYMONTHDAY", [1])]
    months = [int(month) for month in rule.get("BYMONTH", range(1, 13))]
    longest = max(monthrange(_LEAP_YEAR, month)[1] for month in months)
    return min(days) <= longest


def end_with_its_day(rule: Any, start: datetime | date) -> None:
    """Let a series that ends on a day have that day's booking too, as calendars do."""
    for until in rule.get("UNTIL", []):
        if isinstance(start, datetime) and not isinstance(until, datetime):
            last = datetime.combine(until, time.max, start.tzinfo)
            rule["UNTIL"] = [last.astimezone(UTC).replace(microsecond=0)]
