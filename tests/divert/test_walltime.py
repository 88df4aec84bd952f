"""The next time that Swedish clocks show a time of day, on the odd nights too."""

from datetime import time, timedelta

import pytest
from divert_stories import instant
from hypothesis import given
from hypothesis import strategies as st

from voice.divert.walltime import local, next_clock

HALF_PAST_TWO = time(2, 30)
SPRING, AUTUMN = instant("2026-03-28 23:00"), instant("2026-10-24 23:00")
nights = st.sampled_from([SPRING, AUTUMN])
ahead = st.integers(0, 30 * 60).map(lambda minutes: timedelta(minutes=minutes))


def test_the_autumn_night_shows_half_past_two_twice():
    first = next_clock(HALF_PAST_TWO, AUTUMN)
    again = next_clock(HALF_PAST_TWO, first)
    assert first == instant("2026-10-25 02:30")
    assert again - first == timedelta(hours=1)
    assert next_clock(HALF_PAST_TWO, again) == instant("2026-10-26 02:30")


@pytest.mark.parametrize(
    ("now", "ahead"),
    [
        ("2026-03-29 01:00", "2026-03-29 03:30"),
        ("2026-03-29 03:15", "2026-03-30 02:30"),
    ],
)
def test_what_the_spring_night_skips_is_as_far_after_the_gap_until_it_has_been(
    now, ahead
):
    assert next_clock(HALF_PAST_TWO, instant(now)) == instant(ahead)


@given(nights, ahead, st.times())
def test_the_next_time_is_ahead_within_a_day_and_an_hour(night, passed, clock):
    now = night + passed
    found = next_clock(clock, now)
    assert now < found <= now + timedelta(hours=26)
    shown = local(found).time()
    assert shown == clock or clock.hour == 2
