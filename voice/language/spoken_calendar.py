"""What a calendar does to its owner's phone, spoken: its age, snags, and days."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from voice.divert.advice import Advice
from voice.divert.diary import Diary, Meeting
from voice.divert.forecast import Forecast, Stretch
from voice.divert.model import Mode
from voice.divert.walltime import at, local
from voice.language.catalog import Catalog
from voice.language.lists import listed
from voice.language.spoken_times import Clockwork

# More than so many at once nobody remembers.
_MOST_TOLD = 2
# Numbers above these are left to whoever speaks.
_SPELLED = 59


@dataclass(frozen=True, slots=True)
class Datebook:
    """Speaks of calendars and days with a catalog's words; a key and what fills it."""

    catalog: Catalog
    times: Clockwork

    def filled(self, key: str, diary: Diary) -> tuple[str, dict[str, str]]:
        """Tell of a calendar what the key is about."""
        match key:
            case "advice":
                return self._advice(key, diary)
            case "meetings" | "meetings_that_day":
                return self._meetings(key, diary)
            case _:
                return self._age(key, diary)

    def _age(self, key: str, diary: Diary) -> tuple[str, dict[str, str]]:
        """Tell how old a reading is, or since when there can be none."""
        match diary:
            case Diary(failing_since=datetime() as since):
                return f"{key}_failing", {"since": self.times.instant(since)}
            case Diary(age=timedelta() as age, read_at=datetime() as read_at):
                if diary.is_fresh:
                    return key, {}
                if age < timedelta(hours=1):
                    return f"{key}_ago", {"length": self.times.length(age)}
                return f"{key}_at", {"moment": self.times.moment(read_at)}
            case _:
                return f"{key}_never", {}

    def _advice(self, key: str, diary: Diary) -> tuple[str, dict[str, str]]:
        """Tell the first snags, and how many more there are."""
        told = " ".join(self._snag(each) for each in diary.advice[:_MOST_TOLD])
        left = len(diary.advice) - _MOST_TOLD
        if left <= 0:
            return key, {"snags": told}
        several = f"{key}_more" if left > 1 else f"{key}_one_more"
        return several, {"snags": told, "count": self._count(left)}

    def _snag(self, advice: Advice) -> str:
        values = {
            "when": self.times.moment(advice.start),
            "day": self.times.day(advice.start),
        }
        return self._piece(f"advice_{advice.snag}", **values)

    def _meetings(self, key: str, diary: Diary) -> tuple[str, dict[str, str]]:
        """Tell how many phones each meeting closes; its day too, unless it was told."""
        clock_alone = key == "meetings_that_day"
        told = [self._meeting(each, clock_alone) for each in diary.meetings]
        return key, {"meetings": " ".join(told)}

    def _meeting(self, meeting: Meeting, clock_alone: bool) -> str:
        start = meeting.start
        when = self._clock(start) if clock_alone else self.times.moment(start)
        count = self._count(meeting.phones)
        return self._piece("meeting_closes", when=when, count=count)

    def forecast(self, key: str, forecast: Forecast) -> tuple[str, dict[str, str]]:
        """Tell when a phone is closed on a day, and when it is open with a notice."""
        told: dict[Mode, list[str]] = {mode: [] for mode in Mode}
        for each in forecast.stretches:
            told[each.divert.mode].append(self._stretch(each, forecast.is_today))
        values = {"day": self.times.day(at(forecast.day))}
        closed, informing = told[Mode.CLOSED], told[Mode.INFORMING]
        if closed and informing:
            key, values["informing"] = f"{key}_both", self._listed(informing)
        elif closed or informing:
            key = f"{key}_closed" if closed else f"{key}_informing"
        if closed or informing:
            values["stretches"] = self._listed(closed or informing)
        return f"{key}_today" if forecast.is_today else key, values

    def _stretch(self, stretch: Stretch, is_today: bool) -> str:
        reason = self.catalog.wordings[stretch.divert.reason].label
        match stretch:
            case Stretch(_, datetime() as start, datetime() as until):
                edges = self._clock(start, bare=True), self._clock(until, bare=True)
                values = {"start": edges[0], "until": edges[1]}
                return self._piece("stretch_between", **values, reason=reason)
            case Stretch(_, datetime() as start):
                start_at = self._clock(start)
                return self._piece("stretch_from", start=start_at, reason=reason)
            case Stretch(_, _, datetime() as until):
                until_at = self._clock(until)
                return self._piece("stretch_until", until=until_at, reason=reason)
            case _:
                key = "stretch_rest" if is_today else "stretch_all"
                return self._piece(key, reason=reason)

    def _clock(self, instant: datetime, bare: bool = False) -> str:
        full = "clock_hour" if bare else "clock_full"
        return self.times.clock(local(instant).time(), full)

    def _count(self, count: int) -> str:
        return self.catalog.numbers.spoken(count) if count <= _SPELLED else str(count)

    def _listed(self, told: list[str]) -> str:
        return listed(told, self.catalog.prompts)

    def _piece(self, key: str, **values: str) -> str:
        return self.catalog.prompts[key].format(**values)
