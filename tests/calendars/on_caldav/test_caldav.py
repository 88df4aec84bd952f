"""Calendars on a CalDAV server keep the promises of any, against a real Radicale."""

import pytest
from caldav_samples import caldav_at
from calendar_samples import NOW, SAM
from contract import CalendarPromises
from radicale_server import RadicaleHand

from voice.calendars.ground import Ground


@pytest.fixture
async def calendar(caldav):
    async with caldav_at(caldav) as calendar:
        yield calendar


@pytest.fixture
def hand(caldav):
    return RadicaleHand(caldav)


@pytest.fixture
def ground(calendar, hand):
    return Ground(calendar, SAM, NOW, hand)


class TestCaldavCalendar(CalendarPromises):
    """Runs them on Radicale."""
