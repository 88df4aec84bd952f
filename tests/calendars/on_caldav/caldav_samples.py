"""The way to a CalDAV calendar, for the tests."""

from contextlib import asynccontextmanager
from dataclasses import replace

from calendar_samples import REASONS
from radicale_server import PASSWORD, USER

from voice.calendars.caldav import CaldavCalendar
from voice.calendars.caldav_clients import Clients
from voice.calendars.ics_fields import Reader
from voice.calendars.settings import CaldavAccount

READER = Reader(REASONS)
ACCOUNT = CaldavAccount(USER, password=PASSWORD)


@asynccontextmanager
async def caldav_at(address, /, reader=READER, patience=30.0, **account):
    """Give the calendar at an address, and close its connections afterwards."""
    clients = Clients(replace(ACCOUNT, **account), patience)
    try:
        yield CaldavCalendar(address, clients, reader)
    finally:
        clients.close()
