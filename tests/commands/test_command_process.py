"""Where the process itself matters: pipes, signals, and the same bytes from another."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import FIXTURES, Play, Telefonist

ENTRY = [sys.executable, "-m", "voice"]
CALL = FIXTURES / "calls" / "hanvisning-radera-48k-mono.wav"
# More than a pipe holds, so that the call stands still until somebody reads.
LONG = ["says hjälp"] * 1500


@pytest.fixture
def long_call(telefonist: Telefonist, play: Play) -> Path:
    """Return a call that is far from its end while nobody reads what it tells."""
    telefonist("extension", "add", "1234", "Anna")
    return play("says sammanträde till halv tre", *LONG)


def started(*arguments: str | Path) -> "subprocess.Popen[str]":
    # A session of its own, as a terminal gives, for its signals reach all in it.
    return subprocess.Popen(
        [*ENTRY, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A shell's background job, as CI may be, ignores interrupts, and so would this.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        env={**os.environ, "PYTHONPATH": str(FIXTURES.parent)},
    )


@pytest.mark.model
def test_another_process_tells_the_same_bytes(telefonist: Telefonist):
    here = telefonist("replay", CALL, "--json")
    out, err = started("replay", CALL, "--json").communicate()
    assert (out, err) == (here.out, "")


def test_no_command_waits_for_what_only_pages_need():
    program = "import sys, voice.__main__; print('fastapi' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(FIXTURES.parent)},
        capture_output=True,
        text=True,
    )
    assert (told.stdout, told.stderr) == ("False\n", "")


def test_a_reader_who_has_seen_enough_is_no_fault(long_call: Path):
    process = started("replay", long_call, "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    assert json.loads(process.stdout.readline())["who"] == "attendant"
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait() in (0, 1)
    assert err == ""


def test_a_call_may_be_interrupted_without_noise(long_call: Path):
    process = started("replay", long_call, "--json")
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode in (1, 130)
    assert "Traceback" not in err


def test_a_store_is_whole_after_the_program_was_killed(
    telefonist: Telefonist, site: Path, long_call: Path
):
    process = started("replay", long_call, "--store", site / "site.db", "--json")
    assert process.stdout is not None
    first = [json.loads(process.stdout.readline()) for _ in range(3)]
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    (call,) = telefonist("calls", "list", "--json").out.splitlines()
    kept = telefonist("calls", "show", json.loads(call)["call"], "--json").out
    assert [json.loads(line) for line in kept.splitlines()[:3]] == first
    assert json.loads(call)["outcome"] is None
    assert "not ended" in telefonist("calls", "list").out
    now = ("--now", "2026-03-04T10:01")
    assert "SAM until 14:30" in telefonist("divert", "list", *now).out
    assert telefonist("divert", "clear", "1234", *now).code == 0
