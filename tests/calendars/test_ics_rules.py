"""Series that go on for ever, or never begin, hold nobody up."""

from datetime import UTC, datetime

import pytest
from calendar_samples import REASONS
from hypothesis import given
from hypothesis import strategies as st
from ics_texts import calendar, event

from voice.calendars.ics_entries import read_ics
from voice.calendars.ics_fields import Reader
from voice.calendars.port import Window

MARCH = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
READER = Reader(REASONS)


def held(rule):
    lines = event("19700101T090000Z", "19700101T100000Z", f"RRULE:{rule}")
    return read_ics([calendar(lines)], MARCH, READER)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=99999999999",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=4,6;BYMONTHDAY=31,-31",
        "FREQ=DAILY;BYSETPOS=2",
        "FREQ=DAILY;BYYEARDAY=1;BYMONTH=2",
        "FREQ=WEEKLY;BYWEEKNO=53",
        "FREQ=DAILY;BYHOUR=25",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=HOURLY",
    ],
)
def test_a_rule_that_nobody_would_make_is_left_out(rule):
    assert (held(rule).entries, held(rule).unreadable) == ((), 1)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=-31", 1),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1", 1),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=1MO", 1),
        ("FREQ=YEARLY;BYWEEKNO=10;BYDAY=TU", 1),
        ("FREQ=DAILY;BYHOUR=9,13", 62),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;WKST=SU", 22),
        ("FREQ=DAILY;COUNT=999999999", 31),
        ("FREQ=DAILY;UNTIL=19690101T000000Z", 0),
    ],
)
def test_a_rule_that_calendars_make_is_followed(rule, days):
    assert (len(held(rule).entries), held(rule).unreadable) == (days, 0)


parts = st.dictionaries(
    st.sampled_from(["INTERVAL", "COUNT", "BYHOUR", "BYMONTH", "BYMONTHDAY", "UNTIL"]),
    st.integers(-40, 40).map(str) | st.sampled_from(["", "MO", "20260310", "x"]),
)


@given(st.sampled_from(["MONTHLY", "YEARLY", "NEVER"]), parts)
def test_any_rule_is_followed_or_left_out(often, more):
    rule = ";".join(
        [f"FREQ={often}", *(f"{name}={told}" for name, told in more.items())]
    )
    read = held(rule)
    assert not (read.unreadable and read.entries)
    assert all(MARCH.touches(entry.start, entry.end) for entry in read.entries)
