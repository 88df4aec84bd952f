"""Number words: heard and spoken, both ways."""

import pytest
from said import CATALOG

from voice.language.matching import matches
from voice.language.template import Slot

NUMBERS = CATALOG.numbers


def read(slot: str, spoken: str) -> set[int]:
    found = matches(Slot(slot), spoken.split(), CATALOG.rules)
    return {int(captures[0].pattern) for captures in found}


@pytest.mark.parametrize("number", range(1, 60))
def test_a_spoken_number_is_heard_as_itself(number):
    assert read("count", NUMBERS.spoken(number)) == {number}


@pytest.mark.parametrize("number", range(1, 32))
def test_a_spoken_ordinal_is_heard_as_itself(number):
    assert read("ordinal", NUMBERS.spoken_ordinal(number)) == {number}


@pytest.mark.parametrize("number", range(60))
def test_a_written_number_is_its_words(number):
    assert CATALOG.speller.words(str(number)) == tuple(NUMBERS.spoken(number).split())


@pytest.mark.parametrize(
    ("slot", "spoken"),
    [
        ("hour", "tjugo fem"),
        ("hour12", "tretton"),
        ("minute", "nio"),
        ("week", "femtio fyra"),
        ("ordinal", "trettio andra"),
        ("monthnumber", "trettonde"),
        ("count", "noll"),
        ("count", "tjugo tio"),
    ],
)
def test_a_slot_holds_no_numbers_outside_its_ends(slot, spoken):
    assert read(slot, spoken) == set()


def test_a_number_in_one_word_is_spelled_as_two():
    assert CATALOG.speller.words("tjugofem") == ("tjugo", "fem")
    assert CATALOG.speller.words("trettioförsta") == ("trettio", "första")
    assert CATALOG.speller.words("femtiotre") == ("femtio", "tre")


def test_one_is_said_in_both_genders():
    assert read("count", "en") == read("count", "ett") == {1}
    assert read("count", "tjugo en") == read("count", "tjugo ett") == {21}
