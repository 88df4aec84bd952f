"""What the ear can hear is what can be understood, and the other way round."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from said import CATALOG, here, lines
from walks import accepted, drawn, walks

from voice.dialogue.heard import Meant, Unclear, Yes
from voice.language.automaton import awaited
from voice.language.understand import understand

# Nothing is heard where nothing is listened to.
PLACES = sorted(name for name, place in CATALOG.places.items() if place.listens)
# Words of days that a calendar may not have, such as the thirtieth of February.
DATED = {w for ways in CATALOG.numbers.ordinals.values() for way in ways for w in way}
DATED |= {"vecka", "årets", "nyår"}


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=60)
@given(data=st.data())
def test_whatever_can_be_heard_is_understood(place, data):
    said = data.draw(walks(place))
    assert accepted(place, said)
    heard = understand(" ".join(said), here(place), CATALOG)
    assert heard != Unclear() or DATED & set(said), said


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=40)
@given(data=st.data())
def test_an_unknown_word_makes_nothing_sure(place, data):
    said = data.draw(walks(place))
    at = data.draw(st.integers(0, len(said)))
    word = data.draw(st.sampled_from(["xyzzy", "[unk]", "inte", "kommunchefen"]))
    heard = understand(" ".join([*said[:at], word, *said[at:]]), here(place), CATALOG)
    if word not in CATALOG.words():
        assert not isinstance(heard, Yes)
        assert not (isinstance(heard, Meant) and heard.sure)
        assert not accepted(place, [*said[:at], word, *said[at:]])


def test_what_is_understood_in_the_lines_can_be_heard():
    known = CATALOG.words() - CATALOG.ignored.hesitations
    unheard = []
    for line in lines():
        said = CATALOG.speller.words(line.text)
        is_meant = line.means != Unclear() and known.issuperset(said)
        is_meant = is_meant and line.here.place in PLACES
        if is_meant and not accepted(line.here.place, said):
            unheard.append(f"{line.here.place}: {' '.join(said)}")
    assert unheard == []


@pytest.mark.parametrize("place", PLACES)
def test_the_words_that_can_be_heard_are_all_in_the_catalog(place):
    made, _, _ = drawn(place)
    assert {word for _, _, word in made.arcs if word} <= CATALOG.words()


@pytest.mark.parametrize("place", PLACES)
def test_every_state_leads_to_an_end(place):
    made, arcs, left = drawn(place)
    assert set(arcs) <= left.keys()
    assert made.starts[place] not in made.finals


@pytest.mark.parametrize("place", PLACES)
def test_what_is_waited_for_holds_nothing_that_means_nothing(place):
    waited = {word for _, _, word in awaited(CATALOG).arcs if word}
    assert waited.isdisjoint(CATALOG.ignored.hesitations)
    assert waited <= {word for _, _, word in drawn(place)[0].arcs}
