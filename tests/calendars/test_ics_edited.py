"""What is written on a person's own iCalendar booking leaves all else as it was."""

from dataclasses import replace

import pytest
from calendar_samples import REASONS

from voice.calendars.ics_edited import opened_text, uncoded_text
from voice.calendars.ics_entries import reaches, read_ics
from voice.calendars.ics_fields import Reader
from voice.calendars.touched import opening

READER = Reader(REASONS, "anna@example.org")
ZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""
SINGLE = """\
UID:single
DTSTART;TZID=Europe/Stockholm:20260305T120000
DTEND;TZID=Europe/Stockholm:20260305T130000
SUMMARY;LANGUAGE=sv:SAM: budget\\, och mer
DESCRIPTION:Väl bevarat\\nmed två rader
X-APPLE-TRAVEL-DURATION;VALUE=DURATION:PT15M
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Påminnelse
TRIGGER:-PT15M
END:VALARM
"""
SERIES = SINGLE.replace("SUMMARY", "RRULE:FREQ=DAILY;COUNT=40\nSUMMARY")
GUEST = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@example.org\n"
OWN = f"ORGANIZER:mailto:anna@example.org\n{GUEST}"
INVITED = f"ORGANIZER:mailto:bo@example.org\n{GUEST}"


def text_of(*events):
    """Return a calendar's text of events, with the zone that they name."""
    held = "".join(f"BEGIN:VEVENT\n{event}END:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//SV\n{ZONE}{held}END:VCALENDAR\n"
    return text.replace("\n", "\r\n")


def read(text):
    """Return the bookings of a text, by time."""
    found = read_ics([text], reaches([text], READER), READER).entries
    return sorted(found, key=lambda entry: entry.start)


def lines_of(text):
    return sorted(text.replace("\r\n ", "").split("\r\n"))


def test_an_opened_booking_is_else_as_it_was_to_the_letter():
    text = text_of(SINGLE)
    (entry,) = read(text)
    after = opened_text(text, opening(entry), True, READER)
    added = f"X-TELEFONIST-OPENED:{opening(entry).proof}"
    assert lines_of(after) == sorted([*lines_of(text), added])
    (opened,) = read(after)
    assert replace(opened, opened="") == entry
    assert opened_text(after, opening(entry), True, READER) is after
    assert lines_of(opened_text(after, opening(entry), False, READER)) == lines_of(text)


def test_a_series_carries_what_is_of_its_days_and_stays_one():
    moved = SINGLE.replace("UID", "RECURRENCE-ID:20260307T110000Z\nUID")
    text = text_of(SERIES, moved.replace("0305T1", "0307T1"))
    before = read(text)
    for nth in (1, 2):
        text = opened_text(text, opening(before[nth]), True, READER)
    after = read(text)
    assert [replace(entry, opened="") for entry in after] == before
    for nth, entry in enumerate(after):
        is_opened = opening(before[nth]).proof in entry.opened.split()
        assert is_opened is (nth in (1, 2))


def test_a_code_is_cut_and_nothing_else():
    text = text_of(SINGLE)
    (entry,) = read(text)
    after = uncoded_text(text, opening(entry), READER)
    assert "budget\\, och mer" in after
    assert "Väl bevarat" in after
    assert [line for line in lines_of(after) if "SUMMARY" not in line] == [
        line for line in lines_of(text) if "SUMMARY" not in line
    ]
    assert read(after) == [replace(entry, mark=None)]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("DTSTART:20260305T110000Z", "DTEND:20260305T120000Z"),
        ("DTSTART:20260305T120000", "DTEND:20260305T130000"),
        ("DTSTART;TZID=Europe/Stockholm:20260305T120000", "DURATION:PT1H"),
        ("DTSTART;TZID=Nowhere/Known:20260305T120000", "DURATION:PT1H"),
    ],
)
# The 28th day is the one after the night in March when clocks change.
@pytest.mark.parametrize("nth", [0, 1, 27])
def test_a_day_of_a_series_loses_its_code_however_its_times_are_written(
    start, end, nth
):
    lines = SERIES.splitlines()
    lines[1:3] = [start, end]
    text = text_of("".join(f"{line}\n" for line in lines))
    before = read(text)
    after = read(uncoded_text(text, opening(before[nth]), READER))
    assert after[nth] == replace(before[nth], mark=None)
    assert [e for e in after if e.mark] == [e for e in before if e != before[nth]]


def test_a_day_that_was_moved_loses_its_code():
    moved = SINGLE.replace("0305T12", "0309T09").replace("0305T13", "0309T10")
    moved = moved.replace("UID", "RECURRENCE-ID:20260307T110000Z\nUID")
    text = text_of(SERIES, moved)
    before = read(text)
    (day,) = (entry for entry in before if f"{entry.start:%d %H}" == "09 08")
    after = read(uncoded_text(text, opening(day), READER))
    assert [entry for entry in after if entry.mark is None] == [replace(day, mark=None)]
    assert len(after) == len(before)


def test_what_guests_would_learn_of_is_left_alone():
    text = text_of(SINGLE + OWN)
    (entry,) = read(text)
    assert opened_text(text, opening(entry), True, READER) == text
    assert uncoded_text(text, opening(entry), READER) is None
    # Where it is not known whose the calendar is, it may be the organiser's.
    unknown = Reader(REASONS)
    text = text_of(SINGLE + INVITED)
    assert uncoded_text(text, opening(entry), unknown) is None


def test_an_own_copy_of_an_invitation_is_its_owners():
    text = text_of(SINGLE + INVITED)
    (entry,) = read(text)
    assert entry.invited
    (opened,) = read(opened_text(text, opening(entry), True, READER))
    assert opened.opened == opening(entry).proof
    assert read(uncoded_text(text, opening(entry), READER))[0].mark is None


def test_a_series_with_a_change_of_all_that_follows_is_not_cut():
    moved = SINGLE.replace(
        "UID", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260307T110000Z\nUID"
    )
    text = text_of(SERIES, moved.replace("0305T1", "0307T1"))
    assert uncoded_text(text, opening(read(text)[0]), READER) is None
    lost = text_of(moved.replace(";RANGE=THISANDFUTURE", ""))
    other = replace(opening(read(text)[0]), key="other")
    assert uncoded_text(lost, other, READER) is None
