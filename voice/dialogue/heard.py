"""What can be heard in a call: from the caller, and from what was done."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from voice.dialogue.people import Picked, Sought
from voice.divert.diary import Diary
from voice.divert.forecast import Forecast
from voice.divert.model import Command, Event, Extension
from voice.divert.routing import Destination, Outlook


class Topic(StrEnum):
    """What can be asked for that changes nothing; the names of its sentences."""

    DIVERT = "ask_divert"
    CHANGE = "ask_change"
    STATUS = "status"
    WHY = "why"
    TODAY = "today"
    TOMORROW = "tomorrow"
    HELP = "help"
    REPEAT = "repeat"
    SEARCH = "search"
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
class Digits:
    """A number was keyed where one was asked for; it may be a PIN, and is not shown."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unclear:
    """There was sound or keys, and nothing that can be said here."""


@dataclass(frozen=True, slots=True)
class Silent:
    """The caller has said nothing for as long as is waited."""


@dataclass(frozen=True, slots=True)
class Deaf:
    """The ears do not work: from here on only keys are understood."""


@dataclass(frozen=True, slots=True)
class HungUp:
    """The caller is gone; `lost` when it was the line that broke."""

    lost: bool = False


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
    """What stands on the caller's phone, and as far as it was asked for, more.

    `forecast` is of the day that was asked about; the `diary` is the caller's own.
    """

    outlook: Outlook
    forecast: Forecast | None = None
    diary: Diary | None = None


@dataclass(frozen=True, slots=True)
class Identified:
    """Extension and PIN belong together: the caller is who they say."""


@dataclass(frozen=True, slots=True)
class NotIdentified:
    """They do not, or may not be tried now; which of these is nobody's business."""


@dataclass(frozen=True, slots=True)
class Routed:
    """What becomes of a call to an extension, and whose it is."""

    extension: Extension
    name: str
    destination: Destination


@dataclass(frozen=True, slots=True)
class NotListed:
    """The directory has no such extension."""


@dataclass(frozen=True, slots=True)
class Connected:
    """The caller has been put through: the call is no longer ours."""


@dataclass(frozen=True, slots=True)
class NotConnected:
    """The exchange would not put the caller through."""


Heard: TypeAlias = (
    Meant
    | Asked
    | Yes
    | No
    | Digits
    | Sought
    | Picked
    | Unclear
    | Silent
    | Deaf
    | HungUp
    | TimeIsUp
    | Happened
    | Found
    | Identified
    | NotIdentified
    | Routed
    | NotListed
    | Connected
    | NotConnected
)
