"""Where a call can be, what can be heard there, and what can be done about it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from voice.divert.model import Command, Divert, Event
from voice.divert.routing import Outlook


class Topic(StrEnum):
    """What can be asked for that changes nothing; the names of its sentences."""

    DIVERT = "ask_divert"
    CHANGE = "ask_change"
    STATUS = "status"
    WHY = "why"
    HELP = "help"
    REPEAT = "repeat"
    OPERATOR = "operator"
    REHEARSE = "rehearse"
    STOP_REHEARSING = "stop_rehearsing"
    CANCEL = "cancel"
    GOODBYE = "goodbye"


@dataclass(frozen=True, slots=True)
class Meant:
    """A command was said or keyed; `sure` when it may be carried out unasked.

    `start` is when it begins, for a time that was said without its reason: the
    change that it would be has no place for it.
    """

    command: Command
    sure: bool
    start: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Something was asked for that is no command."""

    topic: Topic


@dataclass(frozen=True, slots=True)
class Yes:
    """The caller agreed."""


@dataclass(frozen=True, slots=True)
class No:
    """The caller disagreed."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """There was sound or keys, and nothing that can be said here."""


@dataclass(frozen=True, slots=True)
class Silent:
    """The caller has said nothing for as long as is waited."""


@dataclass(frozen=True, slots=True)
class HungUp:
    """The caller is gone."""


@dataclass(frozen=True, slots=True)
class TimeIsUp:
    """The call has reached its longest length."""


@dataclass(frozen=True, slots=True)
class Happened:
    """What came of a command, and what stands after it."""

    event: Event
    left: Outlook = Outlook()


@dataclass(frozen=True, slots=True)
class Found:
    """What stands on the caller's phone."""

    outlook: Outlook


Heard: TypeAlias = (
    Meant | Asked | Yes | No | Unclear | Silent | HungUp | TimeIsUp | Happened | Found
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often the caller was not understood, and how often silent, in a row."""

    misses: int = 0
    silences: int = 0


FRESH = Patience()


@dataclass(frozen=True, slots=True)
class Start:
    """Anything can be said, in one breath."""

    patience: Patience = FRESH


@dataclass(frozen=True, slots=True)
class Looking:
    """The caller's diverts are being looked up, to answer `topic`."""

    topic: Topic


@dataclass(frozen=True, slots=True)
class AskedDivert:
    """The caller said "hänvisning" and was told what stands, if anything."""

    standing: Divert | None
    patience: Patience = FRESH


@dataclass(frozen=True, slots=True)
class AskedReason:
    """A divert is wanted and its reason is not known; its `time` may have been said."""

    time: Meant | None = None
    patience: Patience = FRESH


@dataclass(frozen=True, slots=True)
class AskedChange:
    """A divert stands, and its new reason or time has been asked for."""

    standing: Divert
    patience: Patience = FRESH


@dataclass(frozen=True, slots=True)
class Confirming:
    """A command was doubtfully heard, and its yes is awaited."""

    command: Command
    patience: Patience = FRESH


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over, or somebody else's."""


Waking: TypeAlias = (
    Start | Looking | AskedDivert | AskedReason | AskedChange | Confirming | Ended
)


@dataclass(frozen=True, slots=True)
class Rehearsing:
    """The same dialogue, in which nothing is changed."""

    inner: Waking = field(default_factory=Start)


State: TypeAlias = Waking | Rehearsing


@dataclass(frozen=True, slots=True)
class Say:
    """Speak the prompt `key`, about something that was meant, found or done."""

    key: str
    about: Command | Happened | Divert | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """Speak what was last spoken once more."""


@dataclass(frozen=True, slots=True)
class Obey:
    """Carry out a command."""

    command: Command


@dataclass(frozen=True, slots=True)
class Try:
    """See what a command would do, and change nothing."""

    command: Command


@dataclass(frozen=True, slots=True)
class Look:
    """Find what stands on the caller's phone."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Put the caller through to the operator."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call."""


Action: TypeAlias = Say | Repeat | Obey | Try | Look | Transfer | HangUp
Turn: TypeAlias = tuple[State, tuple[Action, ...]]


def place(state: State) -> str:
    """Name the place of the dialogue, which decides what can be said there."""
    match state:
        case Rehearsing(inner):
            return place(inner)
        case AskedDivert():
            return "divert"
        case AskedReason() | AskedChange():
            return "reason"
        case Confirming():
            return "confirm"
        case Start() | Looking() | Ended():
            return "start"
