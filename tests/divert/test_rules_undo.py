"""Taking back a change, and following a calendar."""

from dataclasses import replace
from datetime import timedelta

import pytest
from divert_stories import (
    BOOKED,
    CLEAR,
    MINUTE,
    MORNING,
    NOW,
    OPENED,
    SAM,
    SITE,
    UNDO,
    a_change,
    a_set,
    asked,
    booking,
    divert,
    follow,
    instant,
    told,
)

from voice.divert.model import CalendarFollowed, ChangeUndone, Refused, Standing
from voice.divert.rules import decide


@pytest.mark.parametrize(
    "command", [a_set(until="2025-03-05 14:00"), CLEAR, a_change("LDG", 5 * MINUTE)]
)
@pytest.mark.parametrize("stands", [SAM, BOOKED])
def test_undo_brings_back_what_stood(command, stands):
    other = booking("SEM", until="2025-03-05 14:00", entry="b")
    left = told(command, UNDO, standing=[stands, other])
    assert set(left.diverts) == {stands, other}
    assert asked(UNDO, *left.diverts, last=left.last) == Refused("nothing_to_undo")


def test_undo_has_its_time():
    left = told(CLEAR, standing=[SAM])
    in_time, late = NOW + 10 * MINUTE, NOW + 10 * MINUTE + timedelta(seconds=1)
    assert decide(UNDO, left, SITE, in_time) == ChangeUndone((), (SAM,))
    assert decide(UNDO, left, SITE, late) == Refused("nothing_to_undo")


def test_undoing_a_clear_says_only_what_stands_again():
    left = told(CLEAR, standing=[BOOKED])
    assert decide(UNDO, left, SITE, NOW) == ChangeUndone((), (BOOKED,))


def test_undo_does_not_bring_back_what_has_ended():
    brief = divert(until="2025-03-05 12:01")
    left = told(CLEAR, standing=[brief])
    assert decide(UNDO, left, SITE, NOW + MINUTE) == Refused("nothing_to_undo")


def test_undo_leaves_to_the_calendar_what_it_has_moved():
    moved = replace(BOOKED, until=instant("2025-03-05 16:00"))
    left = told(CLEAR, follow(moved), UNDO, standing=[BOOKED])
    assert left.diverts == (moved,)


def test_undo_leaves_to_the_calendar_what_it_has_dropped():
    left = told(a_change("LDG"), follow(), UNDO, standing=[BOOKED])
    assert left == Standing()


def test_a_calendar_is_followed():
    moved = replace(BOOKED, until=instant("2025-03-05 16:00"))
    new = booking("SEM", entry="b")
    dropped = booking("LDG", entry="c")
    event = asked(follow(moved, new), SAM, BOOKED, dropped)
    assert event == CalendarFollowed((BOOKED, dropped), (moved, new))
    left = told(follow(moved, new), standing=[SAM, BOOKED, dropped])
    assert left == Standing((SAM, moved, new))


def test_an_opened_booking_stays_open_until_its_times_or_code_change():
    read_again = replace(BOOKED, set_at=MORNING - MINUTE)
    assert asked(follow(read_again), OPENED) == CalendarFollowed((), ())
    coded = replace(BOOKED, reason="SEM")
    assert told(follow(coded), standing=[OPENED]).diverts == (coded,)


def test_a_calendar_says_nothing_of_what_has_ended():
    over = booking(until="2025-03-05 12:00")
    assert asked(follow(over)) == CalendarFollowed((), ())
    assert asked(follow(), over) == CalendarFollowed((), ())
    assert told(follow(), standing=[over]) == Standing()


def test_following_a_calendar_does_not_stop_an_undo():
    left = told(CLEAR, follow(), UNDO, standing=[SAM])
    assert left.diverts == (SAM,)
