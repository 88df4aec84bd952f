"""One whose calendar is followed: what is known of them, and when they are due."""

from dataclasses import dataclass
from datetime import datetime

from voice.calendars.following import BELIEVED_AFTER
from voice.calendars.port import AccessDeniedError, BusyError
from voice.calendars.settings import CalendarSettings
from voice.coupling.following import Followed
from voice.coupling.pace import DENIED_SECONDS, backoff, jittered
from voice.store.links_port import Linked, LinkKind


@dataclass(slots=True)
class Person:
    """One whose calendar is followed, as this process knows it."""

    linked: Linked
    failures: int = 0
    is_resumed: bool = False
    is_unwritten: bool = False
    """Whether something is yet to be written into the calendar."""
    called_at: float | None = None
    """When the calendar called first of what has not been read yet."""

    def failed(self, followed: Followed) -> None:
        """Count how often in a row the calendar could not be read."""
        self.failures = 0 if followed.error is None else self.failures + 1


def is_replaced(person: Person, linked: Linked) -> bool:
    """Tell whether the store has another link than the one that is followed.

    One that was removed and made again looks the same, but nothing is known of it:
    what changed since the cursor would be taken for all there is.
    """
    followed = person.linked
    is_made_again = linked.progress.read_at is None and followed.progress.cursor
    return followed.link != linked.link or bool(is_made_again)


def again(
    person: Person,
    followed: Followed,
    settings: CalendarSettings,
    now: datetime,
    luck: float,
) -> float:
    """Return in how many seconds a calendar is read again, by luck from 0 to 1."""
    match followed.error:
        case None if followed.progress.doubted_at is not None:
            return BELIEVED_AFTER.total_seconds()
        case None:
            return jittered(_interval(person.linked, settings, now), luck)
        case AccessDeniedError():
            return jittered(DENIED_SECONDS, luck)
        case BusyError(retry_after=asked):
            return backoff(person.failures, luck, asked)
        case _:
            return backoff(person.failures, luck)


def _interval(linked: Linked, settings: CalendarSettings, now: datetime) -> float:
    watching = linked.progress.watching
    if watching is not None and watching.until > now:
        return settings.pushed_seconds
    return polled(linked.link.kind, settings)


def polled(kind: LinkKind, settings: CalendarSettings) -> float:
    """Return how often a calendar of a kind is read that does not call us."""
    match kind:
        case LinkKind.GOOGLE:
            return settings.google_seconds
        case LinkKind.OUTLOOK:
            return settings.outlook_seconds
        case LinkKind.CALDAV:
            return settings.caldav_seconds
        case LinkKind.ICS:
            return settings.ics_seconds
