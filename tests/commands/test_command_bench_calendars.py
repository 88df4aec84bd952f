"""Following calendars is measured as a site does it; how fast it is, no test says."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import Telefonist

VOICE = Path(__file__).parents[2] / "voice"


@pytest.mark.line
@pytest.mark.model
def test_calendars_that_call_and_that_are_only_read_are_measured(
    telefonist: Telefonist,
):
    told = telefonist(
        "bench", "--calendars", "--people", "3", "--changes", "3", "--json"
    )
    assert told.code == 0, told.err
    figures = {f["name"]: f for f in map(json.loads, told.out.splitlines())}
    assert len(figures) == 22
    for kind in ("Google", "Outlook"):
        delay = figures[f"{kind}, 3 people who call: change to divert, median"]["value"]
        assert 0 < delay < 120
        assert figures[f"{kind}: 3 people read at first"]["value"] > 0
        assert 0 < figures[f"{kind}: a change a second, share of one core"]["value"] < 2
        assert 50 < figures[f"{kind}: a change a second, memory"]["value"] < 2000
        # Each was read at least twice, and promised to call.
        assert 9 < figures[f"{kind}: most asked in a minute"]["value"] < 1000
        assert figures[f"{kind}: refused as too much"]["value"] == 0
    for kind in ("Google", "Outlook", "CalDAV"):
        name = f"{kind}, read every 5 s: change to divert, slowest"
        assert 0 < figures[name]["value"] < 120
    rules = [each for each in figures if each.startswith("100000 bookings")]
    assert len(rules) == 2
    assert all(0 < figures[each]["value"] < 120 for each in rules)


@pytest.mark.parametrize("people", ["1", "many", "10001"])
def test_what_cannot_be_measured_is_said(telefonist: Telefonist, people: str):
    told = telefonist("bench", "--calendars", "--people", people)
    assert told.code == 2
    assert "--people" in told.err


def test_one_thing_is_measured_at_a_time(telefonist: Telefonist):
    told = telefonist("bench", "--calendars", "--line")
    assert (told.code, told.out) == (1, "")
    assert "one thing at a time" in told.err


def test_without_the_source_it_is_said_what_is_missing(tmp_path: Path):
    """A program that is installed has no stand-ins beside it."""
    shutil.copytree(VOICE, tmp_path / "voice")
    for name in ("grammar", "models"):
        (tmp_path / name).symlink_to(VOICE.parent / name)
    told = subprocess.run(
        [sys.executable, "-m", "voice", "bench", "--calendars"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 1
    assert "from a copy of the source" in told.stderr
    assert "Traceback" not in told.stderr
