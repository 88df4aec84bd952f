"""Instants on pages: in Swedish time, near days by name, in both languages."""

from datetime import UTC, datetime, timedelta

import pytest
from web_house import GRAMMAR

from voice.divert.walltime import STOCKHOLM
from voice.web.dates import Dates
from voice.web.words import Language
from voice.web_service import read_web_words

WORDS = read_web_words(GRAMMAR)
# A Thursday, 11:40 in Sweden.
NOW = datetime(2026, 3, 5, 10, 40, tzinfo=UTC)
SWEDISH = Dates(WORDS[Language.SWEDISH], NOW)
ENGLISH = Dates(WORDS[Language.ENGLISH], NOW)


def at(*fields: int) -> datetime:
    return datetime(*fields, tzinfo=STOCKHOLM).astimezone(UTC)


@pytest.mark.parametrize(
    ("instant", "swedish", "english"),
    [
        (at(2026, 3, 5, 14, 30), "i dag 14:30", "today 14:30"),
        (at(2026, 3, 5, 0, 0), "i dag 00:00", "today 00:00"),
        (at(2026, 3, 6, 8, 0), "i morgon 08:00", "tomorrow 08:00"),
        (at(2026, 3, 4, 23, 59), "i går 23:59", "yesterday 23:59"),
        (at(2026, 3, 9, 8, 5), "mån 9 mars 08:05", "Mon 9 Mar 08:05"),
        (at(2027, 1, 4, 8, 0), "mån 4 jan. 2027 08:00", "Mon 4 Jan 2027 08:00"),
        # The hour that the autumn night has twice.
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "sön 25 okt. 02:30", None),
    ],
)
def test_a_day_and_a_time(instant: datetime, swedish: str, english: str | None):
    assert SWEDISH.when(instant) == swedish
    assert english in (None, ENGLISH.when(instant))


def test_all_of_an_instant():
    instant = at(2026, 11, 28, 14, 30, 5)
    assert SWEDISH.whole(instant) == "lördag 28 november 2026 14:30:05"
    assert ENGLISH.whole(instant) == "Saturday 28 November 2026 14:30:05"


@pytest.mark.parametrize(
    ("length", "swedish"),
    [
        (timedelta(seconds=-3), "0 sekunder"),
        (timedelta(seconds=59), "59 sekunder"),
        (timedelta(seconds=60), "1 minut"),
        (timedelta(minutes=59, seconds=59), "59 minuter"),
        (timedelta(hours=1), "1 timme"),
        (timedelta(hours=47), "1 dag"),
        (timedelta(days=3), "3 dagar"),
    ],
)
def test_a_length_in_its_largest_unit(length: timedelta, swedish: str):
    assert SWEDISH.length(length) == swedish


def test_how_long_ago():
    assert SWEDISH.ago(NOW - timedelta(minutes=3)) == "för 3 minuter sedan"
    assert ENGLISH.ago(NOW - timedelta(hours=1)) == "1 hour ago"
