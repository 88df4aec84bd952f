"""Bookings are known again, and by nothing that anybody has written."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from voice.calendars.keys import entry_key, series_key

uids = st.text(st.characters(exclude_characters="\n"), max_size=40)
instants = st.datetimes(
    datetime(1900, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC)
)


@given(uids, instants)
def test_the_zone_of_the_original_start_does_not_matter(uid, start):
    for zone in ("Europe/Stockholm", "America/New_York"):
        assert entry_key(uid, start.astimezone(ZoneInfo(zone))) == entry_key(uid, start)


@given(uids, uids, instants, instants)
def test_two_bookings_have_two_keys(uid, other, start, later):
    start, later = (each.replace(microsecond=0) for each in (start, later))
    assert (entry_key(uid) == entry_key(other)) is (uid == other)
    assert (entry_key(uid, start) == entry_key(uid, later)) is (start == later)
    assert entry_key(uid, start) != entry_key(uid)


def test_a_day_is_not_its_midnight():
    midnight = datetime(2026, 3, 5, tzinfo=UTC)
    assert entry_key("a", date(2026, 3, 5)) != entry_key("a", midnight)


def test_what_is_written_in_an_id_is_not_in_a_key():
    key, series = entry_key("Hemlig-anna@example.se"), series_key("Hemlig-anna")
    assert len(key) == len(series) == 32
    assert set(key + series) <= set("0123456789abcdef")
