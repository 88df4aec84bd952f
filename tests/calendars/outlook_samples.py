"""A calendar of the Graph stand-in, and its owner's hand, for the tests of it."""

from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from calendar_samples import NOW, REASONS, SAM

from tests.fakes.graph import GraphStandIn
from voice.calendars.graph import Graph, open_graph
from voice.calendars.ground import Booking, Ground
from voice.calendars.outlook import OutlookCalendar

ANNA, BERIT, CECILIA = (
    f"{name}@kommun.example" for name in ("anna", "berit", "cecilia")
)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class OutlookHand:
    """The owner of a calendar, who makes bookings in it."""

    def __init__(self, stand_in: GraphStandIn, owner: str) -> None:
        self._graph, self._owner = stand_in, owner
        self._made: dict[str, Booking] = {}

    async def book(self, booking: Booking) -> str:
        name = self._graph.book(self._owner, **_fields(booking))
        self._made[name] = booking
        return name

    async def rebook(self, name: str, booking: Booking) -> None:
        self._graph.edit(self._owner, name, **_fields(booking))
        self._made[name] = booking

    async def remove(self, name: str) -> None:
        self._graph.remove(self._owner, name)

    async def move_day(self, name: str, nth: int, start: datetime) -> None:
        made = self._made[name]
        day = self._graph.days(self._owner, name)[nth]
        end = start + (made.end - made.start)
        self._graph.edit(self._owner, day, start=start, end=end)

    async def remove_day(self, name: str, nth: int) -> None:
        self._graph.remove(self._owner, self._graph.days(self._owner, name)[nth])


def daily(start: datetime, count: int) -> dict[str, object]:
    """Return the recurrence of a series of so many days running."""
    first = f"{start:%Y-%m-%d}"
    ends = {"type": "numbered", "startDate": first, "numberOfOccurrences": count}
    return {"pattern": {"type": "daily", "interval": 1}, "range": ends}


def _fields(booking: Booking) -> dict[str, object]:
    start = booking.start
    series = {"recurrence": daily(start, booking.days)} if booking.days > 1 else {}
    return series | {
        "subject": booking.subject,
        "start": start,
        "end": booking.end,
        "isAllDay": booking.all_day,
        "sensitivity": "private" if booking.private else "normal",
        "showAs": "free" if booking.free else "busy",
    }


class StandInTokens:
    """Tokens that the stand-in gives without being asked for them properly."""

    def __init__(self, stand_in: GraphStandIn) -> None:
        self._entra = stand_in.entra
        self._token = self._entra.new()

    async def token(self, *, anew: bool = False) -> str:
        if anew:
            self._token = self._entra.new()
        return self._token


@asynccontextmanager
async def way_to(stand_in: GraphStandIn):
    """Open the way to the stand-in, as the house opens it to Graph."""
    async with open_graph(StandInTokens(stand_in), stand_in.base) as graph:
        yield graph


def calendar_of(graph: Graph, owner: str = ANNA) -> OutlookCalendar:
    return OutlookCalendar(graph, owner, REASONS)


def ground_of(calendar: OutlookCalendar, stand_in: GraphStandIn) -> Ground:
    return Ground(calendar, SAM, NOW, OutlookHand(stand_in, ANNA))
