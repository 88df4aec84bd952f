"""Keys at every place: each says its sentence, and everything can be keyed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from said import CATALOG, EXTENSION, here

from voice.dialogue.heard import Asked, Digits, Happened, Meant, No, Topic, Unclear, Yes
from voice.dialogue.people import Person
from voice.dialogue.states import (
    Announcing,
    AskedDivert,
    AskedExtension,
    AskedName,
    AskedPin,
    AskedReason,
    Choosing,
    Confirming,
    Keying,
    Offering,
    Start,
)
from voice.dialogue.states import (
    place as dialogue_place,
)
from voice.dialogue.step import step
from voice.divert.model import (
    ClearDivert,
    Divert,
    Mode,
    Refused,
    SetDivert,
    Site,
    Source,
)
from voice.language.keys import understand_keys
from voice.language.told import rows
from voice.language.understand import understand

SITE = Site(CATALOG.reasons)
MOMENT = here().moment.now
PLACES = sorted(CATALOG.places)
CODED = [name for name in PLACES if CATALOG.places[name].codes]
ROWS = list(rows(CATALOG))
SAM = Divert(
    EXTENSION,
    "SAM",
    MOMENT,
    MOMENT + timedelta(hours=1),
    Mode.CLOSED,
    Source.KEYS,
    MOMENT,
)
ANNA = Person(EXTENSION, "Anna")
STATES = {
    "start": Start(),
    "divert": AskedDivert(SAM),
    "reason": AskedReason(),
    "confirm": Confirming(ClearDivert(EXTENSION)),
    "codes": Keying(),
    "extension": AskedExtension(Start()),
    "pin": AskedPin(Start(), EXTENSION),
    "reception": Announcing(EXTENSION, SAM),
    "name": AskedName(),
    "which": Choosing((ANNA, ANNA)),
    "connect": Offering(EXTENSION),
}
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


# A code says it all, where words would ask, change, or say one thing at a time.
BY_CODE = {
    "give_reason",
    "give_time",
    "set_back",
    "change_divert",
    "shorten_divert",
    "ask_divert",
    "ask_change",
}
# There are no names in a grammar, and these are keyed by number.
BY_NUMBER = {"seek", "give_name", "pick"}
# Where there is nothing to say no to, or to cancel, it is left.
LEAVING = (Asked(Topic.CANCEL), Asked(Topic.GOODBYE), No())


def meant(heard):
    match heard:
        case Meant(command):
            return type(command)
        case _:
            return heard


def keyed_in_steps(keys, place):
    """Return what comes of the last of several steps, each where the one before led."""
    state = STATES[place]
    for step_keys in keys.split():
        heard = keyed(step_keys, dialogue_place(state))
        state, _ = step(state, heard)
    return heard


# EN 301 549 §6.4: whatever is said can be done without a voice.
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.place}-{row.intent}")
def test_whatever_can_be_said_can_be_keyed(row):
    assert row.keys
    for keys in row.keys:
        heard = keyed_in_steps(keys, row.place)
        if row.intent in BY_NUMBER:
            assert isinstance(heard, Digits)
            continue
        said = understand(row.example, here(row.place), CATALOG)
        if heard in LEAVING and said in LEAVING:
            continue
        if row.intent in BY_CODE and meant(heard) is SetDivert:
            assert heard.sure
            wanted = getattr(getattr(said, "command", None), "reason", None)
            assert wanted in (None, heard.command.reason)
            continue
        assert meant(heard) == meant(said)


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
