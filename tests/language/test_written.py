"""What is written in a form means what the same words mean when they are said."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.dialogue.heard import Meant
from voice.divert.model import Extension, ReasonCode, SetDivert, Source
from voice.divert.walltime import local
from voice.house import red_days
from voice.language.spoken_times import Clockwork
from voice.language.times import Moment
from voice.language.understand import Here, understand
from voice.language.written import Unread, Written, written

SAM, LUN, SEM = ReasonCode("SAM"), ReasonCode("LUN"), ReasonCode("SEM")
NOW = datetime(2026, 3, 5, 10, 40, tzinfo=UTC)
RED_DAYS = red_days(2026)
# Nights when clocks change, the last minutes of years and days, and any other time.
NIGHTS = (
    datetime(2026, 3, 28, 23, 0, tzinfo=UTC),
    datetime(2026, 10, 24, 22, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC),
    datetime(2028, 2, 28, 22, 59, tzinfo=UTC),
)
moments = st.sampled_from(NIGHTS) | st.datetimes(
    datetime(2026, 1, 1), datetime(2028, 12, 1), timezones=st.just(UTC)
)
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


def here(catalog, now=NOW):
    moment = Moment(now, RED_DAYS, catalog.parts)
    return Here("start", Extension("1234"), moment, Source.WEB)


def said(text, catalog, now):
    """Return the divert that a sentence means when it is spoken."""
    heard = understand(text, here(catalog, now), catalog)
    assert isinstance(heard, Meant), text
    assert isinstance(heard.command, SetDivert), text
    return Written(heard.command, heard.sure)


def labels(catalog):
    return {code: wording.label for code, wording in catalog.wordings.items()}


@given(now=moments, clock=clocks, data=st.data())
def test_a_time_of_day_means_what_it_means_when_it_is_said(catalog, now, clock, data):
    code = data.draw(st.sampled_from(sorted(catalog.reasons)))
    spoken = Clockwork(catalog, now).clock(clock)
    read = written(code, f"{clock:%H:%M}", here(catalog, now), catalog)
    assert read == said(f"{labels(catalog)[code]} till {spoken}", catalog, now)
    assert isinstance(read, Written)
    assert now < read.command.until <= now + timedelta(hours=25)


@given(now=moments, ahead=st.integers(1, 364), data=st.data())
def test_a_date_means_what_it_means_when_it_is_said(catalog, now, ahead, data):
    code = data.draw(st.sampled_from(sorted(catalog.reasons)))
    day = local(now).date() + timedelta(days=ahead)
    month = catalog.spoken_names["month"][day.month]
    spoken = f"den {catalog.numbers.spoken_ordinal(day.day)} {month}"
    read = written(code, f"{day}", here(catalog, now), catalog)
    assert read == said(f"{labels(catalog)[code]} till {spoken}", catalog, now)
    assert isinstance(read, Written)
    assert local(read.command.until).replace(tzinfo=None) == datetime(
        day.year, day.month, day.day, 8
    )


@given(now=moments, text=st.text(max_size=30) | st.dates().map(str))
def test_anything_else_is_a_divert_of_that_reason_or_is_not_read(catalog, now, text):
    read = written(SAM, text, here(catalog, now), catalog)
    if isinstance(read, Written):
        assert (read.command.reason, read.command.source) == (SAM, Source.WEB)
        assert read.command.until is not None
    else:
        assert read in Unread


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-02-29", Unread.NO_DAY),
        ("0000-01-01", Unread.NO_DAY),
        ("2026-13-01", Unread.NO_DAY),
        ("2026-03-04", Unread.PAST_DAY),
        ("1999-12-31 14:30", Unread.PAST_DAY),
        ("2027-03-05", Unread.FAR_DAY),
        ("9999-12-31", Unread.FAR_DAY),
        ("från 2026-03-09 till 2031-03-10", Unread.FAR_DAY),
        ("", Unread.NO_TIME),
        ("?", Unread.NO_TIME),
        ("snart", Unread.NO_TIME),
        ("radera", Unread.NO_TIME),
        ("lunch till 14:30", Unread.NO_TIME),
        ("14:30 " * 1000, Unread.NO_TIME),
    ],
)
def test_what_is_no_return_is_not_read(catalog, text, why):
    assert written(SAM, text, here(catalog), catalog) == why


def test_a_leap_day_is_read_whenever_the_next_one_is(catalog):
    read = written(SEM, "2028-02-29", here(catalog), catalog)
    assert isinstance(read, Written)
    assert local(read.command.until).date() == date(2028, 2, 29)
    assert not read.sure


@pytest.mark.parametrize(
    ("reason", "text", "sure"),
    [
        (SAM, "14:30", True),
        (SAM, "till och med fredag", True),
        (LUN, "fredag", False),
        (SEM, "17:00", False),
        (SAM, "2026-12-24", False),
    ],
)
def test_what_would_be_asked_about_is_not_sure(catalog, reason, text, sure):
    read = written(reason, text, here(catalog), catalog)
    assert isinstance(read, Written)
    assert read.sure is sure


def test_both_ends_can_be_dates(catalog):
    text = "från 2026-08-03 till och med 2026-08-05"
    read = written(SEM, text, here(catalog), catalog)
    assert isinstance(read, Written)
    assert local(read.command.start).date() == date(2026, 8, 3)
    assert local(read.command.until).date() == date(2026, 8, 6)
