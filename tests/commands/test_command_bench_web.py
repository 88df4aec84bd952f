"""Pages are measured over a store that is made for it, and over nobody's own."""

import json
from pathlib import Path

import pytest
from command_line import Telefonist

SMALL = ("--people", "20", "--turns", "40", "--viewers", "3")


# Beside telephones, because it takes some of a minute too.
@pytest.mark.line
def test_pages_and_live_words_are_measured(telefonist: Telefonist):
    told = telefonist("bench", "--web", *SMALL, "--json")
    assert (told.code, told.out.count("\n")) == (0, 9)
    figures = {f["name"]: f["value"] for f in map(json.loads, told.out.splitlines())}
    assert figures["3 viewers: turns that did not come to all"] == 0
    assert figures["start page, 95 %"] > 0
    assert figures["3 viewers: share of one core"] > 0


def test_a_store_that_is_in_use_is_not_filled(telefonist: Telefonist, site: Path):
    telefonist("extension", "add", "1234", "Anna Berg")
    told = telefonist("bench", "--web", *SMALL, "--store", str(site / "site.db"))
    assert (told.code, "That store is in use" in told.err) == (1, True)
    assert telefonist("extension", "list", "--json").out.count("\n") == 1


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
