"""Endings that the big lexicon says wrongly are mended, and stems are left alone."""

import gzip
from pathlib import Path

import pytest
from recipe.mended import TABLE, mend, mended

MODEL = Path(__file__).parents[2] / "models/sv-telephone"
KNOWN = {word: () for word in ("radera", "samtal", "test", "soldat", "ansluta")}


@pytest.mark.parametrize(
    ("word", "wrong", "right"),
    [
        ("ansluta", "a n s l ʉː t ɛ r", "a n s l ʉː t a"),
        ("raderat", "r a d eː r ɑː t", "r a d eː r a t"),
        ("samtalet", "s a m t ɑː l eː t", "s a m t ɑː l ɛ t"),
        ("testen", "t ɛ s t eː n", "t ɛ s t ɛ n"),
        ("soldat", "s ɔ l d ɑː t", "s ɔ l d ɑː t"),
        ("paket", "p a k eː t", "p a k eː t"),
        ("vet", "v eː t", "v eː t"),
        ("bara", "b ɑː r a", "b ɑː r a"),
    ],
)
def test_endings(word: str, wrong: str, right: str) -> None:
    assert mended(word, tuple(wrong.split()), KNOWN) == tuple(right.split())


def test_the_table_goes_before_the_rules() -> None:
    lexicon = {"dig": (("d", "iː", "ɡ"),), "te": (("t", "ɛ"),)}
    said = mend(lexicon, ["dig\td ɛ j\n"])
    assert said == {"dig": (("d", "ɛ", "j"),), "te": (("t", "ɛ"),)}


def test_every_line_of_the_table_is_of_the_models_phones() -> None:
    phones = set((MODEL / "phones.txt").read_text("utf-8").split())
    for line in TABLE.read_text("utf-8").splitlines():
        word, said = line.split("\t")
        assert word
        assert set(said.split()) <= phones, line


def test_the_shipped_lexicon_is_mended() -> None:
    with gzip.open(MODEL / "lexicon.txt.gz", "rt", encoding="utf-8") as file:
        ways = dict(line.rstrip("\n").split(" ", 1) for line in file)
    assert ways["ansluta"].endswith("t a")
    assert ways["raderat"].endswith("r a t")
