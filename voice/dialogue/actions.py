"""What can be done about what was heard."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from voice.dialogue.heard import Happened, Topic
from voice.dialogue.people import Several
from voice.divert.diary import Diary
from voice.divert.forecast import Forecast
from voice.divert.model import Command, Divert, Extension
from voice.divert.routing import Announce


class Tone(StrEnum):
    """The tones that are played."""

    DIAL = "dial"
    """Keys are awaited."""
    KNOWN = "known"
    """The caller is known; the greeting comes."""
    DONE = "done"
    """It has been carried out."""
    REFUSED = "refused"
    """It has not."""


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody who is away, as it is told to others."""

    name: str
    away: Announce


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody whose phone is open."""

    name: str


About: TypeAlias = (
    Command | Happened | Divert | Absent | Present | Several | Forecast | Diary | None
)


@dataclass(frozen=True, slots=True)
class Say:
    """Speak the prompt `key`, about something that was meant, found or done."""

    key: str
    about: About = None


@dataclass(frozen=True, slots=True)
class Play:
    """Play a tone."""

    tone: Tone


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
    """Find what stands on the caller's phone, and what else the topic is about."""

    topic: Topic


@dataclass(frozen=True, slots=True)
class LookUp:
    """Find what becomes of a call to an extension."""

    extension: Extension


@dataclass(frozen=True, slots=True)
class Identify:
    """See whether a PIN is the extension's; from then on that is who calls."""

    extension: Extension
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Key:
    """Take keys that came with the call, as if they had been pressed in it."""

    keys: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """Put the caller through to the operator."""


@dataclass(frozen=True, slots=True)
class Connect:
    """Put the caller through to an extension, past what stands on it."""

    extension: Extension


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call."""


Action: TypeAlias = (
    Say
    | Play
    | Repeat
    | Obey
    | Try
    | Look
    | LookUp
    | Identify
    | Key
    | Transfer
    | Connect
    | HangUp
)
