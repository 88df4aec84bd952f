"""Kept sounds come back whole or not at all, and a bad disk is no fault."""

import pytest

from voice.sound.kept import Kept


@pytest.fixture
def kept(tmp_path):
    return Kept(tmp_path / "new" / "folder", "voice 1")


def test_what_is_saved_comes_back(kept):
    kept.save("Klart.", b"sound")
    assert kept.load("Klart.") == b"sound"


def test_what_was_never_saved_is_not_there(kept):
    assert kept.load("Klart.") is None


def test_another_text_or_recipe_is_another_sound(kept, tmp_path):
    kept.save("Klart.", b"sound")
    assert kept.load("klart.") is None
    assert Kept(tmp_path / "new" / "folder", "voice 2").load("Klart.") is None


def test_no_text_can_be_read_from_the_file_names(kept, tmp_path):
    kept.save("Klart.", b"sound")
    names = [path.name for path in tmp_path.rglob("*")]
    assert not [name for name in names if "klart" in name.lower()]


@pytest.mark.parametrize("harm", [b"", b"short", b"\0" * 40])
def test_a_damaged_file_is_as_good_as_none_and_is_replaced(kept, tmp_path, harm):
    kept.save("Klart.", b"sound")
    (file,) = tmp_path.rglob("*.sound")
    file.write_bytes(harm)
    assert kept.load("Klart.") is None
    kept.save("Klart.", b"sound")
    assert kept.load("Klart.") == b"sound"


def test_a_folder_that_cannot_be_is_only_mentioned(tmp_path, caplog):
    (tmp_path / "file").write_text("not a folder")
    kept = Kept(tmp_path / "file" / "below", "voice 1")
    kept.save("Klart.", b"sound")
    assert kept.load("Klart.") is None
    assert "not kept" in caplog.text
    assert "Klart" not in caplog.text


def test_a_save_that_fails_at_the_end_leaves_nothing_behind(kept, tmp_path, caplog):
    kept.save("Klart.", b"sound")
    (file,) = tmp_path.rglob("*.sound")
    file.unlink()
    (file / "in the way").mkdir(parents=True)
    kept.save("Klart.", b"sound")
    assert "not kept" in caplog.text
    assert list(file.parent.iterdir()) == [file]
