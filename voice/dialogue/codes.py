"""The keyed codes of 3339, and those that are dialled as numbers."""

from voice.dialogue.actions import (
    Action,
    HangUp,
    Obey,
    Play,
    Repeat,
    Say,
    Tone,
    Transfer,
)
from voice.dialogue.conversation import reply
from voice.dialogue.heard import Asked, Happened, Heard, Meant, Silent, Topic, Unclear
from voice.dialogue.patience import missed, silent
from voice.dialogue.states import Ended, Keying, PuttingThrough, Turn
from voice.divert.model import Refused

# What is wrong with a code itself, and not with what it would do.
_NO_CODES = [
    Refused(why)
    for why in (
        "no_such_code",
        "no_such_time",
        "no_such_date",
        "time_incomplete",
        "unknown_reason",
    )
]


def take_codes(state: Keying, heard: Heard) -> Turn:
    """Carry out one code after the other, each with its answer."""
    match heard:
        case Meant(command):
            return state, (Obey(command),)
        case Happened():
            return _answered(state, heard)
        case Unclear() | Silent() if state.once:
            return _answered(state, Happened(Refused("no_such_code")))
        case Unclear():
            return _with_tone(missed(state))
        case Silent():
            return _with_tone(silent(state))
        case Asked(Topic.HELP):
            return _with_tone((Keying(), (Say("help_codes"),)))
        case Asked(Topic.REPEAT):
            return _with_tone((Keying(), (Repeat(),)))
        case Asked(Topic.CANCEL):
            return Ended(), (Say("goodbye"), HangUp())
        case _:
            return state, ()


def _answered(state: Keying, happened: Happened) -> Turn:
    told: Action = reply(happened)
    refused = isinstance(happened.event, Refused)
    if state.by_tone:
        told = Play(Tone.REFUSED if refused else Tone.DONE)
    if state.once:
        return Ended(), (told, HangUp())
    if happened.event not in _NO_CODES:
        return _with_tone((Keying(), (told,)))
    # A wrong code is a miss like any other, so that nobody is kept here for ever.
    after, _ = missed(state)
    if isinstance(after, PuttingThrough):
        return after, (told, Say("putting_through_missed"), Transfer())
    return _with_tone((after, (told,)))


def _with_tone(turn: Turn) -> Turn:
    """Play the dial tone where the next code is waited for."""
    state, actions = turn
    if isinstance(state, Keying):
        return state, (*actions, Play(Tone.DIAL))
    return turn
