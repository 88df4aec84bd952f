"""Calendars and days that anything can be told of."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from voice.dialogue.heard import Found
from voice.divert.advice import Advice, Snag
from voice.divert.diary import Diary, Meeting
from voice.divert.forecast import Forecast, Stretch
from voice.divert.model import Divert, Mode, Source
from voice.divert.routing import Outlook
from voice.divert.walltime import at

TODAY, TOMORROW = date(2026, 3, 4), date(2026, 3, 5)
NOW = at(TODAY, time(10))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SAM = Divert("1234", "SAM", NOW, NOW + HOUR, Mode.CLOSED, Source.CALENDAR, NOW)
FRESH = Diary(NOW, NOW - timedelta(seconds=59))
SNAGS = tuple(Advice(snag, NOW + HOUR, NOW + 2 * HOUR) for snag in Snag)


def tomorrow(hour: int, minute: int = 0) -> datetime:
    """Return an instant of the day after."""
    return at(TOMORROW, time(hour, minute))


MEETINGS = (Meeting(NOW + HOUR, 4), Meeting(tomorrow(9), 120))
DIARIES = [
    FRESH,
    *(replace(FRESH, read_at=NOW - age) for age in (MINUTE, 90 * MINUTE, DAY)),
    replace(FRESH, read_at=None),
    *(replace(FRESH, failing_since=NOW - age) for age in (MINUTE, DAY)),
    *(
        replace(FRESH, advice=SNAGS[at : at + count])
        for at in (0, 4)
        for count in (3, 4)
    ),
    replace(FRESH, advice=SNAGS),
    *(replace(FRESH, advice=(snag,)) for snag in SNAGS),
    replace(FRESH, meetings=MEETINGS),
]
EDGES = [
    (tomorrow(9), tomorrow(11, 30)),
    (tomorrow(13), None),
    (None, tomorrow(12)),
    (None, None),
]
CLOSED = [Stretch(SAM, *edges) for edges in EDGES]
INFORMING = [replace(e, divert=replace(SAM, mode=Mode.INFORMING)) for e in CLOSED]
DAYS = [
    Forecast(day, stretches, is_today=day == TODAY)
    for day in (TODAY, TOMORROW)
    for stretches in (
        (),
        *((each,) for each in CLOSED),
        (INFORMING[0],),
        (CLOSED[2], INFORMING[1]),
    )
]
FOUND = [
    *(Found(Outlook(SAM), None, diary) for diary in DIARIES),
    *(Found(Outlook(), day, diary) for day in DAYS for diary in (None, DIARIES[-1])),
]
