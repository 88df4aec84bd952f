"""Bookings: which become diverts, and which become one."""

import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest
from divert_stories import EXTENSION, REASONS, SITE, booking, instant
from hypothesis import given
from hypothesis import strategies as st

from voice.divert.agenda import mark, slip, unmarked_why, wanted
from voice.divert.model import (
    Entry,
    FollowCalendar,
    Mark,
    Mode,
    Slip,
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
    ("subject", "marked"),
    [
        ("SAM: budgetmöte", Mark("SAM", CLOSED)),
        ("SAM:", Mark("SAM", CLOSED)),
        ("sam;budget", Mark("SAM", INFORMING)),
        ("  Tjä : resa", Mark("TJÄ", CLOSED)),
        (unicodedata.normalize("NFD", "tjä: resa"), Mark("TJÄ", CLOSED)),
        ("SEM：sol", Mark("SEM", CLOSED)),
        ("LDG；", Mark("LDG", INFORMING)),
        ("ＳＡＭ：budget", Mark("SAM", CLOSED)),
        ("\u202bSAM\u200f: budget\u202c", Mark("SAM", CLOSED)),
        ("\ufeffSAM\u200b:", Mark("SAM", CLOSED)),
        ("SAM\n: budget", Mark("SAM", CLOSED)),
        ("שלום: budget", None),
        ("SAMש: budget", None),
        ("Budgetmöte SAM:", None),
        ("SAM budget", None),
        ("SAM budget: maj", None),
        ("SAMRÅD: budget", None),
        ("SAM-möte: budget", None),
        ("XYZ: budget", None),
        (": budget", None),
        ("", None),
    ],
)
def test_a_code_first_in_the_subject_diverts(subject, marked):
    assert mark(subject, REASONS) == marked


@given(st.text())
def test_any_subject_is_marked_or_not(subject):
    marked = mark(subject, REASONS)
    assert marked is None or slip(subject, REASONS) is None


@given(
    st.sampled_from(list(REASONS)),
    st.text(st.characters(categories=["Cf", "Zs"]), max_size=5),
    st.sampled_from(":;：；﹕﹔"),
    st.text(),
)
def test_what_nobody_sees_does_not_hide_a_code(code, unseen, sign, rest):
    subject = f"{unseen}{code}{unseen}{sign}{rest}"
    mode = CLOSED if unicodedata.normalize("NFKC", sign) == ":" else INFORMING
    assert mark(subject, REASONS) == Mark(code, mode)


@pytest.mark.parametrize(
    ("subject", "slipped"),
    [
        ("SAM budget", Slip.NO_SIGN),
        (" tjä", Slip.NO_SIGN),
        ("\u200fSAM budget: maj", Slip.NO_SIGN),
        ("SAM: budget", None),
        ("samråd", None),
        ("Budget SAM", None),
        ("Budget SAM:", Slip.NOT_FIRST),
        ("SV: sam；", Slip.NOT_FIRST),
        ("SAMRÅD: budget", None),
        ("", None),
    ],
)
def test_a_code_that_is_none_is_known_as_a_slip(subject, slipped):
    assert slip(subject, REASONS) is slipped


def test_a_huge_subject_is_as_good_as_a_short_one():
    assert mark(f"{' ' * 10**6}SAM: {'x' * 10**6}", REASONS) == Mark("SAM", CLOSED)
    assert slip("x" * 10**6, REASONS) is None


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
