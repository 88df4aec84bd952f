"""Feature codes keyed on a telephone, turned into commands and back."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from voice.divert.model import (
    ClearDivert,
    Command,
    Extension,
    Kind,
    Mode,
    Refused,
    SetDivert,
    Site,
    Source,
)
from voice.divert.walltime import START_OF_WORK, at, local, next_clock

# RFC 3986 §2.1: a gateway may escape the keys that have a meaning in addresses.
_ESCAPED = {"%23": "#", "%2A": "*", "%2a": "*"}
_A_YEAR = timedelta(days=365)
_NO_TIME = Refused("no_such_time")
_NO_DATE = Refused("no_such_date")


@dataclass(frozen=True, slots=True)
class CodePlan:
    """The site's feature codes, and how four digits are read for each kind."""

    absence: str = "23"
    clock: str = "HHMM"
    date: str = "MMDD"


class Progress(StrEnum):
    """How far keys that arrive one at a time have come."""

    WHOLE = "whole"
    COULD_GO_ON = "could_go_on"
    WRONG = "wrong"


def parse(
    dialled: str, plan: CodePlan, site: Site, extension: Extension, now: datetime
) -> Command | Refused:
    """Return what a dialled code asks for.

    A time that has passed today is tomorrow's and a date that has passed this year
    is next year's; today's own date is 08:00 today, and refused after that.
    """
    keys = _unescaped(dialled.strip())
    if keys == f"#{plan.absence}#":
        return ClearDivert(extension)
    head = re.escape(f"*{plan.absence}*")
    code = re.fullmatch(rf"{head}([0-9]+)(?:\*([0-9]*))?#", keys)
    if code is None:
        return Refused("no_such_code")
    digit, digits = code.groups()
    reason = next((r for r in site.reasons.values() if r.digit == digit), None)
    if reason is None:
        return Refused("unknown_reason")
    until = None if digits is None else _until(digits, reason.kind, plan, now)
    if isinstance(until, Refused):
        return until
    return SetDivert(extension, reason.code, until, source=Source.KEYS)


def serialise(command: Command, plan: CodePlan, site: Site) -> str | None:
    """Return the code that asks for the command, None where no code can.

    Four digits hold no day or no year: the code means the same only while its time
    is the next one that reads so.
    """
    match command:
        case ClearDivert(_, None):
            return f"#{plan.absence}#"
        case SetDivert(_, code, until, None, Mode.CLOSED) if code in site.reasons:
            reason = site.reasons[code]
            head = f"*{plan.absence}*{reason.digit}"
            if not isinstance(until, datetime):
                return f"{head}#" if until is None else None
            digits = _digits(local(until), reason.kind, plan)
            return None if digits is None else f"{head}*{digits}#"
        case _:
            return None


def progress(keys: str, plan: CodePlan) -> Progress:
    """Tell whether keys are a whole code, the beginning of one, or neither."""
    head, clear = f"*{plan.absence}*", f"#{plan.absence}#"
    body = re.fullmatch(rf"{re.escape(head)}[0-9]+(?:\*[0-9]{{0,4}})?(#?)", keys)
    if keys == clear or (body and body[1]):
        return Progress.WHOLE
    if body or head.startswith(keys) or clear.startswith(keys):
        return Progress.COULD_GO_ON
    return Progress.WRONG


def _unescaped(dialled: str) -> str:
    for escape, key in _ESCAPED.items():
        dialled = dialled.replace(escape, key)
    return dialled


def _until(
    digits: str, kind: Kind, plan: CodePlan, now: datetime
) -> datetime | Refused:
    if len(digits) < 4:
        return Refused("time_incomplete")
    if kind is Kind.CLOCK:
        hour, minute = (_part(digits, plan.clock, name) for name in ("HH", "MM"))
        whole = len(digits) == 4 and hour < 24 and minute < 60
        return _next_clock(time(hour, minute), now) if whole else _NO_TIME
    month, day = (_part(digits, plan.date, name) for name in ("MM", "DD"))
    return _next_date(month, day, now) if len(digits) == 4 else _NO_DATE


def _part(digits: str, form: str, name: str) -> int:
    return int(digits[form.index(name) :][:2])


def _next_clock(clock: time, now: datetime) -> datetime | Refused:
    """Return the next instant of this time, which the spring night may not have."""
    until = next_clock(clock, now)
    return until if local(until).time() == clock else _NO_TIME


def _next_date(month: int, day: int, now: datetime) -> datetime | Refused:
    """Return 08:00 on the next day with this date, within a year."""
    today = local(now).date()
    days = (_day(year, month, day) for year in (today.year, today.year + 1))
    ahead = [found for found in days if found and today <= found <= today + _A_YEAR]
    if not ahead:
        return _NO_DATE
    # Next year would be absurd for a date that is today's.
    until = at(ahead[0])
    return until if until > now else Refused("until_has_passed")


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _digits(until: datetime, kind: Kind, plan: CodePlan) -> str | None:
    """Return the four digits of a Swedish time, None where they would lose some."""
    if kind is Kind.CLOCK and not (until.second or until.microsecond):
        hour, minute = f"{until.hour:02}", f"{until.minute:02}"
        return plan.clock.replace("HH", hour).replace("MM", minute)
    if kind is Kind.DATE and until.time() == START_OF_WORK:
        month, day = f"{until.month:02}", f"{until.day:02}"
        return plan.date.replace("MM", month).replace("DD", day)
    return None
