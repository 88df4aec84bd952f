"""What each command of a person does to what stands."""

from dataclasses import replace
from datetime import timedelta

import pytest
from divert_stories import (
    BOOKED,
    CLEAR,
    EXTENSION,
    MINUTE,
    NOW,
    OPENED,
    SAM,
    SEM,
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

from voice.divert.model import (
    ClearDivert,
    DivertChanged,
    DivertsCleared,
    DivertSet,
    Mode,
    Refused,
    Source,
    Standing,
    Until,
)
from voice.divert.rules import difference
from voice.divert.walltime import STOCKHOLM


def test_a_reason_that_does_not_stand_is_refused_while_another_does():
    lunch = ClearDivert(EXTENSION, "LUN")
    assert asked(lunch, SAM) == Refused("not_that_reason")
    assert asked(lunch) == Refused("nothing_to_clear")


def test_one_divert_alone_can_be_cleared_and_only_as_it_is_known():
    other = divert("SAM", until="2025-03-05 17:00", set_at=NOW)
    assert asked(ClearDivert(EXTENSION, only=other), SAM, other) == DivertsCleared(
        (other,)
    )
    for stands in ((SAM,), (replace(other, until=NOW + MINUTE),), ()):
        refused = asked(ClearDivert(EXTENSION, only=other), *stands)
        assert refused == Refused("nothing_to_clear")
    assert asked(ClearDivert(EXTENSION, only=OPENED), OPENED) == Refused(
        "nothing_to_clear"
    )


def test_one_divert_alone_can_be_changed_and_only_as_it_is_known():
    other = divert("SAM", until="2025-03-05 17:00", set_at=NOW)
    later = replace(a_change(None, "2025-03-05 18:00"), only=other)
    event = asked(later, SAM, other)
    assert (event.before, event.after.until) == (other, instant("2025-03-05 18:00"))
    assert asked(later, SAM) == Refused("nothing_to_change")


def test_a_new_end_for_a_reason_that_stands_moves_that_one():
    lunch = divert("LUN", until="2025-03-05 13:00", set_at=NOW)
    event = asked(a_change("SAM", "2025-03-05 16:00"), SAM, lunch)
    assert (event.before, event.replaced) == (SAM, ())
    assert (event.after.reason, event.after.until) == (
        "SAM",
        instant("2025-03-05 16:00"),
    )


def test_a_change_into_a_reason_that_stands_takes_its_place():
    lunch = divert("LUN", until="2025-03-05 13:00", set_at=NOW)
    event = asked(a_change("SAM"), SAM, lunch)
    assert (event.before, event.replaced) == (lunch, (SAM,))
    after = told(a_change("SAM"), UNDO, standing=(SAM, lunch))
    assert set(after.diverts) == {SAM, lunch}


def test_a_divert_is_set_from_now():
    event = asked(a_set(until="2025-03-05 15:00", source=Source.KEYS))
    assert event == DivertSet(replace(SAM, start=NOW, set_at=NOW, source=Source.KEYS))


def test_a_divert_keeps_the_start_and_the_mode_that_were_said():
    event = asked(a_set("SEM", start="2025-03-10 08:00", mode=Mode.INFORMING))
    assert event.divert.start == instant("2025-03-10 08:00")
    assert event.divert.mode is Mode.INFORMING
    assert event.divert.until == instant("2025-03-11 08:00")


@pytest.mark.parametrize(
    ("reason", "until", "now", "ends"),
    [
        ("SAM", None, "2025-03-05 12:00", "2025-03-05 13:00"),
        ("SEM", None, "2025-03-05 12:00", "2025-03-06 08:00"),
        ("SEM", None, "2025-03-07 12:00", "2025-03-10 08:00"),
        ("SEM", None, "2025-12-24 23:59", "2025-12-29 08:00"),
        ("SEM", None, "2025-12-31 23:59", "2026-01-02 08:00"),
        ("SAM", Until.NEXT_WORKING_DAY, "2025-03-05 12:00", "2025-03-06 08:00"),
        ("SAM", None, "2026-03-29 01:30", "2026-03-29 03:30"),
        ("TJÄ", None, "2026-10-25 00:00", "2026-10-25 07:00"),
        ("SAM", None, "2028-02-28 23:30", "2028-02-29 00:30"),
    ],
)
def test_without_a_time_the_reason_says_how_long(reason, until, now, ends):
    event = asked(a_set(reason, until), now=instant(now))
    assert event.divert.until == instant(ends)


@pytest.mark.parametrize(("reason", "until"), [("LDG", None), ("SAM", Until.CLEARED)])
def test_a_divert_may_stand_until_it_is_cleared(reason, until):
    assert asked(a_set(reason, until)).divert.until is None


def test_lengths_are_counted_in_instants_in_the_autumn_night():
    night = instant("2026-10-25 02:30").astimezone(STOCKHOLM)
    event = asked(a_set("SAM"), now=night)
    assert event.divert.until == instant("2026-10-25 02:30") + timedelta(hours=1)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (a_set("XXX"), "unknown_reason"),
        (a_set(until="2025-03-05 12:00"), "until_has_passed"),
        (a_set(start="2025-03-05 10:00"), "until_has_passed"),
        (
            a_set(until="2025-03-05 13:00", start="2025-03-05 13:00"),
            "until_before_start",
        ),
        (CLEAR, "nothing_to_clear"),
        (a_change("SEM"), "nothing_to_change"),
        (UNDO, "nothing_to_undo"),
    ],
)
def test_what_cannot_be_done_is_refused(command, why):
    assert asked(command) == Refused(why)
    assert told(command) == Standing()


def test_a_new_divert_takes_the_place_of_one_with_the_same_reason():
    event = asked(a_set(until="2025-03-05 14:00"), SAM, SEM, BOOKED)
    assert event.replaced == (SAM,)
    assert told(a_set(), standing=[SAM, SEM, BOOKED]).diverts[:2] == (SEM, BOOKED)


@pytest.mark.parametrize(
    ("start", "until"),
    [
        (None, "2025-03-05 16:00"),
        ("2025-03-05 18:00", "2025-03-05 19:00"),
    ],
)
def test_a_divert_that_is_not_overlapped_stays(start, until):
    later = divert(start="2025-03-05 16:00", until="2025-03-05 18:00")
    assert asked(a_set(until=until, start=start), later).replaced == ()


def test_a_coming_divert_is_replaced_by_one_that_overlaps_it():
    coming = divert(start="2025-03-06 09:00", until="2025-03-06 12:00")
    corrected = a_set(start="2025-03-06 10:00", until="2025-03-06 11:00")
    assert asked(corrected, coming).replaced == (coming,)


def test_a_divert_that_begins_later_does_not_open_the_phone_until_then():
    vacation = divert("SEM", until="2025-03-07 17:00")
    more = a_set("SEM", start="2025-03-06 08:00", until="2025-03-11 08:00")
    assert asked(more, vacation).replaced == ()


def test_clearing_opens_all_that_hold_now():
    informing = divert("TJÄ", mode=Mode.INFORMING)
    coming = divert("SEM", start="2025-03-06 08:00", until=None)
    event = asked(CLEAR, SAM, informing, BOOKED, coming)
    assert event == DivertsCleared((SAM, informing, BOOKED))
    left = told(CLEAR, standing=[SAM, informing, BOOKED, coming])
    assert left.diverts == (coming, OPENED)


def test_clearing_by_reason_leaves_the_others():
    assert asked(ClearDivert(EXTENSION, "SEM"), SAM, SEM) == DivertsCleared((SEM,))


def test_a_coming_divert_is_cleared_by_its_reason_alone():
    coming = divert("SEM", start="2025-03-06 08:00", until=None)
    assert asked(CLEAR, coming) == Refused("nothing_to_clear")
    assert asked(ClearDivert(EXTENSION, "SEM"), coming) == DivertsCleared((coming,))


def test_the_one_that_holds_is_cleared_before_the_coming_one():
    coming = divert("SEM", start="2025-03-06 08:00", until=None)
    assert asked(ClearDivert(EXTENSION, "SEM"), coming, SEM) == DivertsCleared((SEM,))


def test_an_opened_booking_is_not_cleared_again():
    assert asked(CLEAR, OPENED) == Refused("nothing_to_clear")
    tomorrow = booking(start="2025-03-06 08:00", until="2025-03-06 09:00", opened=True)
    assert asked(ClearDivert(EXTENSION, "SAM"), tomorrow) == Refused("nothing_to_clear")


@pytest.mark.parametrize(
    ("command", "reason", "until"),
    [
        (a_change(to=15 * MINUTE), "SAM", "2025-03-05 15:15"),
        (a_change(to=-60 * MINUTE), "SAM", "2025-03-05 14:00"),
        (a_change(to="2025-03-05 13:00"), "SAM", "2025-03-05 13:00"),
        (a_change("SEM"), "SEM", "2025-03-05 15:00"),
        (a_change("SEM", "2025-03-06 08:00"), "SEM", "2025-03-06 08:00"),
    ],
)
def test_the_divert_that_counts_is_changed(command, reason, until):
    coming = divert(start="2025-03-06 09:00", until="2025-03-06 12:00")
    mine = replace(SAM, entry="written")
    after = replace(
        mine, reason=reason, until=instant(until), source=Source.KEYS, set_at=NOW
    )
    assert asked(command, coming, mine) == DivertChanged(mine, after)
    assert told(command, standing=[coming, mine]).diverts == (coming, after)


def test_a_changed_booking_is_left_opened_under_a_divert_of_ones_own():
    after = replace(
        BOOKED,
        until=instant("2025-03-05 15:15"),
        source=Source.KEYS,
        set_at=NOW,
        entry=None,
    )
    change = a_change(to=15 * MINUTE)
    assert asked(change, BOOKED) == DivertChanged(BOOKED, after)
    left = told(change, follow(BOOKED), standing=[BOOKED])
    assert left.diverts == (OPENED, after)


@pytest.mark.parametrize(
    ("command", "stands", "why"),
    [
        (a_change(), SAM, "nothing_to_change"),
        (a_change("SEM"), OPENED, "nothing_to_change"),
        (a_change("XXX"), SAM, "unknown_reason"),
        (a_change(to=15 * MINUTE), SEM, "has_no_end"),
        (a_change(to=-180 * MINUTE), SAM, "until_has_passed"),
        (a_change(to="2025-03-05 12:00"), SEM, "until_has_passed"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused(command, stands, why):
    assert asked(command, stands) == Refused(why)


def test_one_to_come_cannot_be_made_to_end_before_it_begins():
    coming = divert(start="2025-03-06 09:00", until="2025-03-06 12:00")
    sooner = replace(a_change(to="2025-03-06 09:00"), only=coming)
    assert asked(sooner, coming) == Refused("until_before_start")
    later = replace(a_change(to="2025-03-06 09:01"), only=coming)
    assert asked(later, coming).after.until == instant("2025-03-06 09:01")


def test_a_divert_without_end_may_get_one_and_another_reason():
    event = asked(a_change("LDG"), SEM)
    assert (event.after.reason, event.after.until) == ("LDG", None)
    assert asked(a_change(to="2025-03-06 08:00"), SEM).after.until is not None


def test_a_lunch_in_a_vacation_ends_and_the_vacation_counts_again():
    left = told(a_set("SAM", "2025-03-05 13:00"), standing=[SEM])
    after = instant("2025-03-05 13:00")
    assert [d.reason for d in left.diverts if d.holds(after)] == ["SEM"]


def test_a_refusal_makes_no_difference():
    assert difference(Refused("unknown_reason")) == ((), ())


def test_what_is_neither_command_nor_event_is_an_error():
    with pytest.raises(AssertionError):
        asked("#23#")
    with pytest.raises(AssertionError):
        difference("nothing")
