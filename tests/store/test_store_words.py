"""What calls are found by: words as people mean them, and who is spoken of."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_samples import texts
from store_told import says

from voice.divert.model import Extension
from voice.store.mentions import is_mention, without
from voice.store.retention_port import Named
from voice.store.words import Term, terms_of, words_of

ASA = Named(Extension("1234"), "Åsa Öström-Lindqvist")


def test_words_are_parted_by_signs_and_folded():
    assert words_of("Öppna, TELEFONEN! *23*3#") == ("öppna", "telefonen", "23", "3")
    assert words_of("A\u030asa Straße") == ("åsa", "strasse")
    assert words_of("•••• ?") == ()


@given(texts)
def test_every_word_fits_itself_and_what_it_begins_with(text):
    for word in words_of(text):
        assert words_of(word) == (word,)
        assert Term(word).fits(word)
        assert Term(word[:1], whole=False).fits(word)
        assert word[:1] <= word < Term(word[:1], whole=False).end


def test_the_last_word_sought_may_be_unfinished():
    assert terms_of("sök sök Anna") == (Term("sök"), Term("anna", whole=False))
    assert terms_of("anna anna") == (Term("anna"), Term("anna", whole=False))
    assert terms_of(" ?!") == ()


def test_no_more_words_are_sought_than_narrow_anything_down():
    terms = terms_of(" ".join(map(str, range(1000))))
    assert len(terms) == 6
    assert terms[-1] == Term("999", whole=False)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("sök åsa öström-lindqvist", "sök …"),
        ("ÅSA ÖSTRÖM LINDQVIST är borta", "… är borta"),
        ("Åsa Öström-Lindqvists telefon", "… telefon"),
        ("A\u030asa Öström–Lindqvist", "…"),
    ],
)
def test_who_is_spoken_of_is_struck_out(text, left):
    assert is_mention(says(text), ASA)
    assert without(says(text), ASA) == says(left)


@pytest.mark.parametrize(
    "text", ["åsa", "moåsa öström-lindqvist", "åsa öström", "1234"]
)
def test_others_are_not(text):
    assert not is_mention(says(text), ASA)


def test_who_is_meant_is_struck_out_of_the_meaning():
    seek = {"command": "seek", "extension": "1234"}
    left = without(says("sök", json.dumps(seek)), ASA)
    assert json.loads(left.meaning) == {"command": "seek", "extension": None}
    for meaning in ('"1234"', '{"number": "1234"}', '"1234', None):
        assert not is_mention(says("sök", meaning), ASA)


@given(texts, st.lists(texts, min_size=1, max_size=3).map(" ".join))
def test_nobody_is_left_who_was_struck_out(text, name):
    named = Named(Extension("9"), name)
    for spoken in (f"{text} {name} {text}", f"{name}, {name}"):
        left = without(says(spoken), named)
        assert not is_mention(left, named)
        assert bool(words_of(name)) == (left != says(spoken))
