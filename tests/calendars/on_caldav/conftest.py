"""Starts a real CalDAV server, with a door before it."""

from dataclasses import replace

import pytest
from calendar_samples import NOW, REASONS, SAM
from odd_door import Door, opened
from radicale_server import PASSWORD, USER, RadicaleHand, make_calendar, radicale

from voice.calendars.caldav import CaldavCalendar
from voice.calendars.caldav_wire import Account
from voice.calendars.ground import Ground
from voice.calendars.ics_fields import Reader


@pytest.fixture(scope="session")
def radicale_place(tmp_path_factory):
    with radicale(tmp_path_factory.mktemp("radicale")) as (_, place):
        yield place


@pytest.fixture
def caldav(radicale_place):
    """An account with an empty calendar on a real server."""
    return Account(make_calendar(radicale_place), USER, PASSWORD)


@pytest.fixture
def door(radicale_place):
    with opened(Door(radicale_place)) as between:
        yield between


@pytest.fixture
def caldav_door(caldav, door):
    """The same account, as it is seen through a door that bends answers."""
    address = caldav.address.replace(door.place, door.address)
    return replace(caldav, address=address, patience=5)


@pytest.fixture
async def caldav_ground(caldav, caldav_door):
    """A calendar behind the door, whose owner does not pass it."""
    calendar = CaldavCalendar(caldav_door, Reader(REASONS))
    yield Ground(calendar, SAM, NOW, RadicaleHand(caldav.address))
    await calendar.close()
