"""The Google connector keeps the promises of any calendar, on a stand-in."""

import pytest
from contract import CalendarPromises
from google_samples import ground_of


@pytest.fixture
def ground(google_calendar, google):
    return ground_of(google_calendar, google)


class TestGoogleCalendar(CalendarPromises):
    """Runs them on the stand-in, through Google's own library."""
