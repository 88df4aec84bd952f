"""How the calendars that are followed are, all together."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from voice.calendar_measures import Outcome, Situation
from voice.calendars.port import (
    AccessDeniedError,
    BusyError,
    CalendarError,
    CursorExpiredError,
)
from voice.phone.port import Condition
from voice.store.links_port import Linked

# The guide's promise; until then, nobody need be told.
_LONG = timedelta(minutes=10)
_WELL = Condition(True, "They are read.")


def outcome(error: CalendarError | None) -> Outcome:
    """Return what a reading came to that ended with an error, or with none."""
    match error:
        case None:
            return Outcome.OK
        case AccessDeniedError():
            return Outcome.DENIED
        case BusyError():
            return Outcome.BUSY
        case CursorExpiredError():
            return Outcome.EXPIRED
        case _:
            return Outcome.BROKEN


def situation(people: Collection[Linked], unwritten: int, now: datetime) -> Situation:
    """Return how the calendars of some people are."""
    progress = [each.progress for each in people]
    ages = [now - each.read_at for each in progress if each.read_at is not None]
    return Situation(
        coupled=len(people),
        failing=sum(bool(each.fault) for each in progress),
        doubted=sum(each.doubted_at is not None for each in progress),
        unread=len(people) - len(ages),
        unwritten=unwritten,
        oldest_seconds=max(ages, default=timedelta()).total_seconds(),
        watches=Counter(
            each.link.kind
            for each in people
            if each.progress.watching is not None and each.progress.watching.until > now
        ),
    )


def condition(people: Collection[Linked], now: datetime) -> Condition:
    """Tell whether calendars are read; one that is not makes no service unwell."""
    since = [each.progress.failing_since for each in people]
    failing = [each for each in since if each is not None]
    if len(people) < 2 or len(failing) < len(people) or now - max(failing) < _LONG:
        return _WELL
    minutes = int((now - max(failing)).total_seconds() / 60)
    return Condition(
        False,
        f"none could be read for {minutes} minutes: phones stay as they were, and "
        "open when their diverts end; `telefonist calendar status` says why.",
    )
