"""Keys at every place: each says its sentence, and everything can be keyed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from said import CATALOG, EXTENSION, here

from voice.dialogue.heard import Asked, Digits, Happened, Meant, No, Topic, Unclear, Yes
from voice.divert.model import ClearDivert, Refused, SetDivert, Site, Source
from voice.language.keys import understand_keys
from voice.language.told import rows
from voice.language.understand import understand

SITE = Site(CATALOG.reasons)
PLACES = sorted(CATALOG.places)
CODED = [name for name in PLACES if CATALOG.places[name].codes]
ROWS = list(rows(CATALOG))
KEYED = [(place, key) for place in PLACES for key in CATALOG.places[place].keys]


def keyed(keys, place="start", finished=True):
    there = here(place, how=Source.KEYS)
    return understand_keys(keys, finished, there, CATALOG, SITE)


@pytest.mark.parametrize(("place", "key"), KEYED)
def test_a_key_says_its_sentence(place, key):
    sentence = CATALOG.places[place].keys[key]
    said = understand(sentence, here(place, how=Source.KEYS), CATALOG)
    assert said != Unclear()
    assert keyed(key, place) == said


# EN 301 549 §6.4: whatever is said can be done without a voice.
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.place}-{row.intent}")
def test_whatever_can_be_said_can_be_keyed(row):
    assert row.keys
    for keys in row.keys:
        # Several steps, one after the other, begin with one that is understood here.
        first, *_ = keys.split()
        assert keyed(first, row.place) != Unclear()


def test_every_place_and_intent_is_in_the_table():
    told = {(row.place, row.intent) for row in ROWS}
    said = {(n, i) for n, place in CATALOG.places.items() for i in place.intents}
    assert told == said


@pytest.mark.parametrize("place", PLACES)
def test_the_operator_help_and_repetition_have_keys_everywhere(place):
    heard = [keyed(key, place) for key in CATALOG.places[place].keys]
    wanted = [Asked(topic) for topic in (Topic.OPERATOR, Topic.HELP, Topic.REPEAT)]
    assert all(asked in heard for asked in wanted)


@given(st.text("0123456789*#", min_size=1, max_size=12), st.sampled_from(PLACES))
def test_any_keys_mean_something_once_finished(keys, place):
    assert keyed(keys, place) is not None


@given(st.text("0123456789*#", min_size=1, max_size=12), st.sampled_from(PLACES))
def test_keys_are_waited_for_only_while_more_could_mean_more(keys, place):
    early = keyed(keys, place, finished=False)
    assert early is None or early == keyed(keys, place)


@pytest.mark.parametrize("place", CODED)
def test_a_whole_code_is_understood_where_it_is_known_who_calls(place):
    lunch = SetDivert(EXTENSION, "LUN", source=Source.KEYS)
    assert keyed("*23*1#", place, finished=False) == Meant(lunch, True)
    assert keyed("#23#", place, finished=False) == Meant(ClearDivert(EXTENSION), True)
    refused = Happened(Refused("unknown_reason"))
    assert keyed("*23*99#", place, finished=False) == refused


@pytest.mark.parametrize("place", CODED)
@pytest.mark.parametrize(
    "keys", ["*", "*2", "*23", "*23*", "*23*3", "*23*3*15", "#", "#2"]
)
def test_a_code_that_has_begun_is_heard_out(place, keys):
    assert keyed(keys, place, finished=False) is None


@pytest.mark.parametrize("code", CATALOG.reasons)
def test_every_reason_has_its_digits_where_a_reason_is_asked_for(code):
    reason = CATALOG.reasons[code]
    wanted = SetDivert(EXTENSION, code, source=Source.KEYS)
    assert keyed(reason.digit, "reason") == Meant(wanted, True)
    assert keyed(f"{reason.digit}#", "reason") == Meant(wanted, True)


def test_a_yes_and_a_no_are_keys():
    assert (keyed("1", "confirm"), keyed("2", "confirm")) == (Yes(), No())


@pytest.mark.parametrize("place", sorted(set(PLACES) - set(CODED)))
def test_no_code_is_understood_where_it_is_not_known_who_calls(place):
    assert place in ("extension", "pin", "reception")
    for code in ("*23*1#", "#23#", "*23*3*1530#"):
        assert keyed(code, place) == keyed(code, place, finished=False) == Unclear()


@pytest.mark.parametrize("place", ["extension", "pin"])
def test_a_number_is_ended_with_a_square_or_a_pause(place):
    assert keyed("1234", place, finished=False) is None
    assert keyed("1234#", place, finished=False) == Digits("1234")
    assert keyed("1234", place) == Digits("1234")


def test_a_number_that_was_keyed_is_shown_by_nothing_that_shows_values():
    assert "482913" not in repr(Digits("482913"))
