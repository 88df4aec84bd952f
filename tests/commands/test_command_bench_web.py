"""Pages are measured over a store that is made for it, and over nobody's own."""

import json
from pathlib import Path

import pytest
from command_line import Telefonist

SMALL = ("--people", "20", "--turns", "40", "--viewers", "3", "--asked", "5")


# Beside telephones, because it takes some of a minute too.
@pytest.mark.line
def test_pages_and_live_words_are_measured_over_both_kinds_of_store(
    telefonist: Telefonist,
):
    told = telefonist("bench", "--web", *SMALL, "--store", "both", "--json")
    assert told.code == 0
    figures = list(map(json.loads, told.out.splitlines()))
    values = {figure["name"]: figure["value"] for figure in figures}
    stores = dict.fromkeys(name.partition(":")[0] for name in values)
    assert [name.split()[0] for name in stores] == ["SQLite", "PostgreSQL"]
    for store in stores:
        assert values[f"{store}: 3 viewers: turns that did not come to all"] == 0
        assert values[f"{store}: start page, 95 %"] > 0
        assert values[f"{store}: Läge, 95 %"] > 0
        assert values[f"{store}: API: calls, 95 %"] > 0
        assert values[f"{store}: 3 viewers: share of one core"] > 0
    assert all("Python" in figure["versions"] for figure in figures)
    # What is promised of nothing but some pages, no other page has to keep.
    assert {f["at_most"] for f in figures if "Läge" in f["name"]} == {None}


@pytest.mark.line
def test_a_file_that_is_named_is_gone_when_it_has_been_measured(
    telefonist: Telefonist, site: Path
):
    file = site / "measured.db"
    told = telefonist("bench", "--web", *SMALL, "--store", str(file), "--json")
    assert (told.code, "SQLite" in told.out) == (0, True)
    assert [each.name for each in site.iterdir() if "measured" in each.name] == []


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (("--web", "--line"), "one thing at a time"),
        (("--web", "--store", "memory:"), "Two programs share the store"),
    ],
)
def test_what_cannot_be_measured_of_pages_is_said(
    telefonist: Telefonist, options: tuple[str, ...], fault: str
):
    told = telefonist("bench", *options)
    assert (told.code, fault in told.err) == (1, True)
