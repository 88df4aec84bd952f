"""The keyed codes of 3339, and those that are dialled as numbers."""

from voice.dialogue.actions import Action, HangUp, Obey, Play, Repeat, Say, Tone
from voice.dialogue.conversation import reply
from voice.dialogue.heard import Asked, Happened, Heard, Meant, Silent, Topic, Unclear
from voice.dialogue.patience import missed, silent
from voice.dialogue.states import FRESH, Ended, Keying, Turn
from voice.divert.model import Refused


def take_codes(state: Keying, heard: Heard) -> Turn:
    """Carry out one code after the other, each with its answer."""
    match heard:
        case Meant(command):
            return Keying(state.once, state.by_tone), (Obey(command),)
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
    refused = isinstance(happened.event, Refused)
    told: Action = reply(happened)
    if state.by_tone:
        told = Play(Tone.REFUSED if refused else Tone.DONE)
    if state.once:
        return Ended(), (told, HangUp())
    # A wrong code is a miss like any other, so that nobody is kept here for ever.
    patience = state.patience if refused else FRESH
    return _with_tone((Keying(patience=patience), (told,)))


def _with_tone(turn: Turn) -> Turn:
    """Play the dial tone where the next code is waited for."""
    state, actions = turn
    if isinstance(state, Keying):
        return state, (*actions, Play(Tone.DIAL))
    return turn
