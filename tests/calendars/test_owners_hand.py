"""What is an owner's hand on a booking of ours, and what only looks like it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from calendar_samples import NOW, SAM

from voice.calendars.following import Known
from voice.calendars.owners_hand import Doing, Ended, done, told_gone, told_moved
from voice.calendars.port import Block, Reading
from voice.divert.model import Entry, EntryKey, Mark, Mode

HOUR = timedelta(hours=1)
BLOCK = Block("key", SAM, NOW, NOW + HOUR)
OURS = Entry(EntryKey("ours"), SAM, NOW, NOW + HOUR, ours=True)
THEIRS = replace(OURS, key=EntryKey("theirs"), ours=False)
BEFORE = Known((OURS, THEIRS))
GONE = Reading((), (OURS.key, THEIRS.key), None, whole=False)
MOVED = replace(GONE, entries=(replace(OURS, end=NOW + 2 * HOUR),), gone=())


def test_what_is_told_to_be_gone_or_otherwise_is_ours_and_as_it_was_seen():
    assert told_gone(BEFORE, GONE) == (OURS,)
    assert told_moved(BEFORE, GONE) == ()
    assert told_gone(BEFORE, MOVED) == ()
    assert told_moved(BEFORE, MOVED) == (OURS,)
    cancelled = replace(GONE, entries=(replace(OURS, cancelled=True),), gone=())
    assert told_gone(BEFORE, cancelled) == (OURS,)
    assert told_moved(BEFORE, cancelled) == ()


def test_what_was_never_seen_or_is_as_it_was_is_told_of_in_vain():
    assert told_gone(Known((THEIRS,)), GONE) == ()
    assert told_moved(BEFORE, replace(MOVED, entries=(OURS, THEIRS))) == ()


@pytest.mark.parametrize("how", [{"whole": True}, {"compared": True}])
def test_nothing_is_made_of_what_was_not_told(how):
    assert told_gone(BEFORE, replace(GONE, **how)) == ()
    assert told_moved(BEFORE, replace(MOVED, **how)) == ()


@pytest.mark.parametrize(
    ("change", "meant"),
    [
        ({}, Doing.NOTHING),
        ({"free": True}, Doing.NOTHING),
        ({"private": True, "mark": None}, Doing.NOTHING),
        ({"cancelled": True}, Doing.REMOVED),
        ({"end": NOW + 2 * HOUR}, Ended(NOW + 2 * HOUR)),
        ({"end": NOW + HOUR / 2}, Ended(NOW + HOUR / 2)),
        ({"end": NOW}, Doing.UNCLEAR),
        ({"start": NOW - HOUR}, Doing.UNCLEAR),
        ({"all_day": True}, Doing.UNCLEAR),
        ({"mark": None}, Doing.UNCLEAR),
        ({"mark": Mark(SAM.reason, Mode.INFORMING)}, Doing.UNCLEAR),
    ],
)
def test_only_a_removal_and_another_end_are_plain(change, meant):
    assert done(BLOCK, replace(OURS, **change)) == meant


def test_what_is_there_no_more_was_removed():
    assert done(BLOCK, None) is Doing.REMOVED
