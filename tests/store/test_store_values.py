"""Diverts become plain text and come back the same."""

import json
from datetime import datetime

import pytest
from hypothesis import given
from store_samples import some_diverts

from voice.store.values import (
    divert_records,
    diverts_from,
    diverts_in_utc,
    in_utc,
)


@given(some_diverts)
def test_diverts_come_back_from_json(diverts):
    text = json.dumps(divert_records(diverts))
    assert diverts_from(json.loads(text)) == diverts_in_utc(diverts)


@given(some_diverts)
def test_instants_are_the_same_moments_in_utc(diverts):
    for was, is_now in zip(diverts, diverts_in_utc(diverts), strict=True):
        assert is_now.start.timestamp() == was.start.timestamp()
        assert is_now.start.utcoffset().total_seconds() == 0


def test_an_instant_without_zone_is_a_fault():
    with pytest.raises(ValueError, match="zone"):
        in_utc(datetime(2025, 3, 5))
