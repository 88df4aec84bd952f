"""Where a call can be; each state holds what is true in it, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from voice.dialogue.actions import Action
from voice.dialogue.heard import Meant, Topic
from voice.dialogue.people import Person
from voice.divert.model import Command, Divert, Extension


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
class Keying:
    """Codes are keyed, one after the other; `once` when the code was dialled.

    `by_tone` answers with tones in the place of words.
    """

    once: bool = False
    by_tone: bool = False
    patience: Patience = FRESH


@dataclass(frozen=True, slots=True)
class Dialled:
    """A code was dialled as a number, and is to be carried out."""

    code: str
    by_tone: bool = False


Opening: TypeAlias = Start | Keying | Dialled
"""What a caller who is known gets at once."""


@dataclass(frozen=True, slots=True)
class AskedExtension:
    """A caller who is not known was asked for the extension; `then` comes after it."""

    then: Opening
    tries: int = 0
    patience: Patience = FRESH


@dataclass(frozen=True, slots=True)
class AskedPin:
    """The extension was keyed or is tied to the mobile, and its PIN is asked for."""

    then: Opening
    extension: Extension
    tries: int = 0
    patience: Patience = FRESH


@dataclass(frozen=True, slots=True)
class Identifying:
    """Extension and PIN are being compared."""

    then: Opening
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Routing:
    """It is being looked up what becomes of the call; `told` is what was announced."""

    extension: Extension
    told: Divert | None = None
    silences: int = 0


@dataclass(frozen=True, slots=True)
class Announcing:
    """An outside caller was told why nobody answers, and offered the operator."""

    extension: Extension
    told: Divert
    patience: Patience = FRESH


@dataclass(frozen=True, slots=True)
class AskedName:
    """It was asked who is looked for; `tries` numbers that nobody has were keyed."""

    tries: int = 0
    patience: Patience = FRESH


@dataclass(frozen=True, slots=True)
class Choosing:
    """Several can be meant, and more has been asked for; `tries` did not help."""

    among: tuple[Person, ...]
    tries: int = 0
    patience: Patience = FRESH


@dataclass(frozen=True, slots=True)
class Finding:
    """It is being looked up what becomes of a call to somebody."""

    tries: int = 0


@dataclass(frozen=True, slots=True)
class Offering:
    """The caller heard how somebody can be reached: to be put through or not?"""

    extension: Extension
    patience: Patience = FRESH


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over, or somebody else's."""


Conversing: TypeAlias = (
    Start | Looking | AskedDivert | AskedReason | AskedChange | Confirming
)
"""The spoken dialogue of 4949."""
Unknown: TypeAlias = AskedExtension | AskedPin | Identifying
"""Before it is known who calls."""
Receiving: TypeAlias = Routing | Announcing
"""A call to an extension, which came here."""
Searching: TypeAlias = AskedName | Choosing | Finding | Offering
"""Looking for somebody by name."""


@dataclass(frozen=True, slots=True)
class PuttingThrough:
    """The exchange was asked to take the call; if it will not, the call goes on."""

    back: "Waking | Rehearsing"


Waking: TypeAlias = (
    Conversing | Keying | Unknown | Receiving | Searching | PuttingThrough | Ended
)


@dataclass(frozen=True, slots=True)
class Rehearsing:
    """The same dialogue, in which nothing is changed."""

    inner: Waking = field(default_factory=Start)


State: TypeAlias = Waking | Rehearsing
Turn: TypeAlias = tuple[State, tuple[Action, ...]]

Waiting: TypeAlias = (
    Start
    | AskedDivert
    | AskedReason
    | AskedChange
    | Confirming
    | Keying
    | AskedExtension
    | AskedPin
    | Announcing
    | AskedName
    | Choosing
    | Offering
)
"""Where the caller's word is awaited, with patience."""


_PLACES: Mapping[type[State], str] = {
    AskedDivert: "divert",
    AskedReason: "reason",
    AskedChange: "reason",
    Confirming: "confirm",
    Keying: "codes",
    AskedExtension: "extension",
    AskedPin: "pin",
    Identifying: "pin",
    Routing: "reception",
    Announcing: "reception",
    AskedName: "name",
    Choosing: "which",
    Offering: "connect",
}


def place(state: State) -> str:
    """Name the place of the dialogue, which decides what can be said there."""
    match state:
        case Rehearsing(inside) | PuttingThrough(inside):
            return place(inside)
        case _:
            return _PLACES.get(type(state), "start")
