"""Instants and lengths of time, spoken: "på måndag klockan tio"."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from voice.divert.walltime import START_OF_WORK, local
from voice.language.catalog import Catalog
from voice.language.times import OFFICE

# A weekday alone names a day only within the week to come.
_NEAR_DAYS = 6


@dataclass(frozen=True, slots=True)
class Clockwork:
    """Speaks times with a catalog's words, as seen from `now`."""

    catalog: Catalog
    now: datetime

    def instant(self, instant: datetime) -> str:
        """Return a day, a clock time, or both; 08:00 on another day is that day."""
        then = local(instant)
        if then.date() == local(self.now).date():
            return self.clock(then.time())
        day = self._day(then)
        is_day = then.time() == START_OF_WORK
        return day if is_day else f"{day} {self.clock(then.time())}"

    def start(self, instant: datetime) -> str:
        """Return when something begins, after "från"; midnight is the whole day."""
        then = local(instant)
        if then.date() == local(self.now).date():
            return self.clock(then.time())
        day = self._day(then, near="start_near")
        is_day = then.time() in (START_OF_WORK, time(0))
        return day if is_day else f"{day} {self.clock(then.time())}"

    def moment(self, instant: datetime) -> str:
        """Return a day and a clock time, the day also when it is today."""
        then = local(instant)
        return f"{self._day(then)} {self.clock(then.time())}"

    def day(self, instant: datetime) -> str:
        """Return a day alone, the present one too."""
        return self._day(local(instant))

    def _day(self, then: datetime, near: str = "day_near") -> str:
        ahead = (then.date() - local(self.now).date()).days
        names, prompts = self.catalog.spoken_names, self.catalog.prompts
        weekday = names["weekday"][then.weekday()]
        if ahead in (0, 1):
            return prompts["day_tomorrow" if ahead else "day_today"]
        if 0 < ahead <= _NEAR_DAYS:
            return prompts[near].format(weekday=weekday)
        return prompts["day_date"].format(
            weekday=weekday,
            day=self.catalog.numbers.spoken_ordinal(then.day),
            month=names["month"][then.month],
        )

    def clock(self, clock: time, full: str = "clock_full") -> str:
        """Return a time of day in twenty-four hours: "fjorton och trettio".

        Before the office hours it begins with a nought, or "fyra" would be heard as
        the afternoon's. A whole hour is said as the prompt `full` does.
        """
        hour = self.catalog.numbers.spoken(clock.hour)
        if 0 < clock.hour < OFFICE[0].hour:
            hour = f"{self.catalog.numbers.spoken(0)} {hour}"
        if clock.minute == 0:
            return self.catalog.prompts[full].format(hour=hour)
        early = clock.minute < 10
        form = self.catalog.prompts["clock_early" if early else "clock_minutes"]
        minute = self.catalog.numbers.spoken(clock.minute)
        return form.format(hour=hour, minute=minute)

    def length(self, length: timedelta) -> str:
        """Return a length of time: "en timme", "femton minuter"."""
        numbers, prompts = self.catalog.numbers, self.catalog.prompts
        hours, minutes = divmod(int(abs(length).total_seconds()) // 60, 60)
        if hours == 24 and not minutes:
            return prompts["length_day"]
        if hours > 24 and hours % 24 == 0 and not minutes:
            return prompts["length_days"].format(count=numbers.spoken(hours // 24))
        parts = {}
        if hours == 1:
            parts["hours"] = prompts["length_hour"]
        elif hours:
            parts["hours"] = prompts["length_hours"].format(count=numbers.spoken(hours))
        if minutes == 1:
            parts["minutes"] = prompts["length_minute"]
        elif minutes or not hours:
            parts["minutes"] = prompts["length_minutes"].format(
                count=numbers.spoken(minutes)
            )
        if len(parts) == 2:
            return prompts["length_both"].format(**parts)
        return next(iter(parts.values()))
