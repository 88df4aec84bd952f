"""Models are checked against their manifest before anything is read of them."""

import gzip
import hashlib
from pathlib import Path

import pytest

from voice.sound.models import (
    Model,
    ModelError,
    PronunciationError,
    open_model,
    pronunciations,
    unknown_words,
)

FILES = {
    "am/final.mdl": b"weights",
    "phones.txt": b"SIL\na\nb\n",
    "lexicon.txt.gz": gzip.compress("ab a b\nab b a\nb b\nåb a a b\n".encode()),
}


@pytest.fixture
def models(tmp_path: Path) -> Path:
    lines = ["[small]", 'folder = "one"', "sample_rate = 8000"]
    lines += ["thresholds = { do = 0.9, ask = 0.5 }", "[small.sha256]"]
    for name, data in FILES.items():
        path = tmp_path / "one" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        lines.append(f'"{name}" = "{hashlib.sha256(data).hexdigest()}"')
    (tmp_path / "manifest.toml").write_text("\n".join(lines))
    return tmp_path


@pytest.fixture
def model(models: Path) -> Model:
    return open_model(models, "small")


def test_a_model_as_shipped_is_opened(models):
    model = open_model(models, "small")
    assert model.sample_rate == 8000
    assert model.phones == ("SIL", "a", "b")
    assert (model.thresholds.do, model.thresholds.ask) == (0.9, 0.5)


def test_the_shipped_manifest_is_true():
    shipped = Path(__file__).parents[2] / "models"
    assert open_model(shipped).phones[0] == "SIL"


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_refused_by_name(models, name):
    (models / "one" / name).write_bytes(b"something else")
    with pytest.raises(ModelError, match=name):
        open_model(models, "small")


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused_by_name(models, name):
    (models / "one" / name).unlink()
    with pytest.raises(ModelError, match=name):
        open_model(models, "small")


def test_a_missing_manifest_is_told(tmp_path):
    with pytest.raises(ModelError, match="There is no"):
        open_model(tmp_path)


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        ("[[[", "cannot be read"),
        ("", "knows no model"),
        ("[small]", "too little"),
        ('[small]\nfolder = "one"\nsha256 = {}\nsample_rate = 1', "too little"),
        ("[small]\nfolder = 5\nsha256 = {}\nsample_rate = 1", "too little"),
    ],
)
def test_a_manifest_with_faults_is_told(models, manifest, told):
    (models / "manifest.toml").write_text(manifest)
    with pytest.raises(ModelError, match=told):
        open_model(models, "small")


def test_every_way_to_say_a_word_is_found(model):
    assert pronunciations(model, ["ab", "åb"]) == {
        "ab": (("a", "b"), ("b", "a")),
        "åb": (("a", "a", "b"),),
    }


def test_the_own_lexicon_goes_before_the_big_one(model):
    own = {"b": [("b", "b")]}
    assert pronunciations(model, ["b"], own) == {"b": (("b", "b"),)}


def test_all_unknown_words_are_named_at_once(model):
    with pytest.raises(PronunciationError, match="a, bb"):
        pronunciations(model, ["ab", "bb", "a"])


def test_a_phone_that_the_model_lacks_is_told_with_its_word(model):
    with pytest.raises(PronunciationError, match="writes ab with x, y, which"):
        pronunciations(model, ["ab"], {"ab": [("a", "x"), ("y", "b")]})


def test_an_empty_pronunciation_is_told_with_its_word(model):
    with pytest.raises(PronunciationError, match="empty pronunciation of ab: write"):
        pronunciations(model, ["ab"], {"ab": [("a", "b"), ()]})


def test_all_faults_are_told_at_once_each_in_its_line(model):
    own = {"ab": [("a", "x")], "b": [()]}
    with pytest.raises(PronunciationError) as error:
        pronunciations(model, ["ab", "b", "bb", "åb"], own)
    told = str(error.value).splitlines()
    assert [line for line in told if "ab with x" in line]
    assert [line for line in told if "of b:" in line]
    assert [line for line in told if "known for: bb;" in line]
    assert len(told) == 3


def test_the_words_that_no_lexicon_has_are_listed_once(model):
    own = {"bb": [("b",)]}
    assert unknown_words(model, ["q", "ab", "bb", "a", "q"], own) == ["a", "q"]
