"""A call to an extension: put through when its phone is open, else told why not."""

from voice.dialogue.actions import Absent, Connect, HangUp, LookUp, Present, Say
from voice.dialogue.heard import Asked, Heard, NotListed, Routed, Silent, Topic
from voice.dialogue.states import (
    Announcing,
    Ended,
    Patience,
    PuttingThrough,
    Receiving,
    Routing,
    Turn,
)
from voice.divert.routing import Announce

# A caller who stays silent is reminded so often; meanwhile the phone may open.
_REMINDERS = 2


def receive(state: Receiving, heard: Heard) -> Turn:
    """Tell outside callers why nobody answers, until when, and who else can help."""
    match state, heard:
        case Routing(), Routed():
            return _routed(state, heard)
        case Routing(), NotListed():
            return Ended(), (Say("no_such_extension"), HangUp())
        case Announcing(extension, told, patience), Silent():
            again = Routing(extension, told, patience.silences + 1)
            return again, (LookUp(extension),)
        case _, Asked(Topic.CANCEL):
            return Ended(), (Say("goodbye"), HangUp())
        case _:
            return state, ()


def _routed(state: Routing, routed: Routed) -> Turn:
    match routed.destination:
        case Announce(divert) as away if divert != state.told:
            told = Say("announced", Absent(routed.name, away))
            after = Announcing(state.extension, divert, Patience(0, state.silences))
            return after, (told, Say("offer_operator"))
        case Announce(divert) if state.silences <= _REMINDERS:
            waits = Announcing(state.extension, divert, Patience(0, state.silences))
            return waits, (Say("offer_operator"),)
        case Announce():
            return Ended(), (Say("goodbye_caller"), HangUp())
        case _:
            # Open from the start, nothing is said: the caller only hears it ring.
            opened = (Say("phone_has_opened", Present(routed.name)),)
            said = () if state.told is None else opened
            return PuttingThrough(Ended()), (*said, Connect(state.extension))
