"""How one speaker says a phrase, and how espeak-ng is told to."""

import random
import shutil
from pathlib import Path

import numpy as np
import pytest
from recipe.accent import VOWELS, said
from recipe.espeak import MNEMONICS, Espeak, EspeakError, mnemonics, spoken
from recipe.phrases import Phrase

PHONES = Path(__file__).parents[2] / "models/sv-telephone/phones.txt"
ESPEAK = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs espeak-ng")


def phrase(**words: str) -> Phrase:
    return tuple((word, tuple(phones.split())) for word, phones in words.items())


def ways(told: Phrase) -> set[str]:
    """Return every way in which fifty speakers say it."""
    return {
        " ".join(
            phone for phones, _ in said(told, random.Random(n)) for phone in phones
        )
        for n in range(50)
    }


@pytest.mark.parametrize(
    ("told", "fronted"),
    [
        (phrase(barn="b ɑː n"), "b ɑː ɳ"),
        (phrase(först="f œ ɕ t"), "f œ ʂ t"),
        (phrase(lördag="l øː d a"), "l œː ɖ a"),
    ],
)
def test_r_is_joined_with_what_follows_by_most_speakers_but_not_all(told, fronted):
    assert ways(told) == {fronted, " ".join(told[0][1])}


def test_only_the_phone_after_r_is_joined_with_it():
    told = phrase(hänvisningarna="h ɛː n v iː s n ɪ ŋ a n a")
    assert "h ɛː n v iː s n ɪ ŋ a ɳ a" in ways(told)
    assert ways(phrase(annan="a n a n")) == {"a n a n"}


def test_stress_falls_on_a_vowel_and_mostly_on_the_first_long_one():
    told = phrase(radera="r a d eː r a")
    places = [at for n in range(200) for _, at in said(told, random.Random(n))]
    assert set(places) == {1, 3}
    assert places.count(3) > 150


def test_a_small_word_is_often_without_stress():
    told = phrase(till="t ɪ l")
    assert {at for n in range(50) for _, at in said(told, random.Random(n))} == {-1, 1}


def test_espeak_is_told_phones_with_stress():
    told = phrase(hänvisning="h ɛː n v iː s n ɪ ŋ", ja="j ɑː")
    spelled = {mnemonics(told, random.Random(n)) for n in range(50)}
    assert "h'E:nv,i:snIN j'A:" in spelled


def test_every_phone_of_the_model_is_told_in_letters_that_espeak_knows():
    phones = PHONES.read_text("utf-8").split()[1:]
    for phone in phones:
        for written in MNEMONICS.get(phone, (phone,)):
            assert written.isascii()
            assert (phone[0] in VOWELS) == (written[0] in "aeiouyAEIOUYW8&")


@ESPEAK
def test_espeak_says_every_mnemonic_and_longer_words_longer():
    short, rate = spoken("[[j'A:]]", ("-v", "sv"))
    long, _ = spoken("[[h'E:nv,i:snIN]]", ("-v", "sv"))
    assert rate == 22050
    assert np.abs(short).max() > 0.05
    assert len(long) > 1.3 * len(short)


@ESPEAK
def test_a_new_speaker_comes_with_each_seed_and_none_that_was_left_out(tmp_path):
    for name in ("f1", "m1", "whisper"):
        (tmp_path / name).touch()
    told = phrase(ja="j ɑː")
    voices = Espeak(tmp_path, {"m1"})
    first, _ = voices.say(told, np.random.default_rng(1))
    again, _ = voices.say(told, np.random.default_rng(1))
    other, _ = voices.say(told, np.random.default_rng(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_missing_espeak_is_told_with_its_remedy(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EspeakError, match="apt-get install espeak-ng"):
        spoken("ja", ())
