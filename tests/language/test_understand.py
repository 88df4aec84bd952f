"""Whatever is said, it is understood as something or as nothing, and never wrongly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from said import CATALOG, EXTENSION, here

from voice.dialogue.heard import Asked, Meant, No, Topic, Unclear, Yes
from voice.divert.model import ClearDivert
from voice.language.understand import INTENTS, understand, understood

PLACES = st.sampled_from(sorted(CATALOG.places))
KNOWN = sorted(CATALOG.words())
texts = st.text(max_size=40) | st.lists(st.sampled_from(KNOWN), max_size=7).map(
    " ".join
)


@given(texts, PLACES, st.booleans())
def test_any_text_is_understood_as_something(text, place, sure):
    result = understood(text, here(place), CATALOG, sure)
    assert result.intent == "" or result.intent in CATALOG.places[place].intents
    assert sure or not (isinstance(result.heard, Meant) and result.heard.sure)
    assert (result.intent == "") <= (result.heard == Unclear())


@given(st.lists(st.sampled_from(KNOWN), max_size=5), st.integers(0, 5), PLACES)
def test_a_word_outside_the_grammar_makes_nothing_sure(words, at, place):
    words.insert(at, "kommunfullmäktige")
    heard = understand(" ".join(words), here(place), CATALOG)
    assert not isinstance(heard, Yes | No)
    assert not (isinstance(heard, Meant) and heard.sure)


@pytest.mark.parametrize("text", ["ja", "hej då"])
def test_a_doubtful_yes_or_wish_to_leave_is_nothing(text):
    place = "confirm" if text == "ja" else "start"
    assert understand(text, here(place), CATALOG) != Unclear()
    assert understand(text, here(place), CATALOG, sure=False) == Unclear()


def test_a_doubtful_no_is_a_no_because_nothing_comes_of_it():
    assert understand("nej", here("confirm"), CATALOG, sure=False) == No()


def test_a_doubtful_wish_for_a_person_is_granted():
    heard = understand("telefonisten", here(), CATALOG, sure=False)
    assert heard == Asked(Topic.OPERATOR)


def test_a_doubtful_question_is_answered_because_it_changes_nothing():
    heard = understand("status", here(), CATALOG, sure=False)
    assert heard == Asked(Topic.STATUS)


def test_the_intent_is_told_with_the_meaning():
    result = understood("radera", here(), CATALOG)
    assert result.intent == "clear_divert"
    assert result.heard == Meant(ClearDivert(EXTENSION), True)


def test_every_intent_has_its_sentences():
    assert CATALOG.intents.keys() == INTENTS
