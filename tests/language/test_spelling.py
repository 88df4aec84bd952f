"""Written Swedish, made into the grammar's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from said import CATALOG

spelled = CATALOG.speller.words


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("14.30", "fjorton trettio"),
        ("14:30", "fjorton trettio"),
        ("1430", "fjorton trettio"),
        ("08.05", "noll åtta noll fem"),
        ("8.00", "åtta noll noll"),
        ("kl. 15", "klockan femton"),
        ("5/8", "femte i åttonde"),
        ("den 5:e augusti", "den femte augusti"),
        ("1 juli", "första juli"),
        ("21:a", "tjugo första"),
        ("t.o.m. fredag", "till och med fredag"),
        ("tom fredag", "till och med fredag"),
        ("idag, imorgon", "i dag i morgon"),
        ("LUNCH!", "lunch"),
        ("SAM:", "sammanträde"),
        ("15 min", "femton minuter"),
        ("v 32", "vecka trettio två"),
        ("a\N{COMBINING RING ABOVE}ter", "åter"),
        ("[unk]", "unk"),
        ("", ""),
    ],
)
def test_a_text_is_spelled_as_the_grammar_does(written, words):
    assert spelled(written) == tuple(words.split())


swedish = st.text("abcdeåäö0123456789:./ -")
grammar = st.lists(st.sampled_from(sorted(CATALOG.words()))).map(" ".join)


@given(st.text() | swedish | grammar)
def test_what_is_spelled_is_spelled_already(text):
    once = " ".join(spelled(text))
    assert " ".join(spelled(once)) == once


@given(st.text())
def test_words_hold_no_blanks_and_no_capitals(text):
    for word in spelled(text):
        assert word
        assert word.split() == [word]


def test_more_spellings_leave_the_grammars_own_as_they_are():
    speller = CATALOG.speller.knowing({"micael": "mikael", "sam": "samm"})
    assert speller.words("Micael SAM") == ("mikael", "sammanträde")
    assert speller.plain_words("Micael sam") == ("mikael", "samm")
    assert CATALOG.speller.words("Micael") == ("micael",)
