"""Calendars on a CalDAV server keep the promises of any, against a real Radicale."""

import pytest
from calendar_samples import NOW, REASONS, SAM
from contract import CalendarPromises
from radicale_server import PASSWORD, USER, RadicaleHand, make_calendar, radicale

from voice.calendars.caldav import CaldavCalendar
from voice.calendars.caldav_wire import Account
from voice.calendars.ground import Ground
from voice.calendars.ics_fields import Reader


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    with radicale(tmp_path_factory.mktemp("radicale")) as (_, address):
        yield address


@pytest.fixture
def address(place):
    return make_calendar(place)


@pytest.fixture
async def calendar(address):
    opened = CaldavCalendar(Account(address, USER, PASSWORD), Reader(REASONS))
    yield opened
    await opened.close()


@pytest.fixture
def hand(address):
    return RadicaleHand(address)


@pytest.fixture
def ground(calendar, hand):
    return Ground(calendar, SAM, NOW, hand)


class TestCaldavCalendar(CalendarPromises):
    """Runs them on Radicale."""
