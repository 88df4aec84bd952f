"""Outlook keeps the promises of any calendar, whatever Graph leaves untold."""

import pytest
from contract import CalendarPromises
from outlook_samples import calendar_of, ground_of, way_to


@pytest.fixture
async def ground(microsoft):
    async with way_to(microsoft) as graph:
        yield ground_of(calendar_of(graph), microsoft)


class TestOutlookCalendar(CalendarPromises):
    """Runs them on a Graph that sends every field, and tells little of series."""


class TestOutlookCalendarAsItIsSeenToBe(CalendarPromises):
    """Runs them on a Graph that sends what is selected, and tells of lost days."""

    @pytest.fixture(autouse=True)
    def telling(self, microsoft):
        microsoft.deltas.heeds_select = True
        microsoft.deltas.tells_removed_days = True
