"""How long a reason lasts when nobody says, as the grammar files write it."""

import re
from datetime import time, timedelta

from voice.divert.model import Until

_AMOUNT = re.compile(r"([1-9]\d{0,2})([mh])")
_LENGTH = re.compile(r"([1-9]\d{0,2})([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def lasting(text: str) -> timedelta | Until:
    """Read minutes, hours or a named end; ValueError when it is none of them."""
    if amount := _AMOUNT.fullmatch(text):
        unit = timedelta(minutes=1 if amount[2] == "m" else 60)
        return int(amount[1]) * unit
    return Until(text)


def length(text: str) -> timedelta:
    """Read minutes, hours or days; ValueError when it is none of them."""
    if amount := _LENGTH.fullmatch(text):
        return int(amount[1]) * _UNITS[amount[2]]
    raise ValueError(f'{text} is no length: write it as "30m", "8h" or "60d"')


def hours(text: str) -> tuple[time, time]:
    """Read the hours of a day, "10:00-14:30"; ValueError when they are none."""
    try:
        begins, ends = map(time.fromisoformat, text.split("-"))
    except ValueError:
        raise ValueError(f'{text} are no hours: write them as "10:00-14:30"') from None
    if begins >= ends:
        raise ValueError(f"{text} end before they begin")
    return begins, ends
