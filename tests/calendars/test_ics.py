"""iCalendar, as sensible programs write it, and as others do."""

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from calendar_samples import DAY, REASONS, SAM
from hypothesis import given
from hypothesis import strategies as st
from ics_texts import calendar, event

from voice.calendars.ics_entries import read_ics
from voice.calendars.ics_fields import Reader
from voice.calendars.keys import entry_key, series_key
from voice.calendars.port import (
    BrokenAnswerError,
    Window,
)
from voice.divert.model import Mark, Mode, Slip

MARCH = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
READER = Reader(REASONS, owner="anna@example.se")
DAILY = "RRULE:FREQ=DAILY"


def held(*events, window=MARCH):
    return read_ics([calendar(*events)], window, READER)


def only(*more, start="20260305T090000Z", end="20260305T100000Z"):
    (entry,) = held(event(start, end, *more)).entries
    return entry


def starts(*events):
    return sorted(f"{entry.start:%d %H:%M}" for entry in held(*events).entries)


def test_a_booking_is_read_without_its_text():
    entry = only("DESCRIPTION:Hemligt", "LOCATION:Hemligt", "ATTENDEE:mailto:x@y.se")
    assert entry.mark == SAM
    assert entry.start == datetime(2026, 3, 5, 9, tzinfo=UTC)
    assert entry.end == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert entry.key == entry_key("a")
    assert "Hemligt" not in repr(entry)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["CLASS:PRIVATE"], {"private": True, "mark": None}),
        (["CLASS:CONFIDENTIAL"], {"private": True, "mark": None}),
        (["CLASS:X-OTHER"], {"private": True, "mark": None}),
        (["CLASS:public"], {"private": False, "mark": SAM}),
        (["STATUS:CANCELLED"], {"cancelled": True}),
        (["STATUS:TENTATIVE"], {"tentative": True}),
        (["X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"], {"tentative": True}),
        (["TRANSP:TRANSPARENT"], {"free": True}),
        (["X-MICROSOFT-CDO-BUSYSTATUS:FREE"], {"free": True}),
        (["TRANSP:OPAQUE"], {"free": False, "tentative": False, "cancelled": False}),
        (["ATTENDEE;PARTSTAT=DECLINED:mailto:Anna@Example.se"], {"declined": True}),
        (["ATTENDEE;PARTSTAT=declined;EMAIL=anna@example.se:/a"], {"declined": True}),
        (["ATTENDEE;PARTSTAT=TENTATIVE:mailto:anna@example.se"], {"tentative": True}),
        (["ATTENDEE;PARTSTAT=DECLINED:mailto:bo@example.se"], {"declined": False}),
        (["ORGANIZER:mailto:bo@example.se"], {"invited": True}),
        (["ORGANIZER:MAILTO:ANNA@example.se"], {"invited": False}),
        (["X-TELEFONIST:1"], {"ours": True}),
        (["SUMMARY:SAM budget"], {"mark": None, "slip": Slip.NO_SIGN}),
        (["SUMMARY:sam\\;budget"], {"mark": Mark("SAM", Mode.INFORMING)}),
        (["SUMMARY:SAM", " : budget"], {"mark": SAM}),
        (["SUMMARY:SAM: a", "SUMMARY:b"], {"mark": SAM}),
        (["SUMMARY:"], {"mark": None, "slip": None}),
        (["BEGIN:VALARM", "TRIGGER:-PT5M", "SUMMARY:LDG: x", "END:VALARM"], {}),
    ],
)
def test_what_the_rules_may_know_is_read(lines, told):
    entry = only(*lines)
    assert {name: getattr(entry, name) for name in told} == told


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (";TZID=Europe/Stockholm:20260305T090000", ":20260305T090000Z", (8, 9)),
        (":20260305T090000", ":20260305T100000", (8, 9)),
        (";TZID=Mars/Base:20260305T090000", ":20260305T100000", (8, 9)),
        (";TZID=W. Europe Standard Time:20260305T090000", ":20260305T100000Z", (8, 10)),
        (";TZID=America/New_York:20260305T090000", ":20260305T160000Z", (14, 16)),
    ],
)
def test_a_time_without_a_known_place_is_the_sites(start, end, hours):
    entry = only(start=start, end=end[1:])
    assert (entry.start.hour, entry.end.hour) == hours


def test_a_site_elsewhere_has_another_clock():
    text = calendar(event("20260305T090000", "20260305T100000"))
    there = Reader(REASONS, zone=ZoneInfo("Europe/Helsinki"))
    (entry,) = read_ics([text], MARCH, there).entries
    assert entry.start.hour == 7


def test_an_all_day_booking_begins_at_midnight_here():
    entry = only(start=";VALUE=DATE:20260305", end=";VALUE=DATE:20260307")
    assert entry.all_day
    assert entry.start == datetime(2026, 3, 4, 23, tzinfo=UTC)
    assert entry.end - entry.start == 2 * DAY


def test_midnight_to_midnight_is_not_all_day():
    assert not only(start="20260304T230000Z", end="20260305T230000Z").all_day


@pytest.mark.parametrize(
    ("lines", "hours"),
    [
        (["DTSTART:20260305T090000Z", "DURATION:PT2H"], 2),
        (["DTSTART:20260305T090000Z"], 0),
        (["DTSTART:20260305T090000Z", "DTEND:20260305T080000Z"], 0),
        (["DTSTART:20260305T090000Z", "DURATION:-PT2H"], 0),
        (["DTSTART;TZID=Europe/Stockholm:20260328T120000", "DURATION:P1D"], 23),
        (["DTSTART;TZID=Europe/Stockholm:20260329T010000", "DURATION:PT2H"], 2),
    ],
)
def test_the_length_is_what_is_told_and_never_less_than_none(lines, hours):
    (entry,) = held(["UID:a", *lines]).entries
    assert (entry.end - entry.start).total_seconds() == hours * 3600


def test_a_series_has_its_days_without_those_taken_out():
    master = event(
        ";TZID=Europe/Stockholm:20260302T090000",
        ";TZID=Europe/Stockholm:20260302T100000",
        "RRULE:FREQ=DAILY;COUNT=4",
        "EXDATE;TZID=Europe/Stockholm:20260303T090000",
    )
    assert starts(master) == ["02 08:00", "04 08:00", "05 08:00"]


def test_a_series_keeps_to_the_clock_when_clocks_change():
    master = event(
        ";TZID=Europe/Stockholm:20260327T090000",
        ";TZID=Europe/Stockholm:20260327T100000",
        "RRULE:FREQ=DAILY;COUNT=3",
    )
    assert starts(master) == ["27 08:00", "28 08:00", "29 07:00"]


def test_a_moved_day_keeps_its_key():
    master = event("20260302T090000Z", "20260302T100000Z", "RRULE:FREQ=DAILY;COUNT=3")
    moved = event("20260320T130000Z", "20260320T140000Z")
    moved.append("RECURRENCE-ID:20260303T090000Z")
    before = {entry.key: entry.start for entry in held(master).entries}
    after = {entry.key: entry.start for entry in held(master, moved).entries}
    assert before.keys() == after.keys()
    (key,) = [key for key in before if before[key] != after[key]]
    assert (before[key].day, after[key].day) == (3, 20)


def test_a_copy_written_in_another_zone_has_the_same_key():
    here = event(";TZID=Europe/Stockholm:20260302T090000", "20260302T090000Z", DAILY)
    there = event("20260302T080000Z", "20260302T090000Z", DAILY)
    keys = [{entry.key for entry in held(each).entries} for each in (here, there)]
    assert len(keys[0] & keys[1]) == 27  # until the clocks change


def test_one_day_of_a_series_may_be_all_that_one_is_invited_to():
    alone = event(uid="a")
    alone.append("RECURRENCE-ID:20260305T090000Z")
    series = event("20260301T090000Z", "20260301T100000Z", DAILY)
    (entry,) = held(alone).entries
    assert entry in held(series).entries


def test_days_that_follow_an_exception_move_with_it():
    series = event("20260302T090000Z", "20260302T100000Z", "RRULE:FREQ=DAILY;COUNT=4")
    later = event("20260304T130000Z", "20260304T140000Z", "SUMMARY:LDG: x")
    later.append("RECURRENCE-ID;RANGE=THISANDFUTURE:20260304T090000Z")
    assert starts(series, later) == ["02 09:00", "03 09:00", "04 13:00", "05 13:00"]
    before, after = held(series).entries, held(series, later).entries
    assert {entry.key for entry in before} == {entry.key for entry in after}


def test_a_series_that_ends_on_a_day_has_that_day():
    rule = "RRULE:FREQ=DAILY;UNTIL=20260304"
    series = event(";TZID=Europe/Stockholm:20260302T090000", "20260302T090000Z", rule)
    assert starts(series) == ["02 08:00", "03 08:00", "04 08:00"]


def test_an_endless_series_is_read_within_the_window():
    series = event("19700101T090000Z", "19700101T100000Z", DAILY)
    assert len(held(series).entries) == 31


def test_ten_thousand_days_of_a_series_are_read():
    window = Window(MARCH.start, MARCH.start + 10_000 * DAY)
    assert (
        len(
            held(
                event("20200101T090000Z", "20200101T100000Z", DAILY), window=window
            ).entries
        )
        == 10_000
    )


def test_of_duplicates_the_latest_counts():
    copies = [
        event("20260304T090000Z", "20260304T100000Z", "SEQUENCE:1"),
        event("20260305T090000Z", "20260305T100000Z", "SEQUENCE:3"),
        event("20260306T090000Z", "20260306T100000Z", "SEQUENCE:2"),
    ]
    assert starts(*copies) == ["05 09:00"]
    again = read_ics([calendar(each) for each in copies], MARCH, READER)
    assert [entry.start.day for entry in again.entries] == [5]


def test_bookings_without_an_id_are_kept_apart():
    nameless = [line for line in event() if not line.startswith("UID")]
    first = held(nameless, nameless, event(uid="b")).entries
    assert len({entry.key for entry in first}) == 3
    assert held(nameless, nameless, event(uid="b")).entries == first


@pytest.mark.parametrize(
    "lines",
    [
        ["DTEND:20260305T100000Z"],
        ["DTSTART 20260305T090000Z"],
        ["DTSTART:2026banan"],
        ["DTSTART:20260305T090000Z", "RRULE:FREQ=BANANLY"],
        ["DTSTART:20260305T090000Z", "RRULE:COUNT=3"],
        ["DTSTART:20260305T090000Z", "RRULE:FREQ=SECONDLY"],
        ["DTSTART:20260305T090000Z", "RRULE:FREQ=MINUTELY"],
        [
            "DTSTART:20260305T090000Z",
            f"RRULE:FREQ=DAILY;BYHOUR=9;BYMINUTE={','.join(map(str, range(60)))}",
        ],
        ["DTSTART:20260305T090000Z", "RDATE:banan"],
        ["DTSTART:20260305T090000Z", "RECURRENCE-ID:banan"],
        ["DTSTART:00010101T000000Z"],
        ["DTSTART:99991231T235959Z", "DURATION:P10D"],
        ["DTSTART:20260305T090000Z", "DTEND:99991231T235959Z"],
        ["DTSTART:20260305T090000Z", "DURATION:P99999999999D"],
    ],
)
def test_a_booking_that_makes_no_sense_leaves_the_others(lines):
    read = held(["UID:a", "SUMMARY:SAM: x", *lines], event(uid="b"))
    assert read.unreadable == 1
    assert [entry.key for entry in read.entries] == [entry_key("b")]
    assert read.unclear == {entry_key("a"), series_key("a")}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SAM: budget",
        "<html><body>Logga in</body></html>",
        calendar(event())[:-40],
        calendar(event()).replace("END:VEVENT\r\n", ""),
        "BEGIN:VEVENT\r\nDTSTART:20260305T090000Z\r\nEND:VEVENT\r\n",
    ],
)
def test_a_text_that_is_no_whole_calendar_is_refused_in_one_sentence(text):
    with pytest.raises(BrokenAnswerError, match=r"no calendar.*\.ics") as raised:
        read_ics([text], MARCH, READER)
    # Nor do the library's words, which are those of the calendar, come along.
    assert raised.value.__context__ is None


def test_one_booking_of_many_is_cut_off_and_none_is_read():
    events = [event(uid=str(nth)) for nth in range(20)]
    text = calendar(*events)
    for length in range(0, len(text) - len("END:VCALENDAR\r\n"), 97):
        with pytest.raises(BrokenAnswerError):
            read_ics([text[:length]], MARCH, READER)


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_is_refused(anything):
    with pytest.raises(BrokenAnswerError, match="no calendar"):
        read_ics([anything], MARCH, READER)


@given(st.sampled_from(["DTSTART", "DTEND", "RRULE", "EXDATE", "X"]), st.text())
def test_any_value_is_read_or_left_out_or_breaks_the_text(name, anything):
    line = f"{name}:{anything}"
    text = calendar(event(uid="b"), [*event(), line])
    read = None
    with suppress(BrokenAnswerError):
        read = read_ics([text], MARCH, READER)
    assert read is None or entry_key("b") in {entry.key for entry in read.entries}
