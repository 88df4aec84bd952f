"""Calendars on a CalDAV server keep the promises of any, against a real Radicale."""

import pytest
from calendar_samples import NOW, REASONS, SAM
from contract import CalendarPromises
from radicale_server import RadicaleHand

from voice.calendars.caldav import CaldavCalendar
from voice.calendars.ground import Ground
from voice.calendars.ics_fields import Reader


@pytest.fixture
async def calendar(caldav):
    opened = CaldavCalendar(caldav, Reader(REASONS))
    yield opened
    await opened.close()


@pytest.fixture
def hand(caldav):
    return RadicaleHand(caldav.address)


@pytest.fixture
def ground(calendar, hand):
    return Ground(calendar, SAM, NOW, hand)


class TestCaldavCalendar(CalendarPromises):
    """Runs them on Radicale."""
