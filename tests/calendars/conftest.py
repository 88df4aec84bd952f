"""Lets the promises of calendars explain what failed, and starts servers for them."""

import pytest
from google_library import library
from google_samples import ANNA, BERIT, CECILIA
from radicale_server import PASSWORD, USER, make_calendar, radicale

from tests.fakes.google import stand_in
from voice.calendars.caldav_wire import Account

pytest.register_assert_rewrite("contract")


@pytest.fixture(scope="session")
def radicale_place(tmp_path_factory):
    with radicale(tmp_path_factory.mktemp("radicale")) as (_, place):
        yield place


@pytest.fixture
def caldav(radicale_place):
    """An account with an empty calendar on a real server."""
    return Account(make_calendar(radicale_place), USER, PASSWORD)


@pytest.fixture
def google():
    """A stand-in for Google with the calendars of three."""
    with stand_in() as google:
        for owner in (ANNA, BERIT, CECILIA):
            google.person(owner)
        yield google


@pytest.fixture
def service(google):
    """Google's own library, on the stand-in."""
    with library(google) as library_of:
        yield library_of
