"""The Google connector keeps the promises of any calendar, on a stand-in."""

import pytest
from contract import CalendarPromises
from google_samples import calendar_of, ground_of, workspace_of


@pytest.fixture
async def calendar(google):
    async with workspace_of(google) as workspace:
        yield calendar_of(workspace)


@pytest.fixture
def ground(calendar, google):
    return ground_of(calendar, google)


class TestGoogleCalendar(CalendarPromises):
    """Runs them on the stand-in, through Google's own library."""
