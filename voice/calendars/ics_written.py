"""Our own booking, as iCalendar text."""

from collections.abc import Iterator
from datetime import UTC, datetime

from voice.calendars.port import Block
from voice.divert.model import Mark, Mode

_SIGNS = {Mode.CLOSED: ":", Mode.INFORMING: ";"}
# Bytes of a line; RFC 5545 §3.1.
_LONGEST = 75
_TITLE = "hänvisad"
_REMINDER = "-PT5M"
_PRIVATE = ("CLASS:PRIVATE", "TRANSP:TRANSPARENT")


def ics_written(block: Block, uid: str, now: datetime) -> str:
    """Return a booking, marked as ours; one that is no note reminds before its end."""
    subject = _escaped(block.note or _subject(block.mark))
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//telefonist//calendars//SV",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_stamp(now)}",
        f"DTSTART:{_stamp(block.start)}",
        f"DTEND:{_stamp(block.end)}",
        f"SUMMARY:{subject}",
        "CATEGORIES:TELEFONIST",
        "X-TELEFONIST:1",
        *(_PRIVATE if block.note else _reminder(subject)),
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _reminder(subject: str) -> tuple[str, ...]:
    return (
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{subject}",
        f"TRIGGER;RELATED=END:{_REMINDER}",
        "END:VALARM",
    )


def _subject(mark: Mark) -> str:
    return f"{mark.reason}{_SIGNS[mark.mode]} {_TITLE}"


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text


def _folded(line: str) -> Iterator[str]:
    part = ""
    for letter in line:
        if len((part + letter).encode()) > _LONGEST:
            yield part
            part = " "
        part += letter
    yield part


def _stamp(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"
