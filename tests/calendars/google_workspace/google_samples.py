"""A calendar of the Google stand-in, and its owner's hand, for the tests of it."""

from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from calendar_samples import NOW, REASONS, SAM

from tests.fakes.google import GoogleStandIn
from voice.calendars.google import GoogleCalendar
from voice.calendars.google_wire import Workspace
from voice.calendars.ground import Booking, Ground

ANNA, BERIT, CECILIA = (
    f"{name}@kommun.example" for name in ("anna", "berit", "cecilia")
)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class GoogleHand:
    """The owner of a calendar, who makes bookings in it."""

    def __init__(self, google: GoogleStandIn, owner: str) -> None:
        self._google, self._owner = google, owner
        self._made: dict[str, Booking] = {}

    async def book(self, booking: Booking) -> str:
        rule = {"recurrence": [f"RRULE:FREQ=DAILY;COUNT={booking.days}"]}
        series = rule if booking.days > 1 else {}
        name = self._google.book(self._owner, **_fields(booking), **series)
        self._made[name] = booking
        return name

    async def rebook(self, name: str, booking: Booking) -> None:
        fields = _fields(booking)
        fields["summary"] = fields.pop("subject")
        self._google.edit(self._owner, name, **fields)
        self._made[name] = booking

    async def remove(self, name: str) -> None:
        self._google.remove(self._owner, name)

    async def move_day(self, name: str, nth: int, start: datetime) -> None:
        made = self._made[name]
        day = self._google.instances(self._owner, name)[nth]
        end = start + (made.end - made.start)
        self._google.edit(self._owner, day, start=start, end=end)

    async def remove_day(self, name: str, nth: int) -> None:
        self._google.remove(self._owner, self._google.instances(self._owner, name)[nth])


def _fields(booking: Booking) -> dict[str, object]:
    start, end = booking.start, booking.end
    return {
        "subject": booking.subject,
        "start": start.date() if booking.all_day else start,
        "end": end.date() if booking.all_day else end,
        "visibility": "private" if booking.private else "default",
        "transparency": "transparent" if booking.free else "opaque",
    }


def ground_of(calendar: GoogleCalendar, google: GoogleStandIn) -> Ground:
    return Ground(calendar, SAM, NOW, GoogleHand(google, ANNA))


@asynccontextmanager
async def workspace_of(google: GoogleStandIn, threads: int = 2):
    """Open the way to the stand-in, as the house opens it to Google."""
    workspace = Workspace(google.key, google.endpoint, threads)
    try:
        yield workspace
    finally:
        await workspace.close()


def calendar_of(workspace: Workspace, owner: str = ANNA) -> GoogleCalendar:
    return GoogleCalendar(workspace, owner, REASONS)
