"""Lets the promises of calendars explain what failed, and stands in for Outlook."""

import pytest
from outlook_samples import ANNA, BERIT

from tests.fakes.graph import stand_in

pytest.register_assert_rewrite("contract")


@pytest.fixture
def microsoft():
    with stand_in() as graph:
        for owner in (ANNA, BERIT):
            graph.person(owner)
        yield graph
