"""Every booking is explained, and none more than once."""

from dataclasses import replace

import pytest
from divert_stories import EXTENSION, SITE
from hypothesis import given
from test_agenda import day_off, entries, entry

from voice.divert.explained import Counted, explained
from voice.divert.model import Mode, Slip

ALL = Counted()


def told(*booked, counted=ALL):
    bookings, diverts = explained(booked, EXTENSION, SITE, counted)
    return [each.why for each in bookings], [each.divert for each in bookings], diverts


def test_bookings_that_chain_are_parts_of_one_divert():
    first = entry("2026-03-05 09:00", "2026-03-05 10:00")
    second = entry("2026-03-05 10:05", "2026-03-05 11:00", "TJÄ")
    whys, parts, diverts = told(second, first)
    assert whys == [None, None]
    assert parts == [diverts[0]] * 2
    assert diverts[0].until == second.end


def test_days_of_a_vacation_are_parts_of_one_divert():
    days = [day_off(f"2026-03-{day:02}") for day in (5, 6, 9)]
    _, parts, diverts = told(*days)
    assert parts == [diverts[0]] * 3


def test_a_booking_that_is_inside_another_mode_is_its_own():
    closed = entry("2026-03-05 09:00", "2026-03-05 15:00")
    informing = entry("2026-03-05 10:00", "2026-03-05 11:00", mode=Mode.INFORMING)
    _, parts, _ = told(closed, informing)
    assert [part.entry for part in parts] == [closed.key, informing.key]


@pytest.mark.parametrize(
    ("flaws", "counted", "why"),
    [
        ({}, ALL, None),
        ({"declined": True}, ALL, "declined"),
        ({"mark": None}, ALL, "no_code"),
        ({"mark": None, "slip": Slip.NO_SIGN}, ALL, "no_sign"),
        ({"mark": None, "slip": Slip.NOT_FIRST}, ALL, "not_first"),
        ({"mark": None, "slip": Slip.NO_SIGN, "all_day": True}, ALL, "all_day"),
        ({"free": True, "tentative": True}, ALL, None),
        ({"free": True}, Counted(free=False), "free"),
        ({"tentative": True}, Counted(tentative=False), "tentative"),
        ({"free": True, "private": True}, Counted(free=False), "private"),
    ],
)
def test_what_does_not_divert_says_why(flaws, counted, why):
    flawed = replace(entry("2026-03-05 09:00", "2026-03-05 10:00"), **flaws)
    whys, parts, diverts = told(flawed, counted=counted)
    assert whys == [why]
    assert [part is None for part in parts] == [why is not None]
    assert len(diverts) == (why is None)


@given(entries)
def test_every_booking_is_within_its_divert_or_says_why(booked):
    bookings, diverts = explained(booked, EXTENSION, SITE, ALL)
    assert sorted(each.entry.key for each in bookings) == sorted(b.key for b in booked)
    for each in bookings:
        assert (each.why is None) is (each.divert is not None)
        if each.divert is not None:
            assert each.divert in diverts
            assert each.divert.start <= each.entry.start
            assert each.entry.end <= each.divert.until
    assert {each.divert for each in bookings} - {None} == set(diverts)
