"""One call: what was heard, where that leads, and what to do."""

from voice.dialogue.actions import Action, HangUp, Obey, Repeat, Say, Transfer, Try
from voice.dialogue.codes import take_codes
from voice.dialogue.conversation import converse
from voice.dialogue.heard import (
    Asked,
    Connected,
    Deaf,
    Happened,
    Heard,
    HungUp,
    Meant,
    NotConnected,
    Silent,
    TimeIsUp,
    Topic,
    Unclear,
)
from voice.dialogue.identify import identify
from voice.dialogue.patience import asked_again, missed, silent, understood
from voice.dialogue.people import Picked
from voice.dialogue.reception import receive
from voice.dialogue.search import search
from voice.dialogue.states import (
    Announcing,
    AskedExtension,
    AskedName,
    AskedPin,
    Choosing,
    Ended,
    Finding,
    Identifying,
    Keying,
    Offering,
    PuttingThrough,
    Rehearsing,
    Routing,
    Start,
    State,
    Turn,
    Waking,
    place,
)


def step(state: State, heard: Heard) -> Turn:
    """Return where the call is after hearing this, and what to do about it."""
    match state, heard:
        case Ended(), _:
            return state, ()
        case _, HungUp():
            return Ended(), ()
        case _, TimeIsUp():
            return Ended(), (Say("time_is_up"), HangUp())
        case PuttingThrough(back), _:
            return _put_through(back, heard)
        case _, Deaf():
            return state, (Say("ears_failed"), Say(f"keys_{place(state)}"))
        case _, Asked(Topic.OPERATOR):
            return PuttingThrough(understood(state)), (
                Say("putting_through"),
                Transfer(),
            )
        case _, Asked(Topic.GOODBYE):
            return Ended(), (Say("goodbye"), HangUp())
        case Rehearsing(), _:
            return _rehearsed(state, heard)
        case _:
            return _followed(state, heard)


def _followed(state: Waking, heard: Heard) -> Turn:
    """Go on in the dialogue that the call is in."""
    match state, heard:
        case Keying(), _:
            return take_codes(state, heard)
        case Announcing(), Silent():
            return receive(state, heard)
        # Nobody was told, of whom one could be picked.
        case (_, Unclear()) | (AskedName(), Picked()):
            return missed(state)
        case _, Silent():
            return silent(state)
        case _, Asked(Topic.HELP):
            return understood(state), (Say(f"help_{place(state)}"),)
        case _, Asked(Topic.REPEAT):
            return understood(state), (Repeat(),)
        case _:
            return _led(understood(state), heard)


def _led(state: State, heard: Heard) -> Turn:
    """Follow what was understood, in the dialogue that the call is in."""
    match state, heard:
        case ((AskedName() | Choosing() | Offering()), Meant() | Happened()):
            # A code can be keyed at any place that asks for no number.
            return converse(Start(), heard)
    match state:
        case AskedExtension() | AskedPin() | Identifying() as unknown:
            return identify(unknown, heard)
        case Routing() | Announcing() as receiving:
            return receive(receiving, heard)
        case AskedName() | Choosing() | Finding() | Offering() as searching:
            return search(searching, heard)
        case PuttingThrough() | Ended() | Keying() | Rehearsing() as other:
            return other, ()
        case conversing:
            return converse(conversing, heard)


def _put_through(back: State, heard: Heard) -> Turn:
    """The call has left the house, or goes on where it was."""
    match back, heard:
        case _, Connected():
            return Ended(), ()
        case Ended(), NotConnected():
            return Ended(), (Say("not_connected_goodbye"), HangUp())
        case _, NotConnected():
            return back, (Say("not_connected"), asked_again(back))
        case _:
            return PuttingThrough(back), ()


def _rehearsed(state: Rehearsing, heard: Heard) -> Turn:
    """Follow the same dialogue, and let no command out of it."""
    match state.inner, heard:
        case Start(), Asked(Topic.STOP_REHEARSING | Topic.CANCEL):
            return Start(), (Say("rehearsal_ends"),)
        case _, Asked(Topic.STOP_REHEARSING):
            return Start(), (Say("rehearsal_ends"),)
        case _, Asked(Topic.REHEARSE):
            return state, (Say("rehearsal_begins"),)
        case inner, _:
            after, actions = step(inner, heard)
    tried = tuple(_tried(action) for action in actions)
    if isinstance(heard, Happened):
        tried = (*tried, Say("rehearsed"))
    if isinstance(after, Ended | Rehearsing):
        return after, tried
    return Rehearsing(after), tried


def _tried(action: Action) -> Action:
    return Try(action.command) if isinstance(action, Obey) else action
