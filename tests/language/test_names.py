"""Names from a directory: what people are called, and who is meant by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import FIRST, LAST, UNITS
from invented import PEOPLE as MANY
from said import CATALOG, here

from voice.dialogue.heard import Asked, Topic, Unclear
from voice.dialogue.people import Person, Sought
from voice.language.automaton import automaton
from voice.language.names import (
    Sounds,
    alike,
    called,
    genitive,
    named_places,
    names,
    with_names,
    with_people,
    words,
)
from voice.language.understand import sense, understand

SPELLER = CATALOG.speller
PLAIN = with_names(CATALOG, {})
ANNA = Person("1300", "Anna Berg", "Skola")

name_parts = st.sampled_from([*FIRST[:9], "Sam", "Eva-Lena", "Maj", "Tom", "Mai"])
last_names = st.sampled_from(
    [*LAST[:9], "von Essen", "Berg-Lund", "de la Cruz", "O'Hara"]
)
persons = st.builds(
    Person,
    st.integers(1000, 9999).map(str),
    st.builds("{} {}".format, name_parts, last_names) | name_parts | last_names,
    st.sampled_from(["", *UNITS, "Vård och omsorg", "Förskola 3"]),
    st.lists(st.sampled_from(["Bosse", "rektor", "IT-stöd", "hus sju"])).map(tuple),
)
directories = st.lists(persons, max_size=6, unique_by=lambda one: one.extension)


def sought(text: str, catalog, place: str = "start") -> tuple[Person, ...]:
    heard = understand(text, here(place), catalog)
    assert isinstance(heard, Sought), (text, heard)
    return heard.persons


@pytest.mark.parametrize(
    ("person", "known"),
    [
        (ANNA, {"anna", "berg", "anna berg", "skola"}),
        (Person("1", "Växeln"), {"växeln"}),
        (Person("1", "Berg, Anna"), {"anna", "berg", "anna berg"}),
        (Person("1", "Bo von Essen"), {"bo", "von essen", "bo von essen"}),
        (
            Person("1", "Eva-Lena Lind"),
            {"eva", "eva lena", "lind", "eva lind", "eva lena lind"},
        ),
        (
            Person("1", "Anna Maria Berg"),
            {
                "anna",
                "anna maria",
                "anna maria berg",
                "maria berg",
                "berg",
                "anna berg",
            },
        ),
        (
            Person("1", "Bo Ek", "Förskola 3", ("Bosse", "hus sju")),
            {
                *("bo", "ek", "bo ek", "bosse", "bosse ek", "hus sju"),
                "förskola tre",
            },
        ),
        (Person("1", "🙂 ***"), set()),
    ],
)
def test_what_somebody_is_called(person, known):
    assert called(person, SPELLER) == known


@given(directories)
def test_everything_that_somebody_is_called_finds_them_and_their_namesakes(directory):
    catalog = with_people(CATALOG, directory) if directory else PLAIN
    for person in directory:
        for name in called(person, SPELLER):
            found = sought(f"sök {name}", catalog)
            assert person in found
            assert set(found) == {p for p in directory if name in called(p, SPELLER)}
            assert sought(name, catalog, "name") == found


@given(directories)
def test_nobody_is_found_who_is_not_called_so(directory):
    catalog = with_names(CATALOG, names(directory, SPELLER))
    known = {name for person in directory for name in called(person, SPELLER)}
    for name in ("xerxes", "anna svensson", "kalle kula"):
        if name not in known:
            assert understand(f"sök {name}", here(), catalog) == Unclear()


@pytest.mark.parametrize(
    ("name", "owned"),
    [("anna", "annas"), ("lars", "lars"), ("max", "max"), ("anna berg", "anna bergs")],
)
def test_what_is_owned_stands_after_the_genitive(name, owned):
    catalog = with_people(CATALOG, [Person("1", name)])
    assert genitive(name) == owned
    assert sought(f"är {owned} telefon öppen", catalog) == (Person("1", name),)


def test_somebody_may_be_called_as_an_abbreviation_of_the_grammar():
    sam = Person("1", "Sam Ek")
    catalog = with_people(CATALOG, [sam])
    assert sought("sök sam", catalog) == (sam,)
    assert understand("SAM till halv tre", here(), catalog) == understand(
        "SAM till halv tre", here(), CATALOG
    )


def test_without_a_directory_nobody_can_be_looked_for():
    assert understand("sök", here(), PLAIN) == Sought()
    assert understand("sök anna", here(), PLAIN) == Unclear()
    assert understand("sök", here(), CATALOG) == Asked(Topic.SEARCH)


def test_without_a_directory_nothing_begins_that_cannot_end():
    made = automaton(named_places(PLAIN))
    ends = set(made.finals)
    while more := {source for source, to, _ in made.arcs if to in ends} - ends:
        ends |= more
    assert {to for _, to, _ in made.arcs} <= ends


def test_only_the_places_where_somebody_can_be_named_hear_names():
    assert set(named_places(CATALOG).places) == {"start", "name", "which"}


MICAEL, MIKAEL = Person("1", "Micael Berg"), Person("2", "Mikael Berg")
WAYS = {
    "mikael": ["m iː k a ɛ l", "m ɪ k ɛː l"],
    "micael": ["m ɪ k ɛː l"],
    "michael": ["m ɪ k ɛː l", "m a j k ɛ l"],
    "maj": ["m a j"],
    "mai": ["m a j"],
    "berg": ["b a r j"],
}


def test_words_that_sound_like_one_another_are_spelled_alike():
    known = alike(WAYS, frozenset(("maj",)))
    assert known == {"mai": "maj", "michael": "micael", "mikael": "micael"}


def test_a_word_of_the_grammar_is_never_respelled():
    assert alike({"att": ["ɔ"], "och": ["ɔ"]}, frozenset(("att", "och"))) == {}


def test_names_that_sound_alike_are_one_name_of_both():
    known = names([MICAEL, MIKAEL], SPELLER)
    sounds = Sounds(alike=alike(WAYS, frozenset()))
    catalog = with_names(CATALOG, known, sounds)
    for name in ("micael", "mikael", "mikael berg", "michael"):
        assert set(sought(f"sök {name}", catalog)) == {MICAEL, MIKAEL}, name
        whose = f"är {genitive(name)} telefon öppen"
        if "mikael" in name and "berg" not in name:
            assert set(sought(whose, catalog)) == {MICAEL, MIKAEL}


def test_names_that_nobody_can_say_are_left_out():
    known = names([MICAEL, ANNA], SPELLER)
    catalog = with_names(CATALOG, known, Sounds(silent=frozenset(("micael",))))
    assert sought("sök berg", catalog) == (ANNA, MICAEL)
    assert understand("sök micael", here(), catalog) == Unclear()


def test_two_ways_to_name_the_same_people_do_not_compete():
    catalog = with_people(CATALOG, [ANNA])
    both = [sense(f"sök {name}", "start", catalog) for name in ("anna", "anna berg")]
    assert both[0] == both[1] == ("seek", (ANNA,))


def test_five_thousand_people_are_each_found_by_their_name():
    catalog = with_people(CATALOG, MANY)
    assert len(MANY) >= 5000
    for person in MANY[::97]:
        assert sought(f"sök {person.name.lower()}", catalog) == (person,)
    assert len(sought("sök anna", catalog)) == len(LAST)
    assert words(catalog.names) >= {"annas", "anna", "bergs"}
