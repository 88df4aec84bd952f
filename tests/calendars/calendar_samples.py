"""A site's codes, the time, and a hand for the twin, for the tests of this room."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from voice.calendars.keys import entry_key, series_key
from voice.divert.agenda import mark, slip
from voice.divert.model import Entry, Kind, Mark, Mode, Reason, Until

REASONS = {
    code: Reason(code, digit, kind, lasts)
    for code, digit, kind, lasts in (
        ("SAM", "3", Kind.CLOCK, timedelta(hours=1)),
        ("TJÄ", "2", Kind.CLOCK, timedelta(hours=8)),
        ("SEM", "6", Kind.DATE, Until.NEXT_WORKING_DAY),
        ("LDG", "7", Kind.DATE, Until.CLEARED),
    )
}
SAM = Mark("SAM", Mode.CLOSED)
NOW = datetime(2026, 3, 5, 10, 40, tzinfo=UTC)
DAY = timedelta(days=1)


class MemoryHand:
    """The owner of a calendar of the twin."""

    def __init__(self, calendar):
        self._calendar = calendar
        self._made = {}

    async def book(self, booking):
        name = f"booking-{len(self._made)}"
        await self.rebook(name, booking)
        return name

    async def rebook(self, name, booking):
        self._made[name] = booking
        for nth in range(booking.days):
            self._calendar.keep(self._day(name, nth))

    async def remove(self, name):
        for nth in range(self._made[name].days):
            await self.remove_day(name, nth)

    async def move_day(self, name, nth, start):
        day = self._day(name, nth)
        self._calendar.keep(
            replace(day, start=start, end=start + (day.end - day.start))
        )

    async def remove_day(self, name, nth):
        self._calendar.remove(self._day(name, nth).key)

    def _day(self, name, nth):
        made = self._made[name]
        subject = "" if made.private else made.subject
        series = made.days > 1
        return Entry(
            entry_key(name, made.start + nth * DAY if series else None),
            mark(subject, REASONS),
            made.start + nth * DAY,
            made.end + nth * DAY,
            all_day=made.all_day,
            private=made.private,
            series=series_key(name) if series else None,
            free=made.free,
            slip=slip(subject, REASONS),
        )
