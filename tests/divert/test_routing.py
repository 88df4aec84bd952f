"""Which divert counts, and what a caller then meets."""

from dataclasses import replace
from datetime import timedelta

import pytest
from divert_stories import MORNING, SITE, booking, divert, diverts, instant
from hypothesis import given
from hypothesis import strategies as st

from voice.divert.model import Mode, Source
from voice.divert.routing import (
    Announce,
    Inform,
    Ring,
    coming,
    counting,
    opens,
    route,
    standing,
)

MINUTE = timedelta(minutes=1)
NOON = instant("2025-03-05 12:00")
anything = st.lists(diverts(st.sampled_from(Source)), max_size=6)


def test_what_is_opened_or_past_does_not_stand_and_what_is_to_come_does():
    coming = divert("SEM", start="2025-03-10 00:00", until="2025-03-14 08:00")
    past = divert(until="2025-03-05 12:00")
    opened = replace(booking(), opened=True)
    assert standing((past, opened, divert(), coming), NOON) == (divert(), coming)


def test_the_next_to_begin_is_what_is_coming():
    week = divert("SEM", start="2025-03-10 00:00", until="2025-03-14 08:00")
    later = divert("LDG", start="2025-03-11 00:00", until="2025-03-12 08:00")
    assert coming((later, divert(), week), NOON) == week
    assert coming((divert(),), NOON) is None


def test_closed_counts_before_informing():
    closed = booking()
    informing = divert(mode=Mode.INFORMING)
    assert counting([informing, closed], NOON) == closed


def test_the_one_a_person_set_last_counts():
    first = divert("SEM", until=None)
    last = divert("LDG", set_at=MORNING + MINUTE)
    assert counting([first, last, booking()], NOON) == last


def test_the_earliest_booking_counts_when_no_person_set_any():
    early = booking("SEM", "2025-03-05 08:00")
    late = booking("SAM", set_at=NOON, entry="b")
    assert counting([late, early], NOON) == early


def test_an_opened_booking_does_not_count():
    assert counting([booking(opened=True)], NOON) is None


@given(anything, st.randoms())
def test_the_order_of_diverts_does_not_matter(standing, chance):
    shuffled = chance.sample(standing, len(standing))
    assert counting(shuffled, NOON) == counting(standing, NOON)


def test_a_call_rings_when_nothing_stands():
    assert route([], SITE, NOON) == Ring()


def test_a_call_is_put_through_when_the_divert_only_informs():
    informing = divert(mode=Mode.INFORMING)
    assert route([informing], SITE, NOON) == Inform(informing)


def test_a_call_to_a_closed_phone_hears_the_return():
    closed = divert()
    back = instant("2025-03-05 15:00")
    assert route([closed], SITE, NOON) == Announce(closed, back, back)


def test_a_divert_without_end_has_no_return():
    closed = divert("LDG", until=None)
    assert route([closed], SITE, NOON) == Announce(closed, None, None)


@pytest.mark.parametrize(
    ("next_start", "back"),
    [
        ("2025-03-05 14:00", "2025-03-05 16:00"),
        ("2025-03-05 15:05", "2025-03-05 16:00"),
        ("2025-03-05 15:06", "2025-03-05 15:00"),
    ],
)
def test_diverts_at_most_five_minutes_apart_are_one_absence(next_start, back):
    after = divert("TJÄ", next_start, "2025-03-05 16:00")
    to = route([after, divert()], SITE, instant("2025-03-05 13:00"))
    assert to.opens == instant(back)


def test_an_informing_divert_does_not_lengthen_an_absence():
    informing = divert("TJÄ", until="2025-03-05 16:00", mode=Mode.INFORMING)
    to = route([divert(), informing], SITE, NOON)
    assert to.opens == instant("2025-03-05 15:00")


def test_an_opened_booking_does_not_lengthen_an_absence():
    opened = booking("TJÄ", until="2025-03-05 16:00", opened=True)
    to = route([divert(), opened], SITE, NOON)
    assert to.opens == instant("2025-03-05 15:00")


def test_a_return_on_a_saturday_is_spoken_as_monday():
    closed = divert("SEM", until="2025-03-08 00:00")
    to = route([closed], SITE, NOON)
    assert (to.opens, to.back) == (
        instant("2025-03-08 00:00"),
        instant("2025-03-10 08:00"),
    )


def test_a_spoken_return_is_not_in_the_next_absence():
    vacation = divert("SEM", until="2025-03-08 00:00")
    course = divert("TJÄ", "2025-03-10 08:00", "2025-03-11 12:00")
    to = route([vacation, course], SITE, NOON)
    assert (to.opens, to.back) == (
        instant("2025-03-08 00:00"),
        instant("2025-03-11 12:00"),
    )


def test_a_spoken_return_may_lead_to_an_absence_without_end():
    vacation = divert("SEM", until="2025-03-08 00:00")
    leave = divert("LDG", "2025-03-10 08:00", None)
    assert route([vacation, leave], SITE, NOON).back is None


def test_an_open_phone_opens_now_even_when_the_next_absence_is_near():
    soon = divert(start="2025-03-05 12:03")
    assert opens([soon], NOON, timedelta(minutes=5)) == NOON


@given(anything, st.integers(0, 7))
def test_the_chain_is_what_a_scan_minute_by_minute_finds(standing, gap):
    assert opens(standing, MORNING, gap * MINUTE) == _scanned(standing, gap)


def _scanned(standing, gap):
    """Try each minute until the phone stays open for longer than the gap."""

    def closed(minute):
        now = MORNING + minute * MINUTE
        return any(d.holds(now) for d in standing if d.mode is Mode.CLOSED)

    if not closed(0):
        return MORNING
    for minute in range(2000):
        if not any(closed(minute + more) for more in range(gap + 1)):
            return MORNING + minute * MINUTE
    return None


@given(anything, st.lists(st.integers(0, 400), min_size=2, max_size=2))
def test_a_phone_that_has_opened_by_itself_stays_open(standing, passed):
    earlier, later = (MORNING + count * MINUTE for count in sorted(passed))
    begun = [d for d in standing if d.start <= MORNING]
    if route(begun, SITE, earlier) == Ring():
        assert route(begun, SITE, later) == Ring()
