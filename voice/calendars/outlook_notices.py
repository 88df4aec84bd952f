"""What Graph calls an address for: a change, or trouble with the promise to call."""

import json
from dataclasses import dataclass, field
from typing import Any

from voice.calendars.port import BrokenAnswerError

LARGEST = 1024 * 1024
"""No honest call is longer."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that was told: what to read is never in it."""

    watch: str
    token: str = field(repr=False)
    """What the watch was asked for with: without it, nobody is believed."""
    ending: bool = False
    """The watch is over, or will be: it has to be asked for anew."""


def notices(body: bytes) -> tuple[Notice, ...]:
    """Return what a call tells.

    Whoever asks with `validationToken` in the address instead wants that back, as
    plain text and within ten seconds.
    """
    try:
        if len(body) > LARGEST:
            raise ValueError("Too long a call.")
        return tuple(_notice(each) for each in json.loads(body)["value"])
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        raise BrokenAnswerError(
            "Somebody calls who is not Outlook: look at who can reach the address "
            "that is given for its calls."
        ) from None


# https://learn.microsoft.com/graph/change-notifications-lifecycle-events: after
# `missed` the watch goes on, and reading the calendar is all that is needed.
_ENDING = {"reauthorizationRequired", "subscriptionRemoved"}


def _notice(told: dict[str, Any]) -> Notice:
    ending = told.get("lifecycleEvent") in _ENDING
    return Notice(str(told["subscriptionId"]), str(told.get("clientState", "")), ending)
