"""`pin`: given where nobody sees it, and shown nowhere."""

import asyncio
import fcntl
import io
import json
import os
import select
import subprocess
import sys
import termios
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from command_line import FIXTURES, Telefonist, Told

from voice.divert.model import Extension
from voice.lockout import FREE_TRIES, Verdict
from voice.pins import Pins
from voice.store.database import open_store

PIN, OTHER = "730916", "284075"
ANNA = Extension("1234")
QUESTIONS = (b"6 digits: ", b"once more: ")
# Far more than any of it takes, in seconds; only a fault makes it last.
LONG = 60


@pytest.fixture(autouse=True)
def anna(telefonist: Telefonist) -> None:
    """List somebody to give a PIN to."""
    telefonist("extension", "add", ANNA, "Anna Berg")


@pytest.fixture
def give(
    telefonist: Telefonist, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Told]:
    """Give a PIN by a pipe."""

    def piped(came: bytes, *arguments: str) -> Told:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(came)))
        return telefonist("pin", "set", *(arguments or (ANNA,)))

    return piped


def tried(site: Path, *pins: str) -> list[Verdict]:
    async def run() -> list[Verdict]:
        async with open_store(str(site / "site.db")) as store:
            checking = Pins(store)
            return [await checking.verify(ANNA, pin, datetime.now(UTC)) for pin in pins]

    return asyncio.run(run())


@pytest.mark.parametrize("came", [PIN, f"{PIN}\n", f"{PIN}\r\n", f"{PIN}\n{OTHER}\n"])
def test_a_pin_is_the_line_that_comes_in(
    give: Callable[..., Told], site: Path, came: str
):
    assert give(came.encode()) == Told(0, "1234 has a new PIN.\n", "")
    assert tried(site, PIN, OTHER) == [Verdict.RIGHT, Verdict.WRONG]


@pytest.mark.parametrize(
    ("came", "says"),
    [
        (b"", "6 digits and nothing else"),
        (b"\xff\xfe30916\n", "6 digits and nothing else"),
        (PIN.encode() * 1000, "6 digits and nothing else"),
        (b"123456\n", "first that anybody would try"),
        (b"123400\n", "not the extension"),
    ],
)
def test_what_cannot_be_a_pin_is_refused_and_not_repeated(
    give: Callable[..., Told], site: Path, came: bytes, says: str
):
    give(PIN.encode())
    told = give(came)
    assert (told.code, told.out) == (1, "")
    assert says in told.err
    assert told.err.count("\n") == 1
    if came:
        assert came.decode(errors="replace").strip() not in told.err
    assert tried(site, PIN) == [Verdict.RIGHT]


def test_a_pin_is_never_an_argument(give: Callable[..., Told], site: Path):
    told = give(b"", ANNA, PIN)
    assert told.code == 2
    assert tried(site, PIN) == [Verdict.WRONG]


def test_a_locked_pin_is_unlocked(
    telefonist: Telefonist, give: Callable[..., Told], site: Path
):
    give(PIN.encode())
    wrong = [OTHER] * FREE_TRIES
    assert tried(site, *wrong, PIN)[-1] is Verdict.LOCKED
    unlocked = telefonist("pin", "unlock", ANNA)
    assert unlocked == Told(0, "1234: the PIN can be tried again.\n", "")
    assert tried(site, PIN) == [Verdict.RIGHT]


def test_a_pin_is_taken_away(
    telefonist: Telefonist, give: Callable[..., Told], site: Path
):
    give(PIN.encode())
    for _ in range(2):
        cleared = telefonist("pin", "clear", ANNA)
        assert cleared == Told(0, "1234 has no PIN.\n", "")
    assert tried(site, PIN) == [Verdict.WRONG]
    told = telefonist("pin", "unlock", ANNA)
    assert "1234 has no PIN: give it one with `telefonist pin set" in told.err


def test_programs_are_told_what_was_done(
    telefonist: Telefonist, give: Callable[..., Told]
):
    done = [
        give(PIN.encode(), ANNA, "--json"),
        telefonist("pin", "unlock", ANNA, "--json"),
        telefonist("pin", "clear", ANNA, "--json"),
    ]
    assert [json.loads(each.out) for each in done] == [
        {"extension": ANNA, "pin": pin} for pin in ("set", "unlocked", "cleared")
    ]


def test_somebody_who_is_not_listed_has_no_pin(
    telefonist: Telefonist, give: Callable[..., Told]
):
    for told in (
        give(PIN.encode(), "99"),
        telefonist("pin", "clear", "99"),
        telefonist("pin", "unlock", "99"),
    ):
        assert told.code == 1
        assert "telefonist extension add 99" in told.err


def test_the_listing_shows_neither_pin_nor_hash(
    telefonist: Telefonist, give: Callable[..., Told]
):
    give(PIN.encode())
    shown = telefonist("extension", "list", "--json").out
    assert json.loads(shown)["extension"] == ANNA
    assert "argon2" not in shown
    assert PIN not in shown


@pytest.mark.parametrize(
    ("typed", "right"),
    [([PIN, PIN], PIN), ([PIN, OTHER, OTHER, OTHER], OTHER)],
    ids=["the same twice", "twice not the same"],
)
def test_at_a_terminal_it_is_typed_twice_and_not_shown(
    site: Path, typed: list[str], right: str
):
    ours, theirs = os.openpty()

    def be_its_terminal() -> None:
        # What asks for a secret asks the terminal that governs the process.
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        [sys.executable, "-m", "voice", "pin", "set", ANNA],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=be_its_terminal,
        env={**os.environ, "PYTHONPATH": str(FIXTURES.parent)},
    )
    os.close(theirs)
    shown = b""
    try:
        for pin, question in zip(typed, QUESTIONS * 2, strict=False):
            # Typed ahead of the question, it would be shown.
            shown += seen(ours, until=question)
            os.write(ours, f"{pin}\n".encode())
        shown += seen(ours)
    finally:
        os.close(ours)
    assert process.wait(LONG) == 0
    assert b"1234 has a new PIN." in shown
    assert shown.count(b"Error") == len(typed) // 2 - 1
    for pin in (PIN, OTHER):
        assert pin.encode() not in shown
    assert tried(site, right) == [Verdict.RIGHT]


def seen(terminal: int, until: bytes | None = None) -> bytes:
    """Read what is shown until it ends so, or until the program has ended."""
    shown = b""
    while until is None or not shown.endswith(until):
        assert select.select([terminal], [], [], LONG)[0], "nothing more is shown"
        try:
            shown += os.read(terminal, 1)
        except OSError:
            # So Linux tells that nobody is at the other end.
            break
    return shown
