"""A file replaced whole: the former is kept, and nothing is left half done."""

import os
import stat
from pathlib import Path

import pytest

from voice.replacing import ReplacingError, beside, put_in_place, text_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "settings.toml"
    made.write_text("one\n", "utf-8")
    made.chmod(0o640)
    return made


def replaced(file: Path, text: str) -> None:
    with beside(file, text) as new:
        put_in_place(new, file)


def test_the_new_text_stands_and_the_former_beside_it(file: Path):
    replaced(file, "två\n")
    assert text_of(file) == "två\n"
    assert text_of(file.with_name("settings.toml.before")) == "one\n"
    assert {each.name for each in file.parent.iterdir()} == {
        "settings.toml",
        "settings.toml.before",
    }


def test_a_file_is_as_open_as_it_was(file: Path):
    replaced(file, "two\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_what_is_linked_to_is_replaced_and_not_the_link(file: Path, tmp_path: Path):
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    replaced(link, "two\n")
    assert link.is_symlink()
    assert text_of(file) == "two\n"


def test_what_is_only_tried_leaves_nothing_behind(file: Path):
    with beside(file, "two\n") as new:
        assert text_of(new) == "two\n"
    assert text_of(file) == "one\n"
    assert not new.exists()


def test_a_trial_that_breaks_leaves_nothing_behind(file: Path):
    with pytest.raises(ZeroDivisionError), beside(file, "two\n"):
        raise ZeroDivisionError
    assert [each.name for each in file.parent.iterdir()] == ["settings.toml"]


def test_whoever_reads_meanwhile_sees_the_one_or_the_other(file: Path):
    with beside(file, "two\n") as new, file.open(encoding="utf-8") as reading:
        put_in_place(new, file)
        assert reading.read() == "one\n"
    assert text_of(file) == "two\n"


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(ReplacingError, match="change it by hand"):
        text_of(tmp_path / "none.toml")


def test_a_file_that_is_no_text_is_told(file: Path):
    file.write_bytes(b"\xff")
    with pytest.raises(ReplacingError, match="no text in UTF-8"):
        text_of(file)


def test_a_folder_that_takes_no_file_is_told(file: Path):
    # Not even root writes a file where a folder stands.
    os.mkdir(file.with_name(".settings.toml.new"))
    with pytest.raises(ReplacingError), beside(file, "two\n"):
        pass
