"""What owners are told of bookings that close no phone, or not as they may think."""

from dataclasses import replace

import pytest
from divert_stories import EXTENSION, SITE, instant
from hypothesis import given
from test_agenda import MINUTE, day_off, entries, entry

from voice.divert.advice import Advice, Snag, advice
from voice.divert.agenda import wanted
from voice.divert.explained import Counted
from voice.divert.model import Slip

ALL = Counted()
DAY = (instant("2026-03-05 08:00"), instant("2026-03-06 00:00"))
DAY_BY_DAY = replace(SITE, joins_days=False)
MEETING = entry("2026-03-05 09:00", "2026-03-05 10:00")
# Subject and flags are of no matter here: what is wrong is known already.
NO_SIGN = replace(MEETING, mark=None, slip=Slip.NO_SIGN)


def snags(*entries, site=SITE, counted=ALL, spans=(DAY,)):
    return [each.snag for each in advice(entries, spans, site, counted)]


@pytest.mark.parametrize(
    ("flaws", "counted", "snag"),
    [
        ({"mark": None, "slip": Slip.NO_SIGN}, ALL, Snag.NO_SIGN),
        ({"mark": None, "slip": Slip.NOT_FIRST}, ALL, Snag.NOT_FIRST),
        ({"all_day": True}, ALL, Snag.ALL_DAY),
        ({"mark": None, "slip": Slip.NO_SIGN, "all_day": True}, ALL, Snag.ALL_DAY),
        ({"mark": None, "private": True}, ALL, Snag.PRIVATE),
        ({"end": MEETING.start}, ALL, Snag.NO_LENGTH),
        ({"free": True}, Counted(free=False), Snag.FREE),
        ({"tentative": True}, Counted(tentative=False), Snag.TENTATIVE),
    ],
)
def test_what_keeps_a_booking_from_diverting_is_told(flaws, counted, snag):
    assert snags(replace(MEETING, **flaws), counted=counted) == [snag]


@pytest.mark.parametrize(
    "flaws",
    [
        {},
        {"free": True, "tentative": True},
        {"mark": None},
        {"mark": None, "all_day": True},
        {"mark": None, "slip": Slip.NO_SIGN, "declined": True},
        {"mark": None, "slip": Slip.NO_SIGN, "cancelled": True},
        {"ours": True},
    ],
)
def test_what_diverts_or_was_never_meant_to_is_not_told_of(flaws):
    assert snags(replace(MEETING, **flaws)) == []


def test_a_snag_comes_with_its_times_and_its_code():
    (told,) = advice([replace(MEETING, all_day=True)], [DAY], SITE, ALL)
    assert told == Advice(Snag.ALL_DAY, MEETING.start, MEETING.end, "SAM")


def test_only_bookings_of_the_days_that_are_asked_about_are_told_of():
    early = replace(NO_SIGN, start=instant("2026-03-05 07:00"), end=DAY[0])
    late = replace(NO_SIGN, start=DAY[1], end=instant("2026-03-06 01:00"))
    assert snags(early, late) == []
    assert snags(early, late, NO_SIGN) == [Snag.NO_SIGN]
    assert snags(NO_SIGN, spans=()) == []


def test_a_series_has_its_snag_once_and_private_bookings_come_last_as_one():
    private = [
        replace(NO_SIGN, key=f"p{n}", slip=None, private=True, start=DAY[0])
        for n in range(3)
    ]
    series = [
        replace(NO_SIGN, key=f"s{n}", series="s", slip=Slip.NOT_FIRST) for n in range(3)
    ]
    found = snags(*private, *series, NO_SIGN)
    assert found == [Snag.NO_SIGN, Snag.NOT_FIRST, Snag.PRIVATE]


@pytest.mark.parametrize(
    ("site", "days", "found"),
    [
        (DAY_BY_DAY, ("2026-03-04", "2026-03-05", "2026-03-06"), [Snag.SERIES]),
        (DAY_BY_DAY, ("2026-03-05",), []),
        (SITE, ("2026-03-04", "2026-03-05", "2026-03-06"), []),
    ],
)
def test_a_vacation_of_days_is_told_of_where_the_site_does_not_join_them(
    site, days, found
):
    vacation = [day_off(day, series="v") for day in days]
    assert snags(*vacation, site=site) == found


@pytest.mark.parametrize("flaws", [{"series": None}, {"mark": MEETING.mark}])
def test_days_of_no_series_and_meetings_that_recur_are_well_as_they_are(flaws):
    days = [
        replace(day_off(f"2026-03-0{day}", series="v"), **flaws) for day in (4, 5, 6)
    ]
    assert snags(*days, site=DAY_BY_DAY) == []


@given(entries)
def test_no_booking_both_diverts_and_keeps_from_it(booked):
    for each in booked:
        span = each.start - MINUTE, max(each.start, each.end) + MINUTE
        told = snags(each, spans=(span,))
        assert not told or wanted([each], EXTENSION, SITE) == ()
        assert not each.private or told in ([], [Snag.PRIVATE])
