"""The conversation of 4949: what was heard, where that leads, and what to do."""

from dataclasses import replace
from datetime import datetime

from voice.dialogue.states import (
    FRESH,
    Action,
    Asked,
    AskedChange,
    AskedDivert,
    AskedReason,
    Confirming,
    Ended,
    Found,
    HangUp,
    Happened,
    Heard,
    HungUp,
    Look,
    Looking,
    Meant,
    No,
    Obey,
    Rehearsing,
    Repeat,
    Say,
    Silent,
    Start,
    State,
    TimeIsUp,
    Topic,
    Transfer,
    Try,
    Turn,
    Unclear,
    Waking,
    Yes,
    place,
)
from voice.divert.model import (
    ChangeDivert,
    Divert,
    Mode,
    Refused,
    SetDivert,
    Until,
)
from voice.divert.routing import Outlook

# Not understood so often in a row, the caller is put through to a person.
_MISSES = 3


def answer() -> Turn:
    """Return how a call begins."""
    return Start(), (Say("greeting"),)


def step(state: State, heard: Heard) -> Turn:
    """Return where the call is after hearing this, and what to do about it."""
    match state, heard:
        case Ended(), _:
            return state, ()
        case _, HungUp():
            return Ended(), ()
        case _, TimeIsUp():
            return Ended(), (Say("time_is_up"), HangUp())
        case _, Asked(Topic.OPERATOR):
            return Ended(), (Say("putting_through"), Transfer())
        case _, Asked(Topic.GOODBYE):
            return Ended(), (Say("goodbye"), HangUp())
        case Rehearsing(), _:
            return _rehearsed(state, heard)
        case _, Unclear():
            return _missed(state)
        case _, Silent():
            return _silent(state)
        case _, Asked(topic):
            return _asked(_understood(state), topic)
        case _:
            return _told(_understood(state), heard)


def _told(state: Waking, heard: Heard) -> Turn:
    """Follow a command, an answer, or what came of one of them."""
    match state, heard:
        case Looking(topic), Found(outlook):
            return _found(topic, outlook)
        case _, Happened(event):
            key = event.why if isinstance(event, Refused) else _name(event)
            return Start(), (Say(key, heard),)
        case Confirming(command), Yes():
            return Start(), (Obey(command),)
        case _, No():
            return Start(), (Say("not_done"),)
        case _, Meant():
            return _meant(_completed(state, heard))
        case _:
            return state, ()  # an answer to what nobody asked


def _meant(meant: Meant | AskedReason) -> Turn:
    match meant:
        case AskedReason():
            return meant, (Say("ask_reason"),)
        # What stands cannot be given another start, so a new one is asked about.
        case Meant(command, sure=True, start=None):
            return Start(), (Obey(command),)
        case Meant(command):
            return Confirming(command), (Say("did_you_mean", command),)


def _completed(state: Waking, meant: Meant) -> Meant | AskedReason:
    """Join what was just said with what the caller had said before it."""
    match state, meant.command:
        case (
            AskedReason(
                Meant(ChangeDivert(_, _, datetime() | Until() as until)) as time
            ),
            SetDivert(until=None, start=None) as wanted,
        ):
            # Doubtful when either was.
            timed = replace(wanted, until=until, start=time.start)
            return Meant(timed, meant.sure and time.sure)
        case AskedChange(), SetDivert(extension, reason, until, None, mode, source) if (
            mode is Mode.CLOSED
        ):
            change = ChangeDivert(extension, reason, until, source)
            return Meant(change, meant.sure)
        # A return time, and nothing stands that it could be the return of.
        case AskedDivert(None) | AskedReason(), ChangeDivert(
            _, None, datetime() | Until()
        ):
            return AskedReason(meant)
        case _:
            return meant


def _asked(state: Waking, topic: Topic) -> Turn:
    match state, topic:
        case _, Topic.HELP:
            return state, (Say(f"help_{place(state)}"),)
        case _, Topic.REPEAT:
            return state, (Repeat(),)
        case _, Topic.REHEARSE:
            return Rehearsing(), (Say("rehearsal_begins"),)
        case _, Topic.STOP_REHEARSING:
            return Start(), (Say("not_rehearsing"),)
        case Start(), Topic.CANCEL:
            return Ended(), (Say("goodbye"), HangUp())
        case _, Topic.CANCEL:
            return Start(), (Say("cancelled"),)
        case AskedDivert(None), Topic.DIVERT | Topic.CHANGE:
            return AskedReason(), (Say("ask_reason"),)
        case AskedDivert(Divert() as standing), Topic.CHANGE:
            return AskedChange(standing), (Say("ask_change", standing),)
        case AskedDivert(), Topic.DIVERT:
            return AskedReason(), (Say("ask_reason"),)
        case _:
            return Looking(topic), (Look(),)


def _found(topic: Topic, outlook: Outlook) -> Turn:
    match topic, outlook.counts:
        case Topic.DIVERT, None:
            return AskedDivert(None), (Say("ask_divert"),)
        case Topic.DIVERT, Divert() as divert:
            return AskedDivert(divert), (Say("divert_standing", divert),)
        case Topic.CHANGE, Divert() as divert:
            return AskedChange(divert), (Say("ask_change", divert),)
        case _, None if outlook.coming:
            return Start(), (Say("phone_is_open_coming", outlook.coming),)
        case _, None:
            return Start(), (Say("phone_is_open"),)
        case _, divert:
            return Start(), (Say(topic.value, divert),)


def _name(event: object) -> str:
    """Return the prompt key of an event: DivertSet is `divert_set`."""
    name = type(event).__name__
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def _understood(state: State) -> Waking:
    """Forget the misses: the caller was understood."""
    match state:
        case Start() | AskedDivert() | AskedReason() | AskedChange() | Confirming():
            return replace(state, patience=FRESH)
        case Rehearsing(inner):
            return _understood(inner)
        case Looking() | Ended():
            return state


def _missed(state: State) -> Turn:
    """Nothing is carried out: an example, then all the keys, then a person."""
    match state:
        case Start() | AskedDivert() | AskedReason() | AskedChange() | Confirming():
            misses = state.patience.misses + 1
            if misses >= _MISSES:
                return Ended(), (Say("putting_through_missed"), Transfer())
            patience = replace(state.patience, misses=misses)
            kind = "missed" if misses == 1 else "keys"
            return replace(state, patience=patience), (Say(f"{kind}_{place(state)}"),)
        case _:
            return state, ()


def _silent(state: State) -> Turn:
    """Ask once more, then end politely."""
    match state:
        case Start() | AskedDivert() | AskedReason() | AskedChange() | Confirming():
            silences = state.patience.silences + 1
            if silences > 1:
                return Ended(), (Say("goodbye_silent"), HangUp())
            patience = replace(state.patience, silences=silences)
            return replace(state, patience=patience), (Say(f"silent_{place(state)}"),)
        case _:
            return state, ()


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
