"""Days off, and returns that are spoken."""

from datetime import date

import pytest
from divert_stories import RED_DAYS, instant
from hypothesis import given
from hypothesis import strategies as st

from voice.divert.walltime import at, local
from voice.divert.workdays import is_working, next_working, returning

days = st.dates(date(2025, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("until", "spoken"),
    [
        ("2025-03-05 15:00", "2025-03-05 15:00"),
        ("2025-03-08 12:00", "2025-03-10 08:00"),
        ("2025-03-08 00:00", "2025-03-10 08:00"),
        ("2025-12-25 08:00", "2025-12-29 08:00"),
        ("2026-01-01 08:00", "2026-01-02 08:00"),
        ("2026-03-29 12:00", "2026-03-30 08:00"),
        ("2026-10-25 02:30", "2026-10-26 08:00"),
    ],
)
def test_a_return_is_spoken_as_a_working_day(until, spoken):
    assert returning(instant(until), RED_DAYS) == instant(spoken)


@given(days)
def test_the_next_working_day_is_the_first_one_after(day):
    found = next_working(day, RED_DAYS)
    assert found > day
    assert is_working(found, RED_DAYS)
    between = range(day.toordinal() + 1, found.toordinal())
    assert not any(is_working(date.fromordinal(n), RED_DAYS) for n in between)


@given(days)
def test_a_spoken_return_is_its_own_spoken_return(day):
    spoken = returning(at(day), RED_DAYS)
    assert is_working(local(spoken).date(), RED_DAYS)
    assert returning(spoken, RED_DAYS) == spoken
