"""Absence diverts: what stands on a phone, what can be asked for, what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NewType, TypeAlias

Extension = NewType("Extension", str)
ReasonCode = NewType("ReasonCode", str)
EntryKey = NewType("EntryKey", str)


class Mode(StrEnum):
    """What a divert does to the calls that come."""

    CLOSED = "closed"
    INFORMING = "informing"


class Source(StrEnum):
    """Where a divert came from: one of the four mouths, or the operator's hand."""

    KEYS = "keys"
    VOICE = "voice"
    WEB = "web"
    CALENDAR = "calendar"
    OPERATOR = "operator"


class Kind(StrEnum):
    """Whether a reason's return is a time of day or a day."""

    CLOCK = "clock"
    DATE = "date"


class Until(StrEnum):
    """How long a reason lasts when nobody said, where that is not a fixed time."""

    CLEARED = "until_cleared"
    NEXT_WORKING_DAY = "next_working_day"


@dataclass(frozen=True, slots=True)
class Plausible:
    """How diverts of a reason usually are; where nothing is said, as they like."""

    hours: tuple[time, time] | None = None
    """Between which times of day they begin and end."""
    longest: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason to be away, as far as the rules care."""

    code: ReasonCode
    digit: str
    kind: Kind
    lasts: timedelta | Until
    # Meant to last for minutes: a day of it was more likely misheard than meant.
    short: bool = False
    plausible: Plausible = Plausible()


@dataclass(frozen=True, slots=True)
class Site:
    """What a site has decided, and the days its people do not work."""

    reasons: Mapping[ReasonCode, Reason]
    red_days: frozenset[date] = frozenset()
    undo_for: timedelta = timedelta(minutes=10)
    chain_gap: timedelta = timedelta(minutes=5)
    joins_days: bool = True


@dataclass(frozen=True, slots=True)
class Divert:
    """An absence registered on an extension; every instant carries a zone."""

    extension: Extension
    reason: ReasonCode
    start: datetime
    until: datetime | None
    mode: Mode
    source: Source
    set_at: datetime
    entry: EntryKey | None = None
    # A booking that its owner opened by phone or web: it stays open until its
    # times or code change, so it must be remembered and not merely removed.
    opened: bool = False

    def holds(self, now: datetime) -> bool:
        """Tell whether the divert is in force."""
        begun = self.start <= now and not self.opened
        return begun and not self.ended(now)

    def ended(self, now: datetime) -> bool:
        """Tell whether the divert's time has wholly passed."""
        return self.until is not None and self.until <= now


@dataclass(frozen=True, slots=True)
class Change:
    """The last change a person made, kept so that it can be taken back."""

    at: datetime
    gone: tuple[Divert, ...]
    new: tuple[Divert, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything the rules need to know of one extension."""

    diverts: tuple[Divert, ...] = ()
    last: Change | None = None


@dataclass(frozen=True, slots=True)
class SetDivert:
    """Register an absence; without `until` the reason says how long it lasts."""

    extension: Extension
    reason: ReasonCode
    until: datetime | Until | None = None
    start: datetime | None = None
    mode: Mode = Mode.CLOSED
    source: Source = Source.VOICE


@dataclass(frozen=True, slots=True)
class ClearDivert:
    """Open the phone; only from diverts of one reason when a reason is named."""

    extension: Extension
    reason: ReasonCode | None = None
    only: Divert | None = None
    """The one divert that is meant, which must stand just as it is known."""


@dataclass(frozen=True, slots=True)
class ChangeDivert:
    """Give the divert that counts another reason, another end, or more time."""

    extension: Extension
    reason: ReasonCode | None = None
    to: datetime | timedelta | Until | None = None
    source: Source = Source.VOICE
    only: Divert | None = None
    """The one divert that is meant, which must stand just as it is known."""


@dataclass(frozen=True, slots=True)
class UndoChange:
    """Take back the last change a person made to this extension."""

    extension: Extension


@dataclass(frozen=True, slots=True)
class FollowCalendar:
    """Make the diverts that come from a calendar equal to what it now holds."""

    extension: Extension
    wanted: tuple[Divert, ...]


Command: TypeAlias = (
    SetDivert | ClearDivert | ChangeDivert | UndoChange | FollowCalendar
)


@dataclass(frozen=True, slots=True)
class DivertSet:
    """A divert was registered, in the place of those it replaced."""

    divert: Divert
    replaced: tuple[Divert, ...] = ()


@dataclass(frozen=True, slots=True)
class DivertsCleared:
    """Diverts were ended before their time."""

    gone: tuple[Divert, ...]


@dataclass(frozen=True, slots=True)
class DivertChanged:
    """A divert got another reason or another end, in the place of those replaced."""

    before: Divert
    after: Divert
    replaced: tuple[Divert, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeUndone:
    """The last change was taken back: `gone` left, `restored` stand again."""

    gone: tuple[Divert, ...]
    restored: tuple[Divert, ...]


@dataclass(frozen=True, slots=True)
class CalendarFollowed:
    """The calendar's diverts were brought up to date; both empty when they were."""

    gone: tuple[Divert, ...]
    new: tuple[Divert, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed; `why` names the prompt that says so."""

    why: str


Event: TypeAlias = (
    DivertSet
    | DivertsCleared
    | DivertChanged
    | ChangeUndone
    | CalendarFollowed
    | Refused
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A divert code that stood first in a booking's subject."""

    reason: ReasonCode
    mode: Mode


class Slip(StrEnum):
    """What keeps a code in a subject from being one; for the owner's eyes alone."""

    NO_SIGN = "no_sign"
    NOT_FIRST = "not_first"


@dataclass(frozen=True, slots=True)
class Entry:
    """A calendar booking, without its text: only what the rules may know."""

    key: EntryKey
    mark: Mark | None
    start: datetime
    end: datetime
    all_day: bool = False
    private: bool = False
    declined: bool = False
    cancelled: bool = False
    ours: bool = False
    series: str | None = None
    # Its time is shown as free to others, or its owner may yet not come.
    free: bool = False
    tentative: bool = False
    # Somebody else's meeting: this is a copy, and its code can be taken out of it.
    invited: bool = False
    slip: Slip | None = None
    # What we have written on it about its phone having been opened.
    opened: str = ""
