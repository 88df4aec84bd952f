"""People looked up as somebody types, among thousands who do not exist."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import FIRST, LAST, PEOPLE, UNITS

from voice.dialogue.people import Person
from voice.divert.model import Extension
from voice.language.index import Index, plain_words

GORAN = Person(Extension("1200"), "Göran Åkesson", "Bygglov", ("Jöran", "Bygglådan"))
BERG = Person(Extension("1201"), "Berg, Anna-Karin", "Vård och omsorg")
HANNA = Person(Extension("1300"), "Hanna Bergh", "Skola")
OSTEN = Person(Extension("2012"), "Østen Çelik", "Skola")
FEW = Index([OSTEN, HANNA, GORAN, BERG])
MANY = Index(PEOPLE)


def found(text: str) -> list[str]:
    return [person.name for person in FEW.find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Göran",
        "goran",
        "GORAN ake",
        "åkesson göran",
        "Goran Åkeson",
        "gorran",
        "jöran",
        "bygg",
        "bygglov göran",
        "1200",
        "bygladan",
    ],
)
def test_one_is_found_by_whatever_is_typed(text):
    assert found(text)[0] == "Göran Åkesson"


@pytest.mark.parametrize("text", ["anna-karin", "annakarin", "berg anna", "Anna K B"])
def test_a_double_name_is_found_in_either_half_and_in_one_word(text):
    assert found(text)[0] == "Berg, Anna-Karin"


@pytest.mark.parametrize("text", ["osten", "Østen", "celik", "çelik sko"])
def test_letters_of_other_alphabets_are_typed_as_ours(text):
    assert found(text)[0] == "Østen Çelik"


def test_every_word_must_fit_the_same_person():
    assert found("skola") == ["Hanna Bergh", "Østen Çelik"]
    assert found("skola hanna") == ["Hanna Bergh"]
    assert found("skola göran") == []


def test_who_is_called_just_so_comes_before_those_who_nearly_are():
    assert found("berg") == ["Berg, Anna-Karin", "Hanna Bergh"]
    assert found("hanna") == ["Hanna Bergh", "Berg, Anna-Karin"]


def test_numbers_are_never_near_but_may_be_begun():
    assert found("12") == ["Berg, Anna-Karin", "Göran Åkesson"]
    assert found("1202") == []


def test_nothing_typed_is_everybody_in_the_order_of_the_alphabet():
    assert found(" ") == [
        "Berg, Anna-Karin",
        "Göran Åkesson",
        "Hanna Bergh",
        "Østen Çelik",
    ]
    names = [person.name for person in MANY.find("")]
    assert names[0] == "Adam Abdi"
    assert names[-1] == "Åke Öberg"


def test_signs_alone_are_nobody():
    assert found("?!%_") == []


@given(st.sampled_from(FIRST), st.sampled_from(LAST))
def test_a_whole_name_finds_its_bearer_first_without_dots_and_rings_too(first, last):
    name = f"{first} {last}"
    assert MANY.find(name)[0].name == name
    plain = " ".join(plain_words(f"{last} {first}"))
    assert name in [person.name for person in MANY.find(plain)[:2]]


@given(st.sampled_from(PEOPLE), st.data())
def test_one_letter_too_many_still_finds_whoever_is_meant(person, data):
    first, last = plain_words(person.name)
    at = data.draw(st.integers(1, len(last)))
    slip = f"{last[:at]}{last[at - 1]}{last[at:]}"
    assert person in MANY.find(f"{first} {slip}")


@given(st.text(max_size=60))
def test_whatever_is_typed_everybody_is_found_once_at_most(text):
    persons = MANY.find(text)
    assert len(set(persons)) == len(persons) <= len(PEOPLE)


@given(st.sampled_from(UNITS))
def test_a_unit_finds_all_who_work_there(unit):
    there = {person for person in PEOPLE if person.unit == unit}
    assert there <= set(MANY.find(unit))
