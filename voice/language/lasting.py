"""How long a reason lasts when nobody says, as the grammar files write it."""

import re
from datetime import timedelta

from voice.divert.model import Until

_AMOUNT = re.compile(r"([1-9]\d{0,2})([mh])")


def lasting(text: str) -> timedelta | Until:
    """Read minutes, hours or a named end; ValueError when it is none of them."""
    if amount := _AMOUNT.fullmatch(text):
        unit = timedelta(minutes=1 if amount[2] == "m" else 60)
        return int(amount[1]) * unit
    return Until(text)
