"""iCalendar texts, and a hand that writes them into a file as an owner does."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

DAY = timedelta(days=1)


def calendar(*events):
    """Return a text of events, each the lines of one."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tests//SV"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "END:VEVENT"]
    return "".join(f"{line}\r\n" for line in [*lines, "END:VCALENDAR"])


def event(start="20260305T090000Z", end="20260305T100000Z", *more, uid="a"):
    """Return the lines of a booking with a code; what is more comes last."""
    subject = () if any(line.startswith("SUMMARY") for line in more) else ("SAM: x",)
    title = [f"SUMMARY:{text}" for text in subject]
    return [
        f"UID:{uid}",
        f"DTSTART{_after(start)}",
        f"DTEND{_after(end)}",
        *title,
        *more,
    ]


def _after(time):
    return time if time[0] == ";" else f":{time}"


class FileHand:
    """The owner of a calendar that is kept in a file."""

    def __init__(self, file):
        self._file = file
        self._made = {}
        self._moved = {}
        self._removed = {}
        self._write()

    async def book(self, booking):
        name = f"booking-{len(self._made)}"
        await self.rebook(name, booking)
        return name

    async def rebook(self, name, booking):
        self._made[name] = booking
        self._write()

    async def remove(self, name):
        self._made[name] = None
        self._moved.pop(name, None)
        self._write()

    async def move_day(self, name, nth, start):
        self._moved.setdefault(name, {})[nth] = start
        self._write()

    async def remove_day(self, name, nth):
        self._removed.setdefault(name, []).append(nth)
        self._write()

    def _write(self):
        events = []
        for name, booking in self._made.items():
            if booking is not None:
                events.append(self._lines(name, booking))
                for nth, start in self._moved.get(name, {}).items():
                    original = booking.start + nth * DAY
                    end = start + (booking.end - booking.start)
                    day = replace(booking, start=start, end=end, days=1)
                    moved = [f"RECURRENCE-ID:{stamp(original)}"]
                    events.append([*self._lines(name, day)[:5], *moved])
        self._file.write_text(calendar(*events), "utf-8", newline="")

    def _lines(self, name, booking):
        form = (lambda at: f";VALUE=DATE:{at:%Y%m%d}") if booking.all_day else stamped
        subject = booking.subject.replace(";", "\\;")
        lines = [
            f"UID:{name}",
            f"DTSTART{form(booking.start)}",
            f"DTEND{form(booking.end)}",
            f"SUMMARY:{subject}",
            f"TRANSP:{'TRANSPARENT' if booking.free else 'OPAQUE'}",
        ]
        if booking.private:
            lines.append("CLASS:PRIVATE")
        if booking.days > 1:
            lines.append(f"RRULE:FREQ=DAILY;COUNT={booking.days}")
        for nth in self._removed.get(name, []):
            lines.append(f"EXDATE:{stamp(booking.start + nth * DAY)}")
        return lines


def stamp(at: datetime | date) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def stamped(at):
    return f":{stamp(at)}"
