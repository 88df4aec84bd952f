"""Pages are measured over a store that is made for it, and over nobody's own."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
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


@pytest.mark.line
async def test_one_that_is_told_to_end_takes_its_server_away(tmp_path: Path):
    bench = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "voice", "bench", "--web", "--store", "postgresql"),
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=DEVNULL,
        stderr=PIPE,
        # As a shell starts what is to go on behind it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    assert bench.stderr is not None
    async with asyncio.timeout(120):
        assert b"PostgreSQL" in await bench.stderr.readline()
        assert any(name.startswith("tmp") for name in os.listdir(tmp_path))
        bench.terminate()
        assert await bench.wait() == 128 + signal.SIGTERM
    assert [name for name in os.listdir(tmp_path) if name.startswith("tmp")] == []


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
