"""Callers who are not understood, or say nothing: asked again, then helped on."""

from dataclasses import replace

from voice.dialogue.actions import Action, HangUp, Play, Say, Tone, Transfer
from voice.dialogue.states import (
    FRESH,
    Announcing,
    Ended,
    Keying,
    PuttingThrough,
    Rehearsing,
    Start,
    State,
    Turn,
    Waiting,
    place,
)

# Not understood so often in a row, the caller is put through to a person.
_MISSES = 3


def understood(state: State) -> State:
    """Forget the misses: the caller was understood."""
    return replace(state, patience=FRESH) if isinstance(state, Waiting) else state


def missed(state: State) -> Turn:
    """Nothing is carried out: an example, then all the keys, then a person."""
    if not isinstance(state, Waiting):
        return state, ()
    misses = state.patience.misses + 1
    if misses >= _MISSES:
        again = replace(state, patience=FRESH)
        return PuttingThrough(again), (Say("putting_through_missed"), Transfer())
    patience = replace(state.patience, misses=misses)
    kind = "missed" if misses == 1 else "keys"
    return replace(state, patience=patience), (Say(f"{kind}_{place(state)}"),)


def asked_again(state: State) -> Action:
    """Return what a call that goes on asks for, after something else was said."""
    match state:
        case Keying():
            return Play(Tone.DIAL)
        case Announcing():
            return Say("offer_operator")
        case Rehearsing(inner):
            return asked_again(inner)
        case Start() | Ended() | PuttingThrough():
            return Say("what_now")
        case _:
            return Say(f"silent_{place(state)}")


def silent(state: State) -> Turn:
    """Ask once more, then end politely."""
    if not isinstance(state, Waiting):
        return state, ()
    silences = state.patience.silences + 1
    if silences > 1:
        return Ended(), (Say("goodbye_silent"), HangUp())
    patience = replace(state.patience, silences=silences)
    return replace(state, patience=patience), (Say(f"silent_{place(state)}"),)
