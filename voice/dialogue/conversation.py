"""The conversation of 4949: commands, questions and their answers."""

from dataclasses import replace
from datetime import datetime

from voice.dialogue.actions import HangUp, Look, Obey, Say
from voice.dialogue.heard import Asked, Found, Happened, Heard, Meant, No, Topic, Yes
from voice.dialogue.looking import found
from voice.dialogue.people import Sought
from voice.dialogue.search import search
from voice.dialogue.states import (
    AskedChange,
    AskedDivert,
    AskedName,
    AskedReason,
    Confirming,
    Conversing,
    Ended,
    Looking,
    Rehearsing,
    Start,
    Turn,
)
from voice.divert.model import (
    ChangeDivert,
    Divert,
    Event,
    Mode,
    Refused,
    SetDivert,
    Until,
)


def converse(state: Conversing, heard: Heard) -> Turn:
    """Follow what is said at 4949, an answer, or what came of a command."""
    match heard:
        case Asked(Topic.SEARCH) | Sought():
            return search(AskedName(), heard)
        case Asked(topic):
            return _asked(state, topic)
        case _:
            return _told(state, heard)


def _told(state: Conversing, heard: Heard) -> Turn:
    """Follow a command, an answer, or what came of one of them."""
    match state, heard:
        case Looking(topic), Found():
            return found(topic, heard)
        case _, Happened():
            return Start(), (reply(heard),)
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


def _completed(state: Conversing, meant: Meant) -> Meant | AskedReason:
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


def _asked(state: Conversing, topic: Topic) -> Turn:
    match state, topic:
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
            return Looking(topic), (Look(topic),)


def reply(happened: Happened) -> Say:
    """Return what is said about what came of a command."""
    match happened.event:
        case Refused(why):
            return Say(why, happened)
        case event:
            return Say(_key(event), happened)


def _key(event: Event) -> str:
    """Return the prompt key of an event: DivertSet is `divert_set`."""
    name = type(event).__name__
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
