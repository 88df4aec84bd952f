"""What is known after a reading, and when a reading is not believed."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from calendar_samples import DAY, NOW, SAM
from hypothesis import given
from hypothesis import strategies as st

from voice.calendars.following import (
    BELIEVED_AFTER,
    Known,
    after,
    diverting,
    is_confirmed,
    is_doubtful,
    is_outgrown,
    window,
    window_to,
)
from voice.calendars.port import Reading
from voice.divert.explained import Counted
from voice.divert.model import Entry, EntryKey, Extension, Slip
from voice.divert.walltime import local

HOUR = timedelta(hours=1)
SEEN = window(NOW)
ALL = Counted()
MEETING = Entry(EntryKey("a"), SAM, NOW, NOW + HOUR)
INVITATION = replace(MEETING, key=EntryKey("b"), invited=True)
STRIPPED = replace(INVITATION, mark=None)


def whole(*entries):
    return Reading(entries, (), None, whole=True)


def changes(*entries, gone=()):
    return Reading(entries, gone, None, whole=False)


def told(*readings, known=None):
    known = known or Known()
    for reading in readings:
        known = after(known, reading, SEEN)
    return known


def test_a_whole_reading_is_all_that_is_known():
    assert told(whole(MEETING), whole(INVITATION)).entries == (INVITATION,)


def test_what_makes_no_sense_now_stays_as_it_was_known():
    day = replace(MEETING, key=EntryKey("c"), series="s")
    for unclear in ({MEETING.key}, {"s"}, {"x"}):
        reading = Reading((INVITATION,), (), None, True, unclear=frozenset(unclear))
        known = told(whole(MEETING, day), reading).entries
        left = [e for e in (MEETING, day) if {e.key, e.series} & unclear]
        assert set(known) == {INVITATION, *left}


def test_changes_are_added_to_what_was_known():
    moved = replace(MEETING, end=NOW + 2 * HOUR)
    assert told(whole(MEETING), changes(INVITATION)).entries == (MEETING, INVITATION)
    assert told(whole(MEETING), changes(moved)).entries == (moved,)
    assert told(whole(MEETING), changes(gone=(MEETING.key,))).entries == ()


def test_only_bookings_with_a_code_or_nearly_one_are_kept():
    slip = replace(MEETING, key=EntryKey("c"), mark=None, slip=Slip.NO_SIGN)
    other = replace(MEETING, key=EntryKey("d"), mark=None)
    assert told(whole(MEETING, slip, other)).entries == (MEETING, slip)
    assert told(whole(MEETING), changes(replace(MEETING, mark=None))).entries == ()


def test_of_private_bookings_it_is_kept_that_their_days_have_one_and_nothing_more():
    hidden = replace(STRIPPED, private=True, series="s", tentative=True, free=True)
    (kept,) = told(whole(hidden)).entries
    assert (kept.key, kept.private) == (hidden.key, True)
    assert kept == Entry(hidden.key, None, kept.start, kept.end, private=True)
    assert {local(kept.start).time(), local(kept.end).time()} == {time()}
    assert kept.start < hidden.start < hidden.end < kept.end == kept.start + DAY
    assert told(whole(hidden), changes()).entries == (kept,)
    assert told(whole(hidden), changes(gone=(hidden.key,))).entries == ()
    for left in ({"declined": True}, {"cancelled": True}):
        assert told(whole(hidden), changes(replace(hidden, **left))).entries == ()


def test_a_private_booking_without_end_is_kept_for_the_days_that_are_seen():
    ages = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    endless = replace(MEETING, mark=None, private=True, start=ages[0], end=ages[1])
    (kept,) = told(whole(endless)).entries
    assert kept.start <= SEEN.start < SEEN.end <= kept.end
    assert SEEN.start - kept.start < DAY
    assert kept.end - SEEN.end < DAY


def test_what_lies_before_the_window_is_forgotten_as_it_moves_on():
    early = replace(MEETING, start=SEEN.start, end=SEEN.start + HOUR)
    known = told(whole(early))
    assert known.entries == (early,)
    assert after(known, changes(), window(NOW + DAY)).entries == ()


def test_a_code_taken_out_of_an_invitation_stays_out_when_the_organiser_edits():
    edited = replace(INVITATION, end=NOW + 2 * HOUR)
    known = told(whole(INVITATION), changes(STRIPPED), changes(edited))
    assert known.opted_out == {INVITATION.key}
    assert diverting(known, ALL) == ()
    again = told(whole(edited), known=known)
    assert diverting(again, ALL) == ()


def test_a_code_taken_out_of_a_booking_of_ones_own_can_be_put_back():
    bare = replace(MEETING, mark=None)
    known = told(whole(MEETING), changes(bare), changes(MEETING))
    assert diverting(known, ALL) == (MEETING,)


def test_an_invitation_that_was_private_for_a_while_diverts_again():
    hidden = replace(STRIPPED, private=True)
    known = told(whole(INVITATION), changes(hidden), changes(INVITATION))
    assert diverting(known, ALL) == (INVITATION,)


def test_an_opted_out_invitation_is_forgotten_with_the_meeting():
    known = told(whole(INVITATION), changes(STRIPPED), changes(gone=(STRIPPED.key,)))
    assert known == Known()


@pytest.mark.parametrize("how", ["free", "tentative"])
def test_whether_free_and_tentative_count_is_the_sites(how):
    entry = replace(MEETING, **{how: True})
    known = told(whole(entry))
    assert diverting(known, ALL) == (entry,)
    assert diverting(known, replace(ALL, **{how: False})) == ()


def some(count):
    days = (NOW + nth * DAY for nth in range(count))
    return Known(
        tuple(Entry(EntryKey(f"{start}"), SAM, start, start + HOUR) for start in days)
    )


@pytest.mark.parametrize(
    ("there", "left", "doubtful"),
    [(2, 0, False), (3, 0, True), (8, 1, True), (8, 2, False), (0, 0, False)],
)
def test_a_reading_is_doubted_when_nearly_all_is_gone(there, left, doubtful):
    for whole in (True, False):
        assert is_doubtful(some(there), some(left), NOW, whole) is doubtful


def test_a_series_that_is_told_to_be_gone_is_one_stroke():
    series = Known(tuple(replace(each, series="a") for each in some(5).entries))
    assert not is_doubtful(series, Known(), NOW, whole=False)
    assert is_doubtful(series, Known(), NOW, whole=True)


def test_what_has_passed_can_go_without_doubt():
    assert not is_doubtful(some(5), Known(), NOW + 5 * DAY, whole=True)


def test_a_doubt_ends_when_the_reading_is_the_same_some_minutes_later():
    assert not is_confirmed(None, NOW)
    assert not is_confirmed(NOW, NOW + BELIEVED_AFTER / 2)
    assert is_confirmed(NOW, NOW + BELIEVED_AFTER)


def test_the_same_days_are_read_until_they_are_outgrown():
    assert window_to(SEEN.end) == SEEN


@given(st.text("0123456789"), st.integers(0, 24 * 60 - 1))
def test_days_are_outgrown_once_a_day_and_never_all_at_one_time(name, minutes):
    extension, midnight = Extension(name), SEEN.end - timedelta(days=90)
    passed = timedelta(minutes=minutes)
    assert not is_outgrown(SEEN.end, extension, midnight + passed)
    assert is_outgrown(SEEN.end, extension, midnight + 2 * DAY + passed)


def test_a_municipality_is_not_read_anew_at_midnight():
    noon = SEEN.end - timedelta(days=90) + 1.5 * DAY
    people = [Extension(str(number)) for number in range(1000, 3000)]
    anew = sum(is_outgrown(SEEN.end, extension, noon) for extension in people)
    assert 800 < anew < 1200


_entries = st.lists(
    st.builds(
        Entry,
        key=st.sampled_from("abcd").map(EntryKey),
        mark=st.sampled_from([SAM, None]),
        start=st.integers(0, 90).map(lambda hours: NOW + hours * HOUR),
        end=st.just(NOW + 100 * HOUR),
    ),
    max_size=4,
    unique_by=lambda entry: entry.key,
)


@given(_entries, _entries, st.sets(st.sampled_from("abcd").map(EntryKey)))
def test_changes_lead_where_a_whole_reading_leads(first, then, gone):
    there = {each.key: each for each in first if each.key not in gone}
    there |= {each.key: each for each in then}
    gone = tuple(gone - {each.key for each in then})
    assert told(whole(*first), changes(*then, gone=gone)) == told(
        whole(*there.values())
    )
