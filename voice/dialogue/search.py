"""Looking for somebody by name, told apart from namesakes, and offered to be called."""

from dataclasses import replace

from voice.dialogue.actions import Absent, Connect, LookUp, Present, Say, Transfer
from voice.dialogue.heard import (
    Asked,
    Digits,
    Heard,
    No,
    NotListed,
    Routed,
    Topic,
    Yes,
)
from voice.dialogue.people import Person, Picked, Several, Sought
from voice.dialogue.states import (
    AskedName,
    Choosing,
    Finding,
    Offering,
    PuttingThrough,
    Searching,
    Start,
    Turn,
)
from voice.divert.model import Extension
from voice.divert.routing import Announce

# So many can be told one after the other, and chosen among.
MOST_TOLD = 3
# What did not help to find anybody may be said or keyed so often.
_TRIES = 3


def search(state: Searching, heard: Heard) -> Turn:
    """Find who is meant, tell how they can be reached, and put through on a yes."""
    match state, heard:
        case _, Asked(Topic.SEARCH):
            return AskedName(), (Say("ask_name"),)
        case Finding(tries), Routed() | NotListed():
            return _looked_up(tries, heard)
        case Offering(extension), Yes():
            return PuttingThrough(Start()), (Say("connecting"), Connect(extension))
        case Offering(), No() | Asked(Topic.CANCEL):
            return Start(), (Say("not_connecting"),)
        case _, Asked(Topic.CANCEL):
            return Start(), (Say("search_ended"),)
        case _:
            return _named(state, heard)


def _named(state: Searching, heard: Heard) -> Turn:
    """Follow a name, a unit, a number, or the choice of one who was told."""
    match state, heard:
        case _, Sought(()):
            return Start(), (Say("nobody_to_search"),)
        case Choosing(among), Sought(persons):
            return _narrowed(state, tuple(p for p in among if p in persons))
        case Choosing(among), Picked(number):
            return _narrowed(state, _told(among)[number - 1 : number])
        case Choosing(among), Digits(key) if len(key) == 1:
            # 0 is nobody's place in the order.
            return _narrowed(state, _told(among)[: int(key)][int(key) - 1 :])
        case _, Sought(persons):
            return _sought(persons)
        case AskedName(tries) | Choosing(_, tries), Digits(number):
            return Finding(tries), (LookUp(Extension(number)),)
        case _:
            return state, ()


def _sought(persons: tuple[Person, ...]) -> Turn:
    match persons:
        case (person,):
            return Finding(), (LookUp(person.extension),)
        case _ if _told(persons):
            return Choosing(persons), (Say("which_of", Several(persons)),)
        case _ if len({person.name for person in persons}) == 1:
            return Choosing(persons), (Say("which_unit", Several(persons)),)
        case _:
            return Choosing(persons), (Say("which_name"),)


def _narrowed(state: Choosing, left: tuple[Person, ...]) -> Turn:
    """Go on with those who are left; nobody, or all of them, is no help."""
    if left and left != state.among:
        return _sought(left)
    if state.tries + 1 >= _TRIES:
        return _given_up()
    tried = replace(state, tries=state.tries + 1)
    if _told(state.among):
        return tried, (Say("which_of", Several(state.among)),)
    return tried, (Say("which_more"),)


def _told(persons: tuple[Person, ...]) -> tuple[Person, ...]:
    """Return those that are told one after the other: nobody where they are many."""
    return persons if len(persons) <= MOST_TOLD else ()


def _looked_up(tries: int, heard: Routed | NotListed) -> Turn:
    match heard:
        case NotListed() if tries + 1 >= _TRIES:
            return _given_up()
        case NotListed():
            return AskedName(tries + 1), (Say("not_listed"),)
        case Routed(extension, name, Announce() as away):
            told = Say("announced", Absent(name, away))
            return Offering(extension), (told, Say("ask_connect"))
        case Routed(extension, name):
            return Offering(extension), (
                Say("phone_is_open_there", Present(name)),
                Say("ask_connect"),
            )


def _given_up() -> Turn:
    return PuttingThrough(Start()), (Say("putting_through_missed"), Transfer())
