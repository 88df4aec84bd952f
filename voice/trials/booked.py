"""The calendars of a screenplay: how old their reading is, and what is booked.

    calendar 2
    calendar 90 failing 80
    calendar never
    books    2026-03-05 09:00-11:00 SAM: budgetmöte
    books    invited 13:00-14:00 SAM: utvecklingssamtal
    invites  1300

The caller's calendar was read 2 minutes ago; it was 90, and cannot be read since 80
minutes; it never was. A booking is of the day of the call where no day is said, and
all day where no time is; `private` and `invited` (somebody else's meeting) stand
before them. The one before `invites` is a meeting, to which somebody comes who is in
the directory (`lists`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from voice.calendars.following import Known, diverting
from voice.calendars.keys import entry_key
from voice.divert.agenda import mark, slip, wanted
from voice.divert.explained import Counted
from voice.divert.model import Entry, Extension, FollowCalendar, Site, Source
from voice.divert.walltime import at, local
from voice.obey import Door
from voice.store.links_port import Kept, Link, LinkKind, Progress
from voice.trials.lines import Line, extension, fault, instant

WORDS = ("calendar", "books", "invites")
_READ = re.compile(r"(?:(\d+)(?: failing (\d+))?|never)")
_BOOKED = re.compile(
    r"(?P<flags>(?:(?:private|invited) )*)(?:(?P<day>\d{4}-\d\d-\d\d) )?"
    r"(?:(?P<start>\d\d:\d\d)-(?P<end>\d\d:\d\d) ?)?(?P<subject>.*)"
)
_FORM = "write as in 2026-03-05 09:00-11:00 SAM: budget"
_BY = "replay"


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking as it stands in somebody's calendar, its text included."""

    extension: Extension
    entry: Entry
    subject: str = field(repr=False)

    def cut(self, site: Site) -> Entry:
        """Return it as a connector would: a private one without its code."""
        if self.entry.private:
            return self.entry
        found = mark(self.subject, site.reasons), slip(self.subject, site.reasons)
        return replace(self.entry, mark=found[0], slip=found[1])


@dataclass(frozen=True, slots=True)
class Calendars:
    """Whose calendars are followed, how their reading goes, and what is in them."""

    owner: Extension
    progress: Progress
    booked: tuple[Booked, ...] = ()

    @property
    def people(self) -> tuple[Extension, ...]:
        """Return everybody who has a calendar, its owner first."""
        return tuple(dict.fromkeys((self.owner, *(b.extension for b in self.booked))))


def read_calendars(
    lines: Iterable[Line], name: str, now: datetime, caller: Extension
) -> Calendars | None:
    """Read the lines about calendars; None where there are none."""
    found: Calendars | None = None
    for line in lines:
        before = found or Calendars(caller, Progress(read_at=now))
        match line.word:
            case "calendar" if read := _READ.fullmatch(line.rest):
                read_at, failing = (_ago(now, minutes) for minutes in read.groups())
                progress = Progress(read_at=read_at, failing_since=failing)
                found = replace(before, progress=progress)
            case "books" if read := _BOOKED.fullmatch(line.rest):
                number = f"{len(before.booked)}"
                entry = _entry(read, line, name, now)
                booking = Booked(
                    caller, replace(entry, key=entry_key(number)), read["subject"]
                )
                found = replace(before, booked=(*before.booked, booking))
            case "invites" if before.booked:
                meeting = before.booked[-1]
                copy = replace(meeting.entry, invited=True)
                guest = replace(meeting, extension=extension(line, name), entry=copy)
                found = replace(before, booked=(*before.booked, guest))
            case word:
                raise fault(line, name, f"'{word} {line.rest}' cannot be read: {_FORM}")
    return found


def _ago(now: datetime, minutes: str | None) -> datetime | None:
    return None if minutes is None else now - timedelta(minutes=int(minutes))


def _entry(read: re.Match[str], line: Line, name: str, now: datetime) -> Entry:
    day = read["day"] or f"{local(now):%Y-%m-%d}"
    first, last = read["start"] or "00:00", read["end"] or "00:00"
    start = instant(line, name, now, f"{day} {first}")
    end = instant(line, name, now, f"{day} {last}")
    all_day = read["start"] is None
    return Entry(
        key=entry_key(""),
        mark=None,
        start=start,
        end=at(local(start).date() + timedelta(days=1), time()) if all_day else end,
        all_day=all_day,
        private="private" in read["flags"],
        invited="invited" in read["flags"],
    )


async def put_calendars(calendars: Calendars, now: datetime, door: Door) -> None:
    """Let phones follow the calendars, as they were read before a call."""
    store, before = door.store, now - timedelta(seconds=1)
    for person in calendars.people:
        listing = await store.directory.find(person)
        await store.directory.put([replace(listing, coupled=True)], before, _BY)
        link = Link(person, LinkKind.ICS, "calendar.ics")
        await store.links.put(link, before, _BY)
        mine = (b for b in calendars.booked if b.extension == person)
        entries = tuple(booking.cut(door.site) for booking in mine)
        await store.links.keep(link, calendars.progress, Kept(entries))
        if entries:
            diverts = wanted(diverting(Known(entries), Counted()), person, door.site)
            follow = FollowCalendar(person, diverts)
            await door.obey(follow, before, Source.CALENDAR)
