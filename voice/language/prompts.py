"""What to say, as a sentence: a prompt's key and what it is about -> words."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from voice.dialogue.actions import Absent, Present, Say
from voice.dialogue.heard import Happened
from voice.dialogue.people import Person, Several, spoken
from voice.divert.diary import Diary
from voice.divert.forecast import Forecast
from voice.divert.model import (
    ChangeDivert,
    ChangeUndone,
    ClearDivert,
    Command,
    Divert,
    DivertChanged,
    DivertsCleared,
    DivertSet,
    FollowCalendar,
    Mode,
    ReasonCode,
    SetDivert,
    UndoChange,
    Until,
)
from voice.divert.routing import Announce
from voice.divert.workdays import returning
from voice.language.catalog import Catalog
from voice.language.lists import listed
from voice.language.spoken_calendar import Datebook
from voice.language.spoken_times import Clockwork
from voice.language.times import Moment


class Speaker:
    """Fills the prompts of a catalog, as seen from a moment."""

    def __init__(self, catalog: Catalog, moment: Moment) -> None:
        self._catalog, self._moment = catalog, moment
        self._times = Clockwork(catalog, moment.now)
        self._datebook = Datebook(catalog, self._times)

    def sentence(self, say: Say) -> str:
        """Return the sentence that a prompt is, about what it is about."""
        key, values = say.key, dict[str, str]()
        match say.about:
            case Divert() as divert:
                key, values = self._standing(key, divert)
            case Happened() as happened:
                key, values = self._happened(key, happened)
            case Absent(name, away):
                key, values = self._absent(key, name, away)
            case Present(name):
                values = {"name": spoken(name)}
            case Several(persons):
                key, values = self._several(key, persons)
            case Forecast() as forecast:
                key, values = self._datebook.forecast(key, forecast)
            case Diary() as diary:
                key, values = self._datebook.filled(key, diary)
            case None:
                pass
            case command:
                values = {"command": self.command(command)}
        return self._filled(key, **values)

    def _filled(self, key: str, **values: str) -> str:
        text = self._catalog.prompts[key].format(**values)
        return text[:1].upper() + text[1:]

    def _piece(self, key: str, **values: str) -> str:
        return self._catalog.prompts[key].format(**values)

    def _standing(self, key: str, divert: Divert) -> tuple[str, dict[str, str]]:
        informing = f"{key}_informing"
        is_informing = divert.mode is Mode.INFORMING
        return (
            informing if is_informing and informing in self._catalog.prompts else key,
            {
                "divert": self.divert(divert),
                "source": self._piece(f"from_{divert.source}"),
                "set_at": self._times.moment(divert.set_at),
            },
        )

    def announced(self, name: str, away: Announce) -> str:
        """Return what a caller to an extension is told of an absence."""
        key, values = self._absent("announced", name, away)
        return self._filled(key, **values)

    def _absent(
        self, key: str, name: str, away: Announce
    ) -> tuple[str, dict[str, str]]:
        """Tell others of an absence: by its outer wording, with the true return."""
        wording = self._catalog.wordings.get(away.divert.reason)
        outer = wording.outer if wording else self._piece("outer_unknown")
        if away.back is None:
            return f"{key}_open_ended", {"name": spoken(name), "outer": outer}
        until = self._times.instant(away.back)
        return key, {"name": spoken(name), "outer": outer, "until": until}

    def _several(
        self, key: str, persons: tuple[Person, ...]
    ) -> tuple[str, dict[str, str]]:
        """Tell people apart: namesakes by their units, else by their numbers."""
        namesakes = len({person.name for person in persons}) == 1
        by_unit = len({p.unit for p in persons} - {""}) == len(persons)
        told = [self._person(p, not namesakes, by_unit) for p in persons]
        values = {
            "name": spoken(persons[0].name),
            "count": self._catalog.numbers.spoken(min(len(persons), 59)),
            "persons": listed(told, self._catalog.prompts),
        }
        both = f"{key}_namesakes"
        return both if namesakes and both in self._catalog.prompts else key, values

    def _person(self, person: Person, named: bool, by_unit: bool) -> str:
        digits = [self._catalog.numbers.spoken(int(d)) for d in person.extension]
        values = {"name": spoken(person.name), "unit": person.unit}
        number = " ".join(digits)
        match named, by_unit:
            case True, True:
                return self._piece("person_of_unit", **values)
            case True, False:
                return self._piece("person_of_number", **values, number=number)
            case False, True:
                return self._piece("namesake_of_unit", **values)
            case _:
                return self._piece("namesake_of_number", **values, number=number)

    def _happened(self, key: str, happened: Happened) -> tuple[str, dict[str, str]]:
        stands = happened.left
        left = self._left(stands.counts)
        match happened.event:
            case DivertSet(divert) if divert.mode is Mode.INFORMING:
                closed = stands.counts and stands.counts.mode is Mode.CLOSED
                key = "divert_set_still_closed" if closed else f"{key}_informing"
                return key, {"divert": self.divert(divert), "left": left}
            case DivertSet(after) | DivertChanged(_, after):
                # Its return is no return when another divert goes on after it.
                then = stands.then if after == stands.counts else None
                values = {"divert": self.divert(after), "left": self._left(then)}
                return f"{key}_then" if then else key, values
            case ChangeUndone():
                return (f"{key}_left" if left else key), {"left": left}
            case DivertsCleared(gone) if left:
                return f"{key}_left", {"left": left, "reason": self._label(gone)}
            case DivertsCleared(gone) if len(gone) > 1:
                count = self._catalog.numbers.spoken(min(len(gone), 59))
                return f"{key}_many", {"count": count}
            case _:
                return key, {"left": left}

    def _left(self, divert: Divert | None) -> str:
        """Return what still stands, and that it leaves the phone open where it does."""
        if divert is None:
            return ""
        told = self.divert(divert)
        informs = divert.mode is Mode.INFORMING
        return self._piece("command_informing", divert=told) if informs else told

    def _label(self, diverts: tuple[Divert, ...]) -> str:
        return self.reason(diverts[0].reason)

    def reason(self, reason: ReasonCode) -> str:
        """Return how a reason is named to the one who has it."""
        return self._catalog.wordings[reason].label

    def divert(self, divert: Divert) -> str:
        """Return a divert: its reason, when it begins if not yet, and the return."""
        until = divert.until and returning(divert.until, self._moment.red_days)
        # `now` is read to the minute: what began within it is not to come.
        is_coming = divert.start >= self._moment.now + timedelta(minutes=1)
        start = divert.start if is_coming else None
        return self._absence(divert.reason, until, start)

    def _absence(
        self, reason: ReasonCode, until: datetime | None, start: datetime | None
    ) -> str:
        values = {"reason": self.reason(reason)}
        key = "divert_coming" if start else "divert_back"
        if start:
            values["start"] = self._times.start(start)
        if until is None:
            key = "divert_coming_open_ended" if start else "divert_open_ended"
        else:
            values["until"] = self._times.instant(until)
        return self._piece(key, **values)

    def command(self, command: Command) -> str:
        """Return a command as it is read back, with its times just as heard."""
        match command:
            case SetDivert(_, reason, until, start, mode):
                wanted = self._wanted(reason, until, start)
                if mode is Mode.INFORMING:
                    return self._piece("command_informing", divert=wanted)
                return wanted
            case ClearDivert(_, reason) if reason:
                return self._piece("command_clear_reason", reason=self.reason(reason))
            case ClearDivert():
                return self._piece("command_clear")
            case ChangeDivert():
                return self._change(command)
            case UndoChange():
                return self._piece("command_undo")
            case FollowCalendar():
                return ""
            case _:
                assert_never(command)

    def _wanted(
        self, reason: ReasonCode, until: datetime | Until | None, start: datetime | None
    ) -> str:
        if until is None:
            # The usual length is decided by the rules, when it is carried out.
            return self._piece("divert_usual", reason=self.reason(reason))
        ends = until if isinstance(until, datetime) else None
        return self._absence(reason, ends, start)

    def _change(self, command: ChangeDivert) -> str:
        values: dict[str, str] = {}
        if command.reason:
            values["reason"] = self.reason(command.reason)
        match command.to:
            case timedelta() as more:
                key = "command_longer" if more > timedelta(0) else "command_shorter"
                return self._piece(key, length=self._times.length(more))
            case datetime() as end:
                values["until"] = self._times.instant(end)
                both = "command_change_both" if command.reason else None
                return self._piece(both or "command_change_until", **values)
            case Until():
                both = "command_change_both_open_ended" if command.reason else None
                return self._piece(both or "command_change_open_ended", **values)
            case None:
                return self._piece("command_change_reason", **values)


def speaker(catalog: Catalog, moment: Moment) -> Speaker:
    """Return who fills the prompts at a moment; the clock is read to the minute."""
    now = moment.now.replace(second=0, microsecond=0)
    return Speaker(catalog, replace(moment, now=now))
