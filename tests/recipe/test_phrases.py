"""What is said: of the grammar, of the lexicon, and with a hesitation now and then."""

import random

import pytest
from recipe.phrases import HESITATING, HESITATIONS, Author

LEXICON = {"båt": (("b", "oː", "t"),), "bil": (("b", "iː", "l"),)}


@pytest.fixture
def said(catalog):
    words = {word: (("a",),) for word in catalog.words()}
    author = Author(catalog, words | LEXICON)
    return [author.phrase(random.Random(f"1/{n}")) for n in range(1500)]


def test_every_word_has_phones_and_no_phrase_is_empty(said):
    assert all(told and all(phones for _, phones in told) for told in said)


def test_some_hesitate_before_a_word_but_never_after_the_last(said):
    hesitant = [told for told in said if told[-1][0] not in HESITATIONS]
    hesitant = [t for t in hesitant if any(word in HESITATIONS for word, _ in t)]
    assert 0.7 * HESITATING < len(hesitant) / len(said) < 2 * HESITATING


def test_words_beside_the_grammar_are_said_too(said):
    words = {word for told in said for word, _ in told}
    assert set(LEXICON) <= words


def test_a_seed_says_the_same_again(catalog):
    words = {word: (("a",),) for word in catalog.words()} | LEXICON
    told = [Author(catalog, words).phrase(random.Random(5)) for _ in range(2)]
    assert told[0] == told[1]
