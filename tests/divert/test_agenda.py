"""Bookings: which become diverts, and which become one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from divert_stories import EXTENSION, REASONS, SITE, booking, instant
from hypothesis import given
from hypothesis import strategies as st

from voice.divert.agenda import unmarked_why, wanted
from voice.divert.model import (
    Entry,
    FollowCalendar,
    Mark,
    Mode,
    Source,
    Standing,
)
from voice.divert.routing import route
from voice.divert.rules import applied, decide

MINUTE = timedelta(minutes=1)
CLOSED, INFORMING = Mode.CLOSED, Mode.INFORMING


def entry(start, end, code="SAM", mode=CLOSED, **more):
    more = {"key": start, **more}
    return Entry(mark=Mark(code, mode), start=instant(start), end=instant(end), **more)


def day_off(day, code="SEM", **more):
    return entry(f"{day} 08:00", f"{day} 17:00", code, **more)


def spans(*entries, site=SITE):
    """Return reason, start, end and key of each divert that the entries ask for."""
    return [
        (divert.reason, divert.start, divert.until, divert.entry)
        for divert in wanted(entries, EXTENSION, site)
    ]


def span(start, end, code="SAM", key=None):
    return code, instant(start), instant(end), key or start


@pytest.mark.parametrize(
    ("flaws", "why"),
    [
        ({}, None),
        ({"private": True, "all_day": True}, "private"),
        ({"ours": True}, "ours"),
        ({"cancelled": True}, "cancelled"),
        ({"declined": True}, "declined"),
        ({"all_day": True}, "all_day"),
        ({"mark": None}, "no_code"),
        ({"end": instant("2025-03-05 09:00")}, "no_length"),
        ({"end": instant("2025-03-05 08:00")}, "no_length"),
    ],
)
def test_a_booking_that_does_not_divert_says_why(flaws, why):
    flawed = replace(entry("2025-03-05 09:00", "2025-03-05 10:00"), **flaws)
    assert unmarked_why(flawed) == why
    assert len(spans(flawed)) == (why is None)


def test_a_booking_is_a_divert_from_its_start_to_its_end():
    one = entry("2025-03-05 09:00", "2025-03-05 15:00", key="a")
    assert wanted([one], EXTENSION, SITE) == (booking(),)


def test_bookings_at_most_five_minutes_apart_are_one_divert():
    assert spans(
        entry("2025-03-05 11:05", "2025-03-05 12:00", "LDG"),
        entry("2025-03-05 10:00", "2025-03-05 11:00"),
    ) == [span("2025-03-05 10:00", "2025-03-05 12:00")]


def test_bookings_six_minutes_apart_are_two_diverts():
    assert spans(
        entry("2025-03-05 10:00", "2025-03-05 11:00"),
        entry("2025-03-05 11:06", "2025-03-05 12:00", "TJÄ"),
    ) == [
        span("2025-03-05 10:00", "2025-03-05 11:00"),
        span("2025-03-05 11:06", "2025-03-05 12:00", "TJÄ"),
    ]


def test_a_booking_inside_another_does_not_shorten_it():
    assert spans(
        entry("2025-03-05 09:00", "2025-03-05 15:00"),
        entry("2025-03-05 10:00", "2025-03-05 11:00", "TJÄ"),
        entry("2025-03-05 15:03", "2025-03-05 16:00", "TJÄ"),
    ) == [span("2025-03-05 09:00", "2025-03-05 16:00")]


def test_closed_is_chained_only_with_closed():
    assert spans(
        entry("2025-03-05 09:00", "2025-03-05 10:00"),
        entry("2025-03-05 10:00", "2025-03-05 11:00", mode=INFORMING),
        entry("2025-03-05 10:04", "2025-03-05 12:00"),
    ) == [
        span("2025-03-05 09:00", "2025-03-05 12:00"),
        span("2025-03-05 10:00", "2025-03-05 11:00"),
    ]


CHRISTMAS = ["2025-12-23", "2025-12-24", "2025-12-29"]
WEEK = [f"2025-03-{day:02}" for day in (3, 4, 5, 6, 7, 10, 11)]


@pytest.mark.parametrize("days", [WEEK, CHRISTMAS, WEEK[::-1]])
@pytest.mark.parametrize("series", ["vacation", None])
def test_days_off_are_joined_into_the_true_return(days, series):
    offs = [day_off(day, series=series) for day in days]
    first, last = min(days), max(days)
    assert spans(*offs) == [span(f"{first} 08:00", f"{last} 17:00", "SEM")]


def test_a_site_may_leave_days_off_apart():
    apart = replace(SITE, joins_days=False)
    assert len(spans(*map(day_off, WEEK), site=apart)) == len(WEEK)


def test_a_series_that_changes_its_code_is_one_absence():
    first = day_off("2025-03-05", series="s")
    second = day_off("2025-03-06", "LDG", series="s")
    assert spans(first, second) == [span(first.key, "2025-03-06 17:00", "SEM")]


@pytest.mark.parametrize(
    "second",
    [
        day_off("2025-03-07"),
        day_off("2025-03-06", "LDG"),
        day_off("2025-03-06", "LDG", series="other"),
        day_off("2025-03-06", mode=INFORMING),
        entry("2025-03-06 09:01", "2025-03-06 17:00", "SEM"),
        entry("2025-03-05 18:00", "2025-03-05 19:00", "SAM"),
    ],
)
def test_days_are_not_joined_over_work_or_to_something_else(second):
    assert len(spans(day_off("2025-03-05", series="s"), second)) == 2


def test_mornings_off_leave_the_afternoons_open():
    mornings = [entry(f"{day} 08:00", f"{day} 12:00", "SEM") for day in WEEK]
    assert len(spans(*mornings)) == len(WEEK)


def test_a_day_that_ends_at_three_is_a_day_off():
    short = entry("2025-03-05 08:00", "2025-03-05 15:00", "SEM")
    assert len(spans(short, day_off("2025-03-06"))) == 1
    shorter = entry("2025-03-05 08:00", "2025-03-05 14:59", "SEM")
    assert len(spans(shorter, day_off("2025-03-06"))) == 2


def test_meetings_are_not_joined_over_nights():
    assert len(spans(*(day_off(day, "SAM", series="s") for day in WEEK))) == len(WEEK)


def test_an_evening_meeting_does_not_break_a_vacation():
    evening = entry("2025-03-03 19:00", "2025-03-03 20:00")
    offs = [day_off(day) for day in WEEK]
    assert spans(evening, *offs) == [
        span("2025-03-03 08:00", "2025-03-11 17:00", "SEM")
    ]


@pytest.mark.parametrize(
    ("first", "second"), [("2026-03-27", "2026-03-30"), ("2026-10-23", "2026-10-26")]
)
def test_days_are_joined_over_the_nights_when_clocks_change(first, second):
    assert spans(day_off(first), day_off(second)) == [
        span(f"{first} 08:00", f"{second} 17:00", "SEM")
    ]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-05 22:00", "2026-03-06 06:00"),
        ("2025-12-31 22:00", "2026-01-01 06:00"),
        ("2025-06-01 08:00", "2026-06-01 08:00"),
        ("2026-03-29 01:30", "2026-03-29 03:30"),
        ("2026-10-25 01:30", "2026-10-25 03:30"),
        ("2028-02-28 23:00", "2028-02-29 01:00"),
    ],
)
def test_a_booking_may_go_over_midnights_years_and_clock_changes(start, end):
    assert spans(entry(start, end)) == [span(start, end)]


def test_the_hour_that_comes_twice_is_two_hours_long():
    first = instant("2026-10-25 02:00")
    night = replace(entry("2026-10-25 01:00", "2026-10-25 04:00"), start=first)
    (divert,) = wanted([night], EXTENSION, SITE)
    assert divert.until - divert.start == timedelta(hours=3)
    # Two bookings an hour apart, both from 02:00 to 02:30 by the clock on the wall.
    twice = [
        replace(night, key=f"{hour}", start=begins, end=begins + 30 * MINUTE)
        for hour in range(2)
        for begins in [first + hour * timedelta(hours=1)]
    ]
    assert len(wanted(twice, EXTENSION, SITE)) == 2


def test_five_minutes_are_measured_over_a_clock_change():
    assert spans(
        entry("2026-03-29 01:00", "2026-03-29 01:57"),
        entry("2026-03-29 03:02", "2026-03-29 04:00", "TJÄ"),
    ) == [span("2026-03-29 01:00", "2026-03-29 04:00")]


def test_bookings_at_the_same_time_are_one_divert_whatever_their_order():
    codes = ["SAM", "TJÄ", "LDG"]
    same = [
        entry("2026-03-05 09:00", "2026-03-05 10:00", code, key=code) for code in codes
    ]
    assert spans(*same) == spans(*same[::-1])
    assert len(spans(*same)) == 1


def test_a_vacation_over_new_year_is_told_to_its_end():
    days = ["2025-12-29", "2025-12-30", "2025-12-31", "2026-01-02", "2026-01-05"]
    assert spans(*(day_off(day, series="s") for day in days)) == [
        span("2025-12-29 08:00", "2026-01-05 17:00", "SEM")
    ]


def test_leave_within_a_vacation_is_its_own_until_both_go_on():
    leave = [day_off(day, "LDG") for day in ("2026-03-02", "2026-03-04")]
    vacation = [day_off(day) for day in ("2026-03-03", "2026-03-05")]
    assert len(spans(*leave, *vacation)) == 4


entries = st.lists(
    st.builds(
        lambda begins, lasts, **more: Entry(
            start=instant("2025-03-05 09:00") + begins * MINUTE,
            end=instant("2025-03-05 09:00") + (begins + lasts) * MINUTE,
            **more,
        ),
        begins=st.integers(0, 3000),
        lasts=st.integers(-10, 600),
        key=st.uuids().map(str),
        mark=st.none()
        | st.builds(Mark, st.sampled_from(list(REASONS)), st.just(CLOSED)),
        private=st.booleans(),
        series=st.none() | st.just("s"),
    ),
    max_size=6,
)


@given(entries, st.randoms())
def test_the_order_of_bookings_does_not_matter(booked, chance):
    shuffled = chance.sample(booked, len(booked))
    assert wanted(shuffled, EXTENSION, SITE) == wanted(booked, EXTENSION, SITE)


@given(entries)
def test_diverts_of_a_calendar_stand_apart_and_cover_its_bookings(booked):
    asked = wanted(booked, EXTENSION, SITE)
    for before, after in zip(asked, asked[1:], strict=False):
        assert after.start - before.until > SITE.chain_gap
    for one in booked:
        if unmarked_why(one) is None:
            assert any(d.start <= one.start and one.end <= d.until for d in asked)
    assert all(divert.source is Source.CALENDAR for divert in asked)


@given(entries)
def test_without_joined_days_chaining_is_what_routing_finds(booked):
    apart = replace(SITE, joins_days=False)
    asked = wanted(booked, EXTENSION, apart)
    follow = FollowCalendar(EXTENSION, asked)
    now = instant("2025-03-05 09:30")
    event = decide(follow, Standing(), apart, now)
    standing = applied(event, Standing(), now)
    holding = [divert for divert in asked if divert.holds(now)]
    to = route(standing.diverts, apart, now)
    assert [to.opens for _ in holding] == [divert.until for divert in holding]
