"""Instants as pages write them, in Swedish time: "fre 28 nov 14:30"."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel import Locale
from babel.dates import format_date, format_datetime, format_time

from voice.divert.walltime import local
from voice.web.words import LOCALES, Words


@dataclass(frozen=True, slots=True)
class Dates:
    """Writes instants in the language of some words, as seen from `now`."""

    words: Words
    now: datetime

    @property
    def _locale(self) -> Locale:
        return LOCALES[self.words.language]

    def clock(self, instant: datetime) -> str:
        """Return the time of day: "14:30"."""
        return format_time(local(instant).time(), "HH:mm", locale=self._locale)

    def day(self, instant: datetime) -> str:
        """Return the day, by name where it is near: "i dag", "fre 28 nov"."""
        then, today = local(instant).date(), local(self.now).date()
        near = {-1: "date.yesterday", 0: "date.today", 1: "date.tomorrow"}
        if name := near.get((then - today).days):
            return self.words(name)
        year = "" if then.year == today.year else " y"
        return format_date(then, f"EEE d MMM{year}", locale=self._locale)

    def by_date(self, day: date) -> str:
        """Return a day by its date, near or not: "fre 28 nov."."""
        return format_date(day, "EEE d MMM", locale=self._locale)

    def when(self, instant: datetime) -> str:
        """Return day and time: "i dag 14:30"."""
        return f"{self.day(instant)} {self.clock(instant)}"

    def whole(self, instant: datetime) -> str:
        """Return all of it: "fredag 28 november 2026 14:30:05"."""
        form = "EEEE d MMMM y HH:mm:ss"
        return format_datetime(
            local(instant).replace(tzinfo=None), form, locale=self._locale
        )

    def ago(self, instant: datetime) -> str:
        """Return how long ago: "3 minuter sedan"."""
        return self.words("date.ago", length=self.length(self.now - instant))

    def length(self, length: timedelta) -> str:
        """Return a length of time in its largest unit: "3 minuter"."""
        seconds = max(0, round(length.total_seconds()))
        for name, unit in (("days", 86400), ("hours", 3600), ("minutes", 60)):
            if seconds >= unit:
                count = seconds // unit
                one = name.removesuffix("s") if count == 1 else name
                return self.words(f"date.{one}", count=count)
        return self.words("date.seconds", count=seconds)
