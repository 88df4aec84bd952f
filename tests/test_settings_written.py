"""Settings written into a file: the value wanted, and everything else as it was."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.config import settings
from voice.settings_file import EXAMPLE
from voice.settings_written import NotWrittenError, Place, with_settings

TEXT = EXAMPLE.read_text("utf-8")
TRUSTED, DAYS = Place("sip", "trusted"), Place("recording", "days")
ASKED = Place("redirect", "trusted")
PEERS = st.lists(st.from_regex(r"10\.0\.[0-9]\.[0-9]", fullmatch=True), max_size=5)


@given(PEERS, st.integers(0, 3650))
def test_what_is_written_is_read_and_nothing_else_is_touched(
    peers: list[str], days: int
):
    values = {TRUSTED: tuple(peers), ASKED: tuple(peers), DAYS: days}
    once = with_settings(TEXT, values)
    read = tomllib.loads(once)
    assert read["sip"]["trusted"] == peers
    assert read["redirect"]["trusted"] == peers
    assert read["recording"]["days"] == days
    kept = [line for line in once.splitlines() if line in TEXT.splitlines()]
    assert kept == TEXT.splitlines()
    assert with_settings(once, values) == once


def test_a_new_line_stands_where_the_file_explains_it():
    lines = with_settings(TEXT, {TRUSTED: ("10.0.0.1",)}).splitlines()
    written = lines.index('trusted = ["10.0.0.1"]')
    assert lines[written - 1] == "#trusted = []"


def test_comments_beside_a_value_stay():
    text = '[sip]\ntrusted = ["10.0.0.1"] # the old one\n# kept\n'
    told = with_settings(text, {TRUSTED: ("10.0.0.2",)})
    assert told == '[sip]\ntrusted = ["10.0.0.2"] # the old one\n# kept\n'


def test_each_of_several_lines_has_its_own():
    text = '[[sip]]\nlisten = "x"\n[sip.registration]\nuser = "4"\n[[sip]]\n# two\n'
    told = with_settings(text, {Place("sip", "trusted", 2): ("10.0.0.2",)})
    assert tomllib.loads(told)["sip"][1] == {"trusted": ["10.0.0.2"]}
    assert tomllib.loads(told)["sip"][0] == {
        "listen": "x",
        "registration": {"user": "4"},
    }


@pytest.mark.parametrize("text", ["", "# nothing", "[web]\nidle_minutes = 5"])
def test_a_section_that_is_not_there_is_added(text: str):
    told = with_settings(text, {DAYS: 7})
    assert told.startswith(text)
    assert tomllib.loads(told)["recording"] == {"days": 7}


def test_a_file_written_in_another_way_is_left_to_people():
    text = 'x = """\n[recording]\n"""\n[recording]\nfolder = "y"\n'
    with pytest.raises(NotWrittenError, match="change it by hand"):
        with_settings(text, {DAYS: 7})


def test_the_example_so_written_can_be_used(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text(with_settings(TEXT, {TRUSTED: ("10.0.0.1",)}), "utf-8")
    chosen = settings({}, file)
    assert chosen.sip[1].trusted == ("10.0.0.1",)
