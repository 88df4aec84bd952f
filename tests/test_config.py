"""Settings: read once, and refused by name when they are wrong."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.config import Waiting, settings
from voice.settings_file import SettingError


def test_what_is_shipped_is_found_without_any_setting():
    chosen = settings({})
    assert (chosen.grammar / "sentences.toml").is_file()
    assert (chosen.models / "manifest.toml").is_file()
    assert list(chosen.demo.glob("*.call"))
    assert chosen.waiting == Waiting()


def test_a_site_chooses_its_own_folders_and_store():
    chosen = settings(
        {
            "TELEFONIST_GRAMMAR": "/g",
            "TELEFONIST_MODELS": "/m",
            "TELEFONIST_CACHE": "/c",
            "TELEFONIST_PROMPTS": "/p",
            "TELEFONIST_STORE": "postgresql://db/telefonist",
            "PATH": "/usr/bin",
        }
    )
    folders = (chosen.grammar, chosen.models, chosen.cache, chosen.recorded)
    assert folders == (Path("/g"), Path("/m"), Path("/c"), Path("/p"))
    assert chosen.store == "postgresql://db/telefonist"


def test_seconds_are_read():
    waiting = settings({"TELEFONIST_WAIT_WHOLE": "0.3"}).waiting
    assert waiting == Waiting(whole=0.3)


@pytest.mark.parametrize("wrong", ["abc", "", "0", "-1", "nan", "inf"])
def test_a_wrong_setting_is_refused_by_its_name(wrong: str):
    with pytest.raises(SettingError, match="TELEFONIST_LONGEST_CALL"):
        settings({"TELEFONIST_LONGEST_CALL": wrong})


def test_a_misspelled_setting_is_not_passed_over():
    with pytest.raises(SettingError, match="TELEFONIST_GRAMAR"):
        settings({"TELEFONIST_GRAMAR": "/g"})


@given(st.text(alphabet="0123456789.eE+-naif ", max_size=8))
def test_any_text_is_seconds_or_refused(text: str):
    try:
        waiting = settings({"TELEFONIST_WAIT_SILENCE": text}).waiting
    except SettingError:
        return
    assert 0 < waiting.silence < float("inf")
