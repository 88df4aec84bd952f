"""Starts a real CalDAV server, with a door before it."""

import pytest
from caldav_samples import caldav_at
from calendar_samples import NOW, SAM
from odd_door import Door, opened
from radicale_server import RadicaleHand, make_calendar, radicale

from voice.calendars.ground import Ground


@pytest.fixture(scope="session")
def radicale_place(tmp_path_factory):
    with radicale(tmp_path_factory.mktemp("radicale")) as (_, place):
        yield place


@pytest.fixture
def caldav(radicale_place):
    """The address of an empty calendar on a real server."""
    return make_calendar(radicale_place)


@pytest.fixture
def door(radicale_place):
    with opened(Door(radicale_place)) as between:
        yield between


@pytest.fixture
def caldav_door(caldav, door):
    """The address of the same calendar, through a door that bends answers."""
    return caldav.replace(door.place, door.address)


@pytest.fixture
async def caldav_ground(caldav, caldav_door):
    """A calendar behind the door, whose owner does not pass it."""
    async with caldav_at(caldav_door) as calendar:
        yield Ground(calendar, SAM, NOW, RadicaleHand(caldav))
