"""Whoever a command removes leaves nothing of ours in a calendar, or it is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Telefonist

from tests.calendars.on_caldav.radicale_server import (
    PASSWORD,
    USER,
    RadicaleHand,
    make_calendar,
    radicale,
)

NOBODY = "extension,name\n2345,Bo Ek\n"
WAYS = (
    ("extension", "remove", "1234"),
    ("extension", "import", "staff.csv", "--remove-missing", "--force"),
    ("person", "erase", "1234", "--yes"),
)


@pytest.fixture
def hand(
    telefonist: Telefonist, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RadicaleHand]:
    """Let Anna be away, with a booking of ours in her calendar on a real server."""
    monkeypatch.setenv("TELEFONIST_CALDAV_PASSWORD", PASSWORD)
    settings = tmp_path / "settings.toml"
    settings.write_text(f'[caldav]\nuser = "{USER}"\n', "utf-8")
    monkeypatch.setenv("TELEFONIST_SETTINGS", str(settings))
    (tmp_path / "staff.csv").write_text(NOBODY, "utf-8")
    telefonist("extension", "add", "1234", "Anna Berg")
    telefonist("extension", "add", "2345", "Bo Ek")
    with radicale(tmp_path) as (_, place):
        address = make_calendar(place)
        telefonist("calendar", "link", "1234", "--caldav", address)
        telefonist("divert", "set", "1234", "SAM")
        assert telefonist("calendar", "sync", "--once").code == 0
        hand = RadicaleHand(address)
        assert len(hand.files()) == 1
        yield hand


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_what_is_ours_is_taken_out(
    telefonist: Telefonist, hand: RadicaleHand, way: tuple[str, ...]
):
    told = telefonist(*way)
    assert (told.code, told.err) == (0, "")
    assert hand.files() == set()
    assert "1234" not in telefonist("extension", "list").out


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_what_may_be_left_is_told_with_the_remedy(
    telefonist: Telefonist,
    hand: RadicaleHand,
    way: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.delenv("TELEFONIST_CALDAV_PASSWORD")
    told = telefonist(*way)
    assert told.code == 0
    assert "the calendar of 1234 may be left there, at 20" in told.err
    assert "remove it by hand" in told.err
    assert "set TELEFONIST_CALDAV_PASSWORD in the environment" in told.err
    assert len(hand.files()) == 1
    assert "1234" not in telefonist("extension", "list").out


def test_looking_first_takes_nothing_out(telefonist: Telefonist, hand: RadicaleHand):
    assert telefonist(*WAYS[1], "--dry-run").code == 0
    assert len(hand.files()) == 1
