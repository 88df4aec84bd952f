"""What a day to come will be like on a phone."""

from datetime import date, time, timedelta

import pytest
from divert_stories import SITE, bookings, divert, instant
from hypothesis import given

from voice.divert.forecast import Stretch, coming_day, forecast, left_of_today
from voice.divert.model import Mode, Source
from voice.divert.routing import counting
from voice.divert.walltime import at

# A Wednesday; the day after is the one that is asked about.
NOW = instant("2025-03-05 10:00")
COMING = coming_day(SITE, NOW)


def day(*diverts, span=COMING):
    return forecast(diverts, span, NOW).stretches


def tomorrow(start, until, reason="SAM", **more):
    return divert(reason, f"2025-03-06 {start}", f"2025-03-06 {until}", **more)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2025-03-05 23:59", date(2025, 3, 6)),
        ("2025-03-07 10:00", date(2025, 3, 10)),
        ("2025-12-24 10:00", date(2025, 12, 29)),
    ],
)
def test_the_day_to_come_is_a_working_day(now, day):
    assert coming_day(SITE, instant(now))[0] == at(day, time())


def test_a_day_of_the_clock_change_is_whole():
    begins, ends = left_of_today(instant("2025-03-30 00:00"))
    assert ends - begins == timedelta(hours=23)


def test_nothing_standing_is_an_open_day():
    assert day() == ()
    assert day(divert(until="2025-03-05 15:00")) == ()


def test_each_divert_is_a_stretch_of_its_own():
    first, second = tomorrow("09:00", "10:00"), tomorrow("13:00", "14:00", "TJÄ")
    assert day(second, first) == (
        Stretch(first, first.start, first.until),
        Stretch(second, second.start, second.until),
    )


def test_what_has_begun_before_and_goes_on_after_has_no_edges():
    vacation = divert("SEM", until="2025-03-10 08:00")
    assert day(vacation) == (Stretch(vacation, None, None),)
    for_good = divert("SEM", until=None)
    assert day(for_good) == (Stretch(for_good, None, None),)


def test_a_day_off_from_midnight_is_a_whole_day():
    off = divert("SEM", "2025-03-06 00:00", "2025-03-07 08:00")
    assert day(off) == (Stretch(off, None, None),)


def test_who_is_back_when_work_begins_is_not_away_that_day():
    assert day(divert("SEM", until="2025-03-06 08:00")) == ()
    late = divert("SEM", until="2025-03-06 08:01")
    assert day(late) == (Stretch(late, None, late.until),)
    early = tomorrow("07:00", "08:00")
    assert day(early) == (Stretch(early, early.start, early.until),)


def test_what_counts_less_shows_round_what_counts_more():
    informing = tomorrow("09:00", "12:00", "TJÄ", mode=Mode.INFORMING)
    closed = tomorrow("10:00", "11:00")
    assert [each.divert for each in day(informing, closed)] == [
        informing,
        closed,
        informing,
    ]


def test_a_booking_that_its_owner_opened_closes_nothing():
    opened = tomorrow("09:00", "10:00", source=Source.CALENDAR, opened=True)
    assert day(opened) == ()


def test_of_today_only_what_is_left_is_told():
    past = divert(start="2025-03-05 08:00", until="2025-03-05 09:30")
    present = divert(start="2025-03-05 09:30", until="2025-03-05 11:00")
    told = forecast([past, present], left_of_today(NOW), NOW)
    assert told.is_today
    assert told.stretches == (Stretch(present, None, present.until),)


@given(bookings())
def test_at_every_moment_a_stretch_is_what_counts(diverts):
    begins, ends = left_of_today(NOW)
    found = forecast(diverts, (begins, ends), NOW).stretches
    edges = [edge for d in diverts for edge in (d.start, d.until)]
    for then in (begins, *(edge for edge in edges if begins <= edge < ends)):
        there = [
            each.divert
            for each in found
            if (each.start or begins) <= then < (each.until or ends)
        ]
        counts = counting(diverts, then)
        assert there == ([] if counts is None else [counts])
