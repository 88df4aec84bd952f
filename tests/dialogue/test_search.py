"""Looking for somebody: found, told apart, offered to be called."""

from datetime import timedelta

import pytest
from dialogue_stories import EXTENSION, NOW

from voice.dialogue.actions import (
    Absent,
    Connect,
    LookUp,
    Obey,
    Present,
    Repeat,
    Say,
    Transfer,
)
from voice.dialogue.heard import (
    Asked,
    Connected,
    Digits,
    Meant,
    No,
    NotConnected,
    NotListed,
    Routed,
    Topic,
    Unclear,
    Yes,
)
from voice.dialogue.people import Person, Picked, Several, Sought
from voice.dialogue.states import (
    AskedName,
    Choosing,
    Ended,
    Finding,
    Offering,
    Patience,
    PuttingThrough,
    Rehearsing,
    Start,
    place,
)
from voice.dialogue.step import step
from voice.divert.model import ClearDivert, Divert, Mode, Source
from voice.divert.routing import Announce, Inform, Ring

BERGS = tuple(Person(str(1300 + n), "Anna Berg", f"Skola {n}") for n in range(5))
ANNA, OTHER, *_ = BERGS
LUNDS = tuple(Person(str(1400 + n), f"Bo{n} Lund", "Vård") for n in range(5))
BO = LUNDS[0]
TWO, MANY = BERGS[:2], (*BERGS, *LUNDS)
LATER = NOW + timedelta(hours=1)
SAM = Divert("1300", "SAM", NOW, LATER, Mode.CLOSED, Source.VOICE, NOW)
AWAY = Announce(SAM, LATER, LATER)
ASKED = (Say("ask_name"),)
GIVEN_UP = (PuttingThrough(Start()), (Say("putting_through_missed"), Transfer()))
WHICH = (Say("which_of", Several(TWO)),)


def look_up(person: Person, tries: int = 0) -> tuple:
    return Finding(tries), (LookUp(person.extension),)


@pytest.mark.parametrize("state", [Start(), AskedName(), Start(Patience(2))])
def test_one_who_is_named_is_looked_up(state):
    assert step(state, Sought((ANNA,))) == look_up(ANNA)


def test_without_a_name_it_is_asked_for():
    assert step(Start(), Asked(Topic.SEARCH)) == (AskedName(), ASKED)
    assert step(AskedName(1), Asked(Topic.SEARCH)) == (AskedName(), ASKED)


@pytest.mark.parametrize("state", [Start(), AskedName(), Choosing(TWO)])
def test_without_a_directory_it_is_said_that_nobody_can_be_found(state):
    assert step(state, Sought()) == (Start(), (Say("nobody_to_search"),))


def test_a_number_is_looked_up_like_a_name():
    assert step(AskedName(), Digits("1300")) == look_up(ANNA)
    assert step(Choosing(TWO), Digits("1400")) == look_up(BO)


def test_numbers_that_nobody_has_end_with_the_operator():
    assert step(Finding(), NotListed()) == (AskedName(1), (Say("not_listed"),))
    assert step(AskedName(1), Digits("9")) == (Finding(1), (LookUp("9"),))
    assert step(Finding(2), NotListed()) == GIVEN_UP


def test_an_absence_is_told_by_its_outer_wording_and_the_call_offered():
    told = (Say("announced", Absent("Anna Berg", AWAY)), Say("ask_connect"))
    routed = Routed("1300", "Anna Berg", AWAY)
    assert step(Finding(), routed) == (Offering("1300"), told)


@pytest.mark.parametrize("where", [Ring(), Inform(SAM)])
def test_an_open_phone_is_told_and_the_call_offered(where):
    told = (Say("phone_is_open_there", Present("Anna Berg")), Say("ask_connect"))
    assert step(Finding(), Routed("1300", "Anna Berg", where)) == (
        Offering("1300"),
        told,
    )


def test_nobody_is_called_without_a_yes():
    assert step(Offering("1300"), Yes()) == (
        PuttingThrough(Start()),
        (Say("connecting"), Connect("1300")),
    )
    for no in (No(), Asked(Topic.CANCEL)):
        assert step(Offering("1300"), no) == (Start(), (Say("not_connecting"),))
    _, actions = step(Offering("1300"), Unclear())
    assert actions == (Say("missed_connect"),)


def test_a_call_that_is_not_taken_goes_on():
    assert step(PuttingThrough(Start()), NotConnected())[0] == Start()
    assert step(PuttingThrough(Start()), Connected()) == (Ended(), ())


def test_a_few_are_told_one_after_the_other():
    assert step(Start(), Sought(TWO)) == (Choosing(TWO), WHICH)


def test_many_of_one_name_are_asked_for_their_unit():
    asked = (Say("which_unit", Several(BERGS)),)
    assert step(Start(), Sought(BERGS)) == (Choosing(BERGS), asked)


def test_many_of_several_names_are_asked_for_the_whole_name():
    assert step(Start(), Sought(MANY)) == (Choosing(MANY), (Say("which_name"),))


@pytest.mark.parametrize(
    "heard", [Picked(2), Digits("2"), Sought((OTHER,)), Sought((BO, OTHER))]
)
def test_one_is_chosen_by_number_by_key_and_by_name_or_unit(heard):
    assert step(Choosing(TWO), heard) == look_up(OTHER)


def test_many_become_fewer_until_they_can_be_told():
    some = Sought((*TWO, BO))
    assert step(Choosing(BERGS), some) == (Choosing(TWO), WHICH)
    assert step(Choosing(MANY), Sought(BERGS))[0] == Choosing(BERGS)


@pytest.mark.parametrize(
    "heard", [Picked(3), Digits("0"), Digits("9"), Sought((BO,)), Sought(TWO)]
)
def test_what_does_not_help_is_asked_again_and_then_ends_with_the_operator(heard):
    assert step(Choosing(TWO), heard) == (Choosing(TWO, 1), WHICH)
    assert step(Choosing(TWO, 2), heard) == GIVEN_UP


@pytest.mark.parametrize("heard", [Picked(1), Digits("1"), Sought((ANNA, *MANY))])
def test_nobody_is_picked_of_many_who_were_not_told(heard):
    assert step(Choosing(MANY), heard) == (Choosing(MANY, 1), (Say("which_more"),))


def test_a_number_in_an_order_that_was_never_told_is_a_miss():
    missed, actions = step(AskedName(), Picked(1))
    assert (missed, actions) == (AskedName(0, Patience(1)), (Say("missed_name"),))


def test_three_names_that_are_not_heard_end_with_the_operator():
    state, said = AskedName(), []
    for _ in range(3):
        state, actions = step(state, Unclear())
        said += [action.key for action in actions if isinstance(action, Say)]
    assert said == ["missed_name", "keys_name", "putting_through_missed"]
    assert isinstance(state, PuttingThrough)


@pytest.mark.parametrize("state", [AskedName(), Choosing(TWO)])
def test_a_search_can_be_left(state):
    assert step(state, Asked(Topic.CANCEL)) == (Start(), (Say("search_ended"),))
    assert step(state, Asked(Topic.REPEAT)) == (state, (Repeat(),))


@pytest.mark.parametrize("state", [AskedName(), Choosing(TWO), Offering("1300")])
def test_a_code_that_is_keyed_meanwhile_is_carried_out(state):
    clear = ClearDivert(EXTENSION)
    assert step(state, Meant(clear, sure=True)) == (Start(), (Obey(clear),))


def test_in_a_rehearsal_people_are_found_too():
    state, actions = step(Rehearsing(), Sought((ANNA,)))
    assert (state, actions) == (Rehearsing(Finding()), (LookUp("1300"),))


@pytest.mark.parametrize(
    ("state", "named"),
    [(AskedName(), "name"), (Choosing(TWO), "which"), (Offering("1300"), "connect")],
)
def test_each_question_is_a_place_of_its_own(state, named):
    assert place(state) == named
