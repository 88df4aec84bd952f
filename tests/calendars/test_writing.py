"""Our bookings for people's diverts: made, moved, shortened, and never doubled."""

from dataclasses import replace
from datetime import timedelta

from divert_writes import (
    EXTENSION,
    HOUR,
    NOW,
    booking_of,
    carried_out,
    diverts,
    set_by_phone,
)
from hypothesis import given
from hypothesis import strategies as st

from voice.calendars.writing import Drop, LetGo, Put, writes
from voice.divert.model import Mode, Source
from voice.divert.walltime import local

SAM = set_by_phone("SAM", NOW - HOUR, NOW + HOUR)


def test_a_divert_becomes_a_booking_with_its_code_and_times():
    (write,) = writes(EXTENSION, [SAM], {}, NOW)
    assert isinstance(write, Put)
    block = write.block
    assert (block.mark.reason, block.mark.mode) == ("SAM", Mode.CLOSED)
    assert (block.start, block.end) == (SAM.start, SAM.until)


def test_what_is_written_is_not_written_again():
    there = booking_of(SAM)
    assert writes(EXTENSION, [SAM], there, NOW) == ()


def test_the_key_is_the_same_whenever_it_is_made():
    first = writes(EXTENSION, [SAM], {}, NOW)
    assert writes(EXTENSION, [SAM], {}, NOW + timedelta(minutes=7)) == first


def test_a_divert_that_is_moved_moves_its_booking():
    ((key, block),) = booking_of(SAM).items()
    longer = replace(SAM, until=SAM.until + HOUR, set_at=NOW)
    later = replace(block, end=longer.until)
    assert writes(EXTENSION, [longer], {key: block}, NOW) == (Put(later),)


def test_a_divert_that_gets_another_reason_keeps_its_booking():
    ((key, block),) = booking_of(SAM).items()
    other = replace(SAM, reason="TJÄ", set_at=NOW)
    (write,) = writes(EXTENSION, [other], {key: block}, NOW)
    assert isinstance(write, Put)
    assert (write.block.key, write.block.mark.reason) == (key, "TJÄ")


def test_what_is_cleared_is_shortened_when_it_has_begun():
    ((key, block),) = booking_of(SAM).items()
    assert writes(EXTENSION, [], {key: block}, NOW) == (Put(replace(block, end=NOW)),)


def test_what_is_cleared_before_it_begins_is_removed():
    coming = set_by_phone("SAM", NOW + HOUR, NOW + 2 * HOUR)
    there = booking_of(coming)
    assert writes(EXTENSION, [], there, NOW) == (Drop(*there),)


def test_what_was_set_and_cleared_within_a_minute_leaves_nothing():
    slip = set_by_phone("SAM", NOW, NOW + HOUR)
    there = booking_of(slip)
    assert writes(EXTENSION, [], there, NOW + timedelta(seconds=50)) == (Drop(*there),)


def test_what_has_ended_by_itself_stays_in_the_calendar():
    there = booking_of(SAM)
    assert writes(EXTENSION, [], there, SAM.until) == (LetGo(*there),)


def test_what_comes_back_takes_its_shortened_booking_again():
    ((key, block),) = booking_of(SAM).items()
    for there in ({key: replace(block, end=NOW)}, {}):
        assert writes(EXTENSION, [SAM], there, NOW) == (Put(block),)


def test_what_comes_back_before_it_has_left_keeps_its_booking():
    ((key, block),) = booking_of(SAM).items()
    other = replace(SAM, reason="TJÄ")
    planned = writes(EXTENSION, [other, SAM], {}, NOW, {key: block})
    assert [put.block.key == key for put in planned] == [False, True]


def test_a_divert_without_an_end_is_booked_day_by_day():
    sick = set_by_phone("LDG", NOW, None)
    ((key, block),) = booking_of(sick).items()
    assert local(block.end).time().isoformat() == "00:00:00"
    assert timedelta() < block.end - NOW <= timedelta(days=1)
    (write,) = writes(EXTENSION, [sick], {key: block}, block.end)
    assert isinstance(write, Put)
    assert (write.block.key, write.block.start) == (key, block.start)
    assert local(write.block.end).date() == local(block.end).date() + timedelta(days=1)


def test_what_comes_from_a_calendar_is_not_written_into_one():
    booked = replace(SAM, source=Source.CALENDAR, entry="a")
    for divert in (booked, replace(booked, opened=True)):
        assert writes(EXTENSION, [divert], {}, NOW) == ()


def test_two_that_begin_in_one_minute_have_a_booking_each():
    other = replace(SAM, reason="TJÄ")
    puts = writes(EXTENSION, [SAM, other], {}, NOW)
    assert len({put.block.key for put in puts}) == 2
    there = {put.block.key: put.block for put in puts}
    assert writes(EXTENSION, [other, SAM], there, NOW) == ()


@given(st.lists(st.lists(diverts, max_size=4), max_size=5))
def test_a_plan_that_is_carried_out_leaves_nothing_to_do(story):
    there = {}
    for nth, standing in enumerate(story):
        now = NOW + nth * timedelta(minutes=11)
        there = carried_out(writes(EXTENSION, standing, there, now), there)
        again = writes(EXTENSION, standing, there, now)
        assert all(isinstance(write, LetGo) for write in again)
        living = [each for each in standing if not each.ended(now)]
        # Shortened in this very minute, it is past, and let go next time.
        ahead = [block for block in there.values() if block.end > now]
        assert len(ahead) <= len(living) <= len(there)


@given(st.lists(diverts, max_size=4), st.lists(diverts, max_size=4))
def test_no_plan_touches_a_booking_twice(before, standing):
    there = carried_out(writes(EXTENSION, before, {}, NOW), {})
    planned = writes(EXTENSION, standing, there, NOW)
    keys = [w.block.key if isinstance(w, Put) else w.key for w in planned]
    assert len(keys) == len(set(keys))
