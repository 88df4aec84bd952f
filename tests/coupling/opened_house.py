"""A house whose phone follows a calendar in memory, and what its bookings carry."""

from datetime import timedelta

from calendar_house import ANNA, SITE, CalendarHouse

from voice.calendars.port import Opening
from voice.calendars.settings import CalendarSettings, Clearing

UNCODE = CalendarSettings(clearing=Clearing.UNCODE)
LATER = SITE.undo_for + timedelta(seconds=1)


async def read(settings, *entries, calendar=None):
    """Return a house whose phone follows a calendar with these bookings."""
    house = CalendarHouse(settings=settings)
    if calendar is not None:
        house.calendars[ANNA] = calendar
    calendar = await house.couple()
    for entry in entries:
        calendar.keep(entry)
    await house.follow()
    return house


def proof(entry, end=None):
    return Opening(entry.key, entry.mark, entry.start, end or entry.end).proof


def carried(house):
    return [entry.opened for entry in house.calendars[ANNA].entries() if not entry.ours]


def codes(house):
    return [entry.mark for entry in house.calendars[ANNA].entries() if not entry.ours]
