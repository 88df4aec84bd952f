"""The way to a CalDAV calendar, for the tests."""

from contextlib import asynccontextmanager

from calendar_samples import REASONS
from radicale_server import PASSWORD, USER

from voice.calendars.caldav import CaldavCalendar
from voice.calendars.caldav_clients import Access, Clients
from voice.calendars.ics_fields import Reader

READER = Reader(REASONS)


@asynccontextmanager
async def caldav_at(address, reader=READER, **access):
    """Give the calendar at an address, and close its connections afterwards."""
    who = {"user": USER, "password": PASSWORD} | access
    clients = Clients(Access(**who))
    try:
        yield CaldavCalendar(address, clients, reader)
    finally:
        clients.close()
