"""`telefonist calendar explain`: the rules at work on a file."""

import json

import pytest

BEGINS = "BEGIN:VCALENDAR\nVERSION:2.0\n"
ZONE = "TZID=Europe/Stockholm"
SECRET = "Hemligt möte"


@pytest.fixture
def write(site):
    def written(*events, ends="END:VCALENDAR\n"):
        bodies = [
            "\n".join(["BEGIN:VEVENT", f"UID:{nth}", *event, "END:VEVENT\n"])
            for nth, event in enumerate(events)
        ]
        file = site / "anna.ics"
        file.write_text(BEGINS + "".join(bodies) + ends, "utf-8")
        return file

    return written


def event(subject, start="20260305T090000", end="20260305T100000", *more):
    times = [f"DTSTART;{ZONE}:{start}", f"DTEND;{ZONE}:{end}"]
    return [*times, f"SUMMARY:{subject} {SECRET}", f"DESCRIPTION:{SECRET}", *more]


MEETING = event("SAM:")
TRIP = event("tjä :", "20260305T100300", "20260305T120000")
WEEK = event("SEM:", "20260309T080000", "20260309T170000", "RRULE:FREQ=DAILY;COUNT=5")


def records(telefonist, file, *more):
    told = telefonist("calendar", "explain", str(file), "--json", *more)
    assert told.code == 0, told.err
    return [json.loads(line) for line in told.out.splitlines()]


def test_what_chains_is_one_stretch(telefonist, write):
    told = records(telefonist, write(MEETING, TRIP))
    assert told == [
        {
            "kind": "booking",
            "start": "2026-03-05T09:00:00+01:00",
            "end": "2026-03-05T10:00:00+01:00",
            "reason": "SAM",
            "mode": "closed",
            "diverts": True,
            "why": None,
            "stretch": "2026-03-05T09:00:00+01:00",
        },
        {
            "kind": "booking",
            "start": "2026-03-05T10:03:00+01:00",
            "end": "2026-03-05T12:00:00+01:00",
            "reason": "TJÄ",
            "mode": "closed",
            "diverts": True,
            "why": None,
            "stretch": "2026-03-05T09:00:00+01:00",
        },
        {
            "kind": "stretch",
            "start": "2026-03-05T09:00:00+01:00",
            "end": "2026-03-05T12:00:00+01:00",
            "reason": "SAM",
            "mode": "closed",
        },
    ]


def test_nothing_of_the_text_is_told(telefonist, write):
    file = write(MEETING, TRIP, event("SAM"), event("x SAM:"), WEEK)
    for more in ((), ("--json",)):
        told = telefonist("calendar", "explain", str(file), *more)
        assert told.code == 0
        assert "emlig" not in told.out + told.err


@pytest.mark.parametrize(
    ("booking", "why", "words"),
    [
        (event("SAM"), "no_sign", "lacks a colon"),
        (event("x SAM:"), "not_first", "not first"),
        (event("x"), "no_code", "does not begin with a code"),
        ([*MEETING, "CLASS:PRIVATE"], "private", "it is private"),
        ([*MEETING, "STATUS:CANCELLED"], "cancelled", "it is cancelled"),
        (
            [*MEETING, "ATTENDEE;PARTSTAT=DECLINED:mailto:anna@example.se"],
            "declined",
            "has declined",
        ),
        (event("SAM:", end="20260305T080000"), "no_length", "before it begins"),
        (
            ["DTSTART;VALUE=DATE:20260305", "SUMMARY:SAM: x"],
            "all_day",
            "give it a start",
        ),
    ],
)
def test_what_does_not_divert_is_told_why(telefonist, write, booking, why, words):
    file, owner = write(booking), ("--owner", "anna@example.se")
    (told,) = records(telefonist, file, *owner)
    assert (told["diverts"], told["why"], told["stretch"]) == (False, why, None)
    shown = telefonist("calendar", "explain", str(file), *owner).out
    assert words in shown
    assert "never diverted" in shown


def test_another_who_declined_does_not_matter(telefonist, write):
    file = write([*MEETING, "ATTENDEE;PARTSTAT=DECLINED:mailto:bo@example.se"])
    assert records(telefonist, file, "--owner", "anna@example.se")[0]["diverts"]


def test_days_that_were_asked_for_are_told_with_all_of_their_stretch(telefonist, write):
    day = ("--from", "2026-03-11", "--to", "2026-03-11")
    booking, stretch = records(telefonist, write(MEETING, WEEK), *day)
    assert booking["start"] == "2026-03-11T08:00:00+01:00"
    assert stretch["start"] == "2026-03-09T08:00:00+01:00"
    assert stretch["end"] == "2026-03-13T17:00:00+01:00"


@pytest.mark.parametrize(
    ("days", "bookings"),
    [
        (("--from", "2026-03-10"), 4),
        (("--to", "2026-03-09"), 2),
        (("--from", "2030-01-01"), 0),
        (("--to", "2020-01-01"), 0),
    ],
)
def test_one_end_alone_leaves_the_other_open(telefonist, write, days, bookings):
    told = records(telefonist, write(MEETING, WEEK), *days)
    assert sum(each["kind"] == "booking" for each in told) == bookings


def test_an_empty_calendar_diverts_nothing(telefonist, write):
    assert records(telefonist, write()) == []
    shown = telefonist("calendar", "explain", str(write()))
    assert "never diverted" in shown.out


def test_an_endless_series_is_told_for_a_year(telefonist, write):
    file = write(
        event("SAM:", "20260305T090000", "20260305T100000", "RRULE:FREQ=WEEKLY")
    )
    assert sum(each["kind"] == "booking" for each in records(telefonist, file)) == 53


def test_bookings_without_sense_are_counted(telefonist, write):
    file = write(MEETING, ["DTSTART:banan", f"SUMMARY:SAM: {SECRET}"])
    told = telefonist("calendar", "explain", str(file))
    assert told.code == 0
    assert "make no sense: 1." in told.err
    assert "emlig" not in told.out + told.err


@pytest.mark.parametrize(
    "days",
    [
        ("--from", "i morgon"),
        ("--to", "2026-02-30"),
        ("--to", "9999-12-31"),
        ("--from", "2026-03-05", "--to", "2026-03-04"),
    ],
)
def test_days_that_are_none_are_refused(telefonist, write, days):
    told = telefonist("calendar", "explain", str(write(MEETING)), *days)
    assert told.code == 2
    assert days[0] in told.err or "--to" in told.err


@pytest.mark.parametrize("ends", ["", f"SUMMARY:{SECRET}", "BEGIN:VEVENT\n"])
def test_a_broken_file_gives_one_sentence(telefonist, write, ends):
    told = telefonist("calendar", "explain", str(write(MEETING, ends=ends)))
    assert told.code == 1
    assert "no calendar" in told.err
    assert "emlig" not in told.err
    assert len(told.err.strip().splitlines()) <= 3


def test_a_file_that_is_not_there_is_told(telefonist, site):
    told = telefonist("calendar", "explain", "nobody.ics")
    assert told.code == 1
    assert "cannot be read" in told.err
