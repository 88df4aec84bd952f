"""The service is measured by telephones that call it; how fast it is, no test says."""

import json

import pytest
from command_line import Telefonist


@pytest.mark.line
@pytest.mark.model
def test_calls_on_a_line_are_measured(telefonist: Telefonist):
    told = telefonist("bench", "--line", "--calls", "2", "--in-a-row", "2", "--json")
    assert (told.code, told.out.count("\n")) == (0, 14)
    figures = {f["name"]: f["value"] for f in map(json.loads, told.out.splitlines())}
    alone = figures["one call: end of whole sentence to answer, median"]
    assert 0.2 < alone < 12
    assert 0 < figures["2 calls at once: share of one core"] < 1
    assert any(name.startswith("2 calls at once: gaps within") for name in figures)


@pytest.mark.parametrize("calls", ["0", "many", "201"])
def test_what_cannot_be_measured_is_said(telefonist: Telefonist, calls: str):
    told = telefonist("bench", "--line", "--calls", calls)
    assert told.code == 2
    assert "--calls" in told.err
