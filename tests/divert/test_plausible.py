"""Diverts that are hardly as they were meant, by the site's own rules."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from voice.divert.model import Divert, Extension, Mode, ReasonCode, Site, Source
from voice.divert.plausible import Oddity, oddities
from voice.divert.walltime import at
from voice.language.catalog import Catalog

DAY = date(2026, 3, 5)


def divert(reason: str, start: datetime, until: datetime | None) -> Divert:
    code = ReasonCode(reason)
    return Divert(
        Extension("1234"), code, start, until, Mode.CLOSED, Source.VOICE, start
    )


def clock(hour: int, minute: int = 0) -> datetime:
    return at(DAY, time(hour, minute))


@pytest.mark.parametrize(
    ("reason", "start", "until", "odd"),
    [
        ("LUN", clock(11, 30), clock(12, 30), ()),
        ("LUN", clock(16), clock(16, 45), (Oddity.HOURS,)),
        ("LUN", clock(11), clock(14), (Oddity.LENGTH,)),
        ("LUN", clock(13), clock(17), (Oddity.HOURS, Oddity.LENGTH)),
        ("SAM", clock(8), clock(16), ()),
        ("SAM", clock(8), clock(17), (Oddity.LENGTH,)),
        ("SAM", clock(3), clock(4), (Oddity.HOURS,)),
        ("SEM", clock(0), clock(0) + timedelta(days=35), ()),
        ("SEM", clock(0), clock(0) + timedelta(days=365), (Oddity.LENGTH,)),
        ("SJK", clock(8), clock(8) + timedelta(days=365), (Oddity.LENGTH,)),
        ("GFD", clock(15), clock(8) + timedelta(days=4), ()),
        ("???", clock(3), clock(3) + timedelta(days=999), ()),
    ],
)
def test_what_is_unusual_is_told(catalog: Catalog, reason, start, until, odd):
    site = Site(catalog.reasons)
    assert oddities(divert(reason, start, until), site, clock(12)) == odd


def test_one_without_an_end_is_as_long_as_it_has_stood(catalog: Catalog):
    site, sick = Site(catalog.reasons), divert("SJK", clock(8), None)
    assert oddities(sick, site, clock(8) + timedelta(days=180)) == ()
    later = clock(8) + timedelta(days=180, seconds=1)
    assert oddities(sick, site, later) == (Oddity.LENGTH,)


def test_hours_are_those_on_the_wall_in_summer_and_winter(catalog: Catalog):
    site = Site(catalog.reasons)
    for day in (date(2026, 1, 15), date(2026, 7, 15)):
        start = at(day, time(14))
        lunch = divert("LUN", start.astimezone(UTC), start + timedelta(minutes=30))
        assert oddities(lunch, site, start) == ()
        late = divert("LUN", start, start + timedelta(minutes=31))
        assert oddities(late, site, start) == (Oddity.HOURS,)


def test_every_reason_of_the_house_lasts_plausibly_when_nobody_says(catalog: Catalog):
    for reason in catalog.reasons.values():
        longest = reason.plausible.longest
        assert longest is not None
        if isinstance(reason.lasts, timedelta):
            assert reason.lasts <= longest
