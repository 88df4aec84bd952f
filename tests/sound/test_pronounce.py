"""Words are pronounced by espeak-ng's rules, in no phone but the model's."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.sound.models import PronunciationError
from voice.sound.pronounce import by_rule, by_rule_where_known, phones_of

MODEL = Path(__file__).parents[2] / "models" / "sv-telephone"
PHONES = (MODEL / "phones.txt").read_text("utf-8").split()
# What espeak-ng writes besides the model's phones, and how each sign may be led in.
SIGNS = ["sx", "ʃ", "ʂ", "ə", "y", "ʉ", "tː", "ɵː", "ɔː", "z", "w", "aɪ", "əl", "(en)"]
MARKS = ["", "_", "ˈ", "_ˌ"]


@pytest.mark.parametrize(
    ("word", "ipa", "phones"),
    [
        ("tjugo", "ɕ_ˈʉ_ɡ_uː", "ɕ ʉː ɡ ʊ"),
        ("nation", "n_a_sx_ˈuː_n", "n a ɧ uː n"),
        ("sko", "s_k_ˈuː", "s k uː"),
        ("natten", "n_ˈa_tː_ə_n", "n a t ɛ n"),
        ("radio", "r_ˈɑː_d_iː__uː", "r ɑː d ɪ ʊ"),
        ("bi", "b_ˈiː", "b iː"),
        ("triad", "t_r_ˈiː__a_d", "t r ɪ a d"),
        ("björn", "b_j_ˈœ_r_n", "b j œ n"),
        ("först", "f_ˈœ_r_s_t", "f œ ɕ t"),
        ("tornet", "t_ˈuː_r_n_ə_t", "t uː n ɛ t"),
        ("design", "(en)_d_ɪ_z_ˈaɪ_n_(sv)", "d ɪ s a j n"),
    ],
)
def test_what_is_heard_is_written_as_the_lexicon_writes(word, ipa, phones):
    assert phones_of(word, ipa, PHONES) == tuple(phones.split())


def test_a_model_with_more_phones_is_given_them():
    assert phones_of("mars", "m_ˈa_ʂ", [*PHONES, "ʂ"]) == ("m", "a", "ʂ")


@pytest.mark.parametrize(
    ("ipa", "phones", "sign"),
    [
        ("b_ǃ_ɑː", PHONES, "ǃ"),
        ("b_ˈǃ_ɑː", PHONES, "ǃ"),
        ("b_ɑː_ˈ", PHONES, "ˈ"),
        ("sx_ˈuː", ["uː", "s"], "ɧ"),
    ],
)
def test_a_sound_that_the_model_lacks_is_told_with_its_word(
    ipa: str, phones: Sequence[str], sign: str
):
    with pytest.raises(PronunciationError, match=f"says bo with '{sign}'"):
        phones_of("bo", ipa, phones)


def test_a_word_without_sound_is_told():
    with pytest.raises(PronunciationError, match="silent on h"):
        phones_of("h", "_", PHONES)


@given(
    st.lists(st.tuples(st.sampled_from(MARKS), st.sampled_from(SIGNS + PHONES[1:]))),
)
def test_nothing_but_phones_of_the_model_comes_out(spoken):
    ipa = "".join(mark + sign for mark, sign in [("", "b"), *spoken])
    assert set(phones_of("word", ipa, PHONES)) <= set(PHONES[1:])


def test_espeak_pronounces_all_words_at_once():
    said = by_rule(["lundqvist", "ängsö", "q", "lundqvist"], PHONES)
    assert {word: " ".join(phones) for word, phones in said.items()} == {
        "lundqvist": "l ɵ n d k v ɪ s t",
        "q": "k ʉː",
        "ängsö": "ɛ ŋ s øː",
    }


def test_a_word_sounds_the_same_whatever_is_asked_with_it():
    words = ["wikström", "giraff", "fåtölj", "karl-erik", "o'neill"]
    together = by_rule(words, PHONES)
    assert {word: by_rule([word], PHONES)[word] for word in words} == together


def test_no_words_are_pronounced_without_asking():
    assert by_rule([], PHONES) == {}


@pytest.mark.parametrize("word", ["привет", "漢字", "12", "a1", "-", "", "a b", "\0"])
def test_what_is_no_word_of_latin_letters_is_refused(word):
    with pytest.raises(PronunciationError, match="No rule says how to pronounce"):
        by_rule(["hej", word], PHONES)


@pytest.mark.parametrize(
    ("loader", "told"),
    [
        ("raise ImportError('no loader here')", "no loader here"),
        ("get_library_path = lambda: 'none.so'", "none.so"),
        ("import os; os._exit(3)", "it ended with 3"),
        ("import signal; signal.pause()", "it hangs"),
    ],
)
def test_why_espeak_gives_no_answer_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, loader: str, told: str
):
    (tmp_path / "espeakng_loader.py").write_text(loader)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(PronunciationError, match=rf"ängsö \(.*{told}"):
        by_rule(["ängsö"], PHONES, patience=2.0)


def test_words_without_a_rule_can_be_left_out():
    known = by_rule_where_known(["lind", "Ольга", "\U0001f642", ""], PHONES)
    assert known == by_rule(["lind"], PHONES)
    assert by_rule_where_known([], PHONES) == {}
