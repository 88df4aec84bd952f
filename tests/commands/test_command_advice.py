"""`calendar advice`, and how old a reading is wherever diverts are listed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command_line import Telefonist

BOOKINGS = (
    ("SAM lönesamtal med Bertil", "T090000", "T100000", ""),
    ("SAM: styrgrupp", "T100000", "T110000", ""),
    ("Bertil TJÄ: hembesök", "T130000", "T140000", ""),
    ("SEM: fjällen", "", "", ""),
    ("SAM: läkarbesök", "T150000", "T160000", "CLASS:PRIVATE"),
)
SECRETS = ("lönesamtal", "Bertil", "styrgrupp", "fjällen", "läkar", "anna-berg")


def event(number: int, subject: str, start: str, end: str, more: str) -> list[str]:
    day = (datetime.now(UTC) + timedelta(days=2)).date()
    whole = ";VALUE=DATE" if not start else ""
    ends = day if start else day + timedelta(days=1)
    lines = [
        *("BEGIN:VEVENT", f"UID:{number}", "DTSTAMP:20260101T000000Z"),
        f"DTSTART{whole}:{day:%Y%m%d}{start}" + "Z" * bool(start),
        f"DTEND{whole}:{ends:%Y%m%d}{end}" + "Z" * bool(end),
        *(f"SUMMARY:{subject}", more, "END:VEVENT"),
    ]
    return [line for line in lines if line]


@pytest.fixture
def feed(telefonist: Telefonist, tmp_path: Path) -> Path:
    """Couple somebody to a calendar with much that is amiss in it, and read it."""
    telefonist("extension", "add", "1234", "Anna Berg")
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//SV"]
    events = [line for n, b in enumerate(BOOKINGS) for line in event(n, *b)]
    file = tmp_path / "anna-berg.ics"
    file.write_bytes("\r\n".join((*head, *events, "END:VCALENDAR", "")).encode())
    telefonist("calendar", "link", "1234", "--ics", str(file))
    assert telefonist("calendar", "sync", "--once").code == 0
    return file


def records(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


def test_what_keeps_bookings_from_closing_a_phone_is_told_with_its_remedy(
    telefonist: Telefonist, feed: Path
) -> None:
    told = telefonist("calendar", "advice", "1234")
    assert told.code == 0
    for remedy in ("colon", "begin the subject", "start and an end", "private"):
        assert remedy in told.out
    for secret in SECRETS:
        assert secret not in told.out + told.err


def test_programs_read_the_same_and_no_time_of_a_private_booking(
    telefonist: Telefonist, feed: Path
) -> None:
    told = telefonist("calendar", "advice", "1234", "--json")
    reading, *snags = records(told.out)
    assert reading["kind"] == "reading"
    assert 0 <= float(str(reading["age_seconds"])) < 600
    assert [each["snag"] for each in snags] == [
        "all_day",
        "no_sign",
        "not_first",
        "private",
    ]
    assert snags[0]["reason"] == "SEM"
    assert snags[-1] == {
        "kind": "snag",
        "snag": "private",
        "start": None,
        "end": None,
        "reason": None,
        "remedy": snags[-1]["remedy"],
    }
    for secret in SECRETS:
        assert secret not in told.out


def test_a_calendar_that_cannot_be_read_is_shown_so_in_every_view(
    telefonist: Telefonist, feed: Path
) -> None:
    feed.unlink()
    telefonist("calendar", "sync", "--once")
    advice = telefonist("calendar", "advice", "1234")
    assert "cannot be read since 20" in advice.out
    for view in (("divert", "list"), ("calendar", "status")):
        shown = telefonist(*view)
        assert "ago" in shown.out
        assert "Since 20" in shown.out
    (stands,) = records(telefonist("divert", "list", "1234", "--json").out)
    reading = stands["calendar"]
    assert isinstance(reading, dict)
    assert reading["fault"]
    assert reading["failing_since"]
    assert reading["read_at"] < reading["failing_since"]


def test_nothing_amiss_is_said_and_a_meeting_counted(
    telefonist: Telefonist, tmp_path: Path
) -> None:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//SV"]
    meeting = event(1, "SAM: styrgrupp", "T100000", "T110000", "")
    guests = ["ORGANIZER:mailto:anna@example.se", "ATTENDEE:mailto:bo@example.se"]
    lines = (*head, *meeting[:-1], *guests, meeting[-1], "END:VCALENDAR", "")
    file = tmp_path / "both.ics"
    file.write_bytes("\r\n".join(lines).encode())
    for number, owner in (("1234", "anna"), ("1300", "bo")):
        telefonist("extension", "add", number, "Någon")
        mail = f"{owner}@example.se"
        telefonist("calendar", "link", number, "--ics", file, "--owner", mail)
    telefonist("calendar", "sync", "--once")
    told = telefonist("calendar", "advice", "1234")
    assert "Nothing is amiss" in told.out
    assert "closes 2 phones" in told.out
    (_, counted) = records(telefonist("calendar", "advice", "1234", "--json").out)
    assert (counted["kind"], counted["phones"]) == ("meeting", 2)
    assert "phones" not in telefonist("calendar", "advice", "1300").out


@pytest.mark.parametrize(
    ("number", "remedy"), [("9999", "extension add 9999"), ("1234", "calendar link")]
)
def test_who_follows_no_calendar_gets_a_sentence_with_the_remedy(
    telefonist: Telefonist, number: str, remedy: str
) -> None:
    telefonist("extension", "add", "1234", "Anna Berg")
    told = telefonist("calendar", "advice", number)
    assert (told.code, told.out) == (1, "")
    assert remedy in " ".join(told.err.split())
