"""What a command would do to a phone, or did: in one line, and what stands after."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias, assert_never

from voice.divert.model import (
    CalendarFollowed,
    ChangeDivert,
    ChangeUndone,
    ClearDivert,
    Command,
    Divert,
    DivertChanged,
    DivertsCleared,
    DivertSet,
    Event,
    FollowCalendar,
    Mode,
    ReasonCode,
    Refused,
    SetDivert,
    Site,
    UndoChange,
    Until,
)
from voice.divert.rules import applied, decide, difference
from voice.language.catalog import Catalog
from voice.web.dates import Dates
from voice.web.pages.start import Owner, Shown, StandingNow, shown, standing_now

Told: TypeAlias = tuple[str, dict[str, str]]
"""A key of words, and what fills it."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would come of a command, if it were carried out."""

    event: Event
    gone: tuple[Shown, ...]
    new: tuple[Shown, ...]
    stands: StandingNow


def foresee(
    command: Command, owner: Owner, catalog: Catalog, site: Site, now: datetime
) -> Foreseen:
    """Say what a command would do to what stands, and change nothing."""
    event = decide(command, owner.standing, site, now)
    gone, new = difference(event)
    after = applied(event, owner.standing, now)
    return Foreseen(
        event,
        tuple(shown(divert, catalog) for divert in gone if not divert.opened),
        tuple(shown(divert, catalog) for divert in new if not divert.opened),
        standing_now(owner.listing.name, after, catalog, site, now),
    )


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells of commands and events in the language of some dates."""

    catalog: Catalog
    dates: Dates

    def outcome(self, event: Event) -> Told:
        """Say what came of a command."""
        match event:
            case DivertSet(divert):
                is_closed = divert.mode is Mode.CLOSED
                key = "told.set" if is_closed else "told.set_informing"
                return key, {"divert": self.line(divert)}
            case DivertChanged(_, after):
                return "told.changed", {"divert": self.line(after)}
            case DivertsCleared((divert,)):
                return "told.cleared", {"divert": self.line(divert)}
            case DivertsCleared(gone):
                return "told.cleared_many", {"count": str(len(gone))}
            case ChangeUndone():
                return "told.undone", {}
            case CalendarFollowed():
                return "told.followed", {}
            case Refused(why):
                return f"refused.{why}", {}
            case _:
                assert_never(event)

    def wanted(self, command: Command) -> str:
        """Say what a command asks for."""
        words = self.dates.words
        match command:
            case SetDivert(_, reason, until, start, mode):
                line = self._line(reason, start, until)
                informs = mode is Mode.INFORMING
                return words("told.informing", divert=line) if informs else line
            case ChangeDivert():
                return self._change(command)
            case ClearDivert(only=Divert() as divert):
                return words("told.clear", divert=self.line(divert))
            case ClearDivert():
                return words("told.clear_all")
            case UndoChange():
                return words("told.undo")
            case FollowCalendar():
                return words("told.followed")
            case _:
                assert_never(command)

    def line(self, divert: Divert) -> str:
        """Tell a divert: its reason, when it begins if not yet, and the return."""
        return self._line(divert.reason, divert.start, divert.until or Until.CLEARED)

    def _line(
        self,
        reason: ReasonCode,
        start: datetime | None,
        until: datetime | Until | None,
    ) -> str:
        words, when = self.dates.words, self.dates.when
        label = self._label(reason)
        if start is not None and start > self.dates.now:
            label = words("told.from", reason=label, start=when(start))
        match until:
            case None:
                return words("told.usual", reason=label)
            case Until():
                return words(f"told.{until}", reason=label)
            case _:
                return words("told.until", reason=label, until=when(until))

    def _change(self, command: ChangeDivert) -> str:
        before, after = command.only, self._after(command)
        if before is None:
            return after
        words = self.dates.words
        return words("told.change", before=self.line(before), after=after)

    def _after(self, command: ChangeDivert) -> str:
        if isinstance(command.to, timedelta):
            length = self.dates.length(command.to)
            return self.dates.words("told.longer", length=length)
        if command.only is None:
            return self._line(command.reason or ReasonCode(""), None, command.to)
        reason = command.reason or command.only.reason
        end = command.to or command.only.until or Until.CLEARED
        return self._line(reason, None, end)

    def _label(self, reason: ReasonCode) -> str:
        wording = self.catalog.wordings.get(reason)
        return wording.label if wording else reason
