"""A stand-in for Google, and the ways to it: its own library's, and the house's."""

import pytest
from google_library import library
from google_samples import ANNA, BERIT, CECILIA, calendar_of, workspace_of

from tests.fakes.google import stand_in


@pytest.fixture
def google():
    """A stand-in with the calendars of three."""
    with stand_in() as google:
        for owner in (ANNA, BERIT, CECILIA):
            google.person(owner)
        yield google


@pytest.fixture
def service(google):
    """Google's own library, on the stand-in."""
    with library(google) as library_of:
        yield library_of


@pytest.fixture
async def workspace(google):
    """The house's way to the stand-in."""
    async with workspace_of(google) as workspace:
        yield workspace


@pytest.fixture
def google_calendar(workspace):
    """The calendar of the first of the three."""
    return calendar_of(workspace)
