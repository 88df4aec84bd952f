"""A new model is shipped whole and better, or nothing is changed."""

import shutil
from pathlib import Path

import pytest
from recipe import ship
from recipe.measure import Clip, Heard

ROOT = Path(__file__).parents[2]
SHIPPED, FIXTURES = ROOT / "models/sv-telephone", ROOT / "audio-fixtures"


def heard(said: str, text: str, score: float, listed: bool = True) -> Heard:
    clip = Clip(Path("x.wav"), said, "bo", "fixtures", "list", listed)
    return Heard(clip, "A-law", text, score)


def test_what_does_harm_weighs_more_than_what_is_missed():
    some = [
        *(heard("ja", "ja", 0.9), heard("ja", "ja", 0.2), heard("ja", "nej", 0.8)),
        *(heard("", "ja", 0.5, False), heard("ja", "ja", 0.3), heard("", "", 0, False)),
    ]
    assert ship.worth(some, 0.3) == 1 - 2 - 1 + 1


@pytest.fixture
def model(tmp_path):
    return Path(shutil.copytree(SHIPPED, tmp_path / "model"))


def test_a_model_that_lacks_a_file_is_not_shipped(model):
    (model / "score.toml").unlink()
    with pytest.raises(ship.ShippingError, match=r"lacks score\.toml: run export"):
        ship.ship(model, force=True)


def test_the_shipped_model_is_whole():
    ship.whole(SHIPPED)


@pytest.fixture
def some_fixtures(tmp_path, monkeypatch):
    """Let every sixth sound be all there are, of all kinds."""
    folder = tmp_path / "audio-fixtures"
    folder.mkdir()
    for each in ("said", "other", "noise", "calls"):
        (folder / each).symlink_to(FIXTURES / each)
    head, *sounds = (FIXTURES / "manifest.toml").read_text("utf-8").split("[[sound]]")
    (folder / "manifest.toml").write_text("[[sound]]".join([head, *sounds[::6]]))
    monkeypatch.setattr(ship, "FIXTURES", folder)


@pytest.mark.model
@pytest.mark.usefixtures("some_fixtures")
def test_a_worse_model_changes_nothing_unless_forced(model, tmp_path, monkeypatch):
    place = Path(shutil.copytree(SHIPPED, tmp_path / "place"))
    monkeypatch.setattr(ship, "SHIPPED", place)
    deaf = (model / "score.toml").read_text("utf-8").splitlines()
    (model / "score.toml").write_text("\n".join(["bias = -99.0", *deaf[2:]]))
    before = (place / "score.toml").read_bytes()
    with pytest.raises(ship.ShippingError, match="nothing was changed"):
        ship.ship(model, force=False)
    assert (place / "score.toml").read_bytes() == before
    assert "is shipped: it counts 0" in ship.ship(model, force=True)
    assert (place / "score.toml").read_bytes() == (model / "score.toml").read_bytes()
    assert not list(place.rglob("*.new"))
