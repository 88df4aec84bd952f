"""Whatever people do, and whatever goes wrong, what is known is what is there."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from google_samples import ANNA, BERIT, DAY, HOUR, calendar_of, workspace_of
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.google import GoogleStandIn, stand_in
from tests.fakes.google_calendars import cancelled
from tests.fakes.google_faults import Way
from voice.calendars.google import GoogleCalendar
from voice.calendars.ground import after
from voice.calendars.port import Block, CalendarError, CursorExpiredError, Window
from voice.divert.model import Entry, EntryKey, Mark, Mode

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
WINDOW = Window(MONDAY - 3 * DAY, MONDAY + 20 * DAY)
SUBJECTS = ("SAM: x", "TJÄ; x", "SEM:", "x", "SAM x", "")
RULES = (
    "FREQ=DAILY;COUNT=3",
    "FREQ=WEEKLY;COUNT=4",
    "FREQ=DAILY;UNTIL=20260310T080000Z",
)
FAULTS = (
    {"status": 500},
    {"status": 403, "reason": "rateLimitExceeded"},
    {"way": Way.DROPPED, "after": True, "times": 2},
    {"way": Way.HALF, "times": 2},
)

number = st.integers(0, 9)
subjects = st.sampled_from(SUBJECTS)
# Some lie outside the window, and some are moved over the spring night.
starts = st.integers(-8, 30).map(lambda days: MONDAY + days * DAY)
steps = st.one_of(
    st.tuples(st.just("book"), subjects, starts, st.booleans()),
    st.tuples(st.just("repeat"), subjects, starts, st.sampled_from(RULES)),
    st.tuples(st.just("subject"), number, subjects),
    st.tuples(st.just("move"), number, starts),
    st.tuples(st.just("rule"), number, st.sampled_from(RULES)),
    st.tuples(st.just("day"), number, number, starts),
    st.tuples(st.just("drop_day"), number, number),
    st.tuples(st.just("remove"), number),
    st.tuples(st.just("respond"), number, st.sampled_from(["declined", "accepted"])),
    st.tuples(st.just("hide"), number, st.sampled_from(["private", "default"])),
    st.tuples(st.just("put"), number, starts),
    st.tuples(st.just("take"), number),
    st.tuples(st.just("expire")),
    st.tuples(st.just("fail"), st.sampled_from(FAULTS)),
    st.tuples(st.just("read")),
)


@dataclass
class Story:
    """A calendar of a guest and organiser, and what has been read of it."""

    google: GoogleStandIn
    calendar: GoogleCalendar
    made: list[str] = field(default_factory=list)
    known: dict[EntryKey, Entry] = field(default_factory=dict)
    cursor: object = None

    async def take(self, step: tuple) -> None:
        match step:
            case "read", *_:
                await self._read()
            case "put", nth, start:
                mark = Mark("SAM", Mode.CLOSED)
                await self.calendar.put(Block(str(nth), mark, start, start + HOUR))
            case "take", nth:
                await self.calendar.drop(str(nth))
            case "expire", *_:
                self.google.expire_tokens(ANNA)
            case "fail", fault:
                self.google.fail(**fault, path="/events")
            case "book", subject, start, invited:
                owner, guests = (BERIT, [ANNA]) if invited else (ANNA, [])
                self._book(owner, subject, start, guests=guests)
            case "repeat", subject, start, rule:
                # From elsewhere, so that no key follows from an id.
                foreign = {"iCalUID": f"uid-{len(self.made)}"}
                rule = [f"RRULE:{rule}"]
                self._book(ANNA, subject, start, recurrence=rule, **foreign)
            case what, nth, *more if self.made:
                self._change(what, self.made[nth % len(self.made)], *more)

    def _book(self, owner: str, subject: str, start: datetime, **more: object) -> None:
        self.made.append(self.google.book(owner, subject, start, start + HOUR, **more))

    def _change(self, what: str, name: str, *more: object) -> None:
        event = self.google.calendars.of[ANNA].find(name)
        if event is None or cancelled(event):
            return
        owner = event["organizer"]["email"]
        match what, more:
            case "subject", [subject]:
                self.google.edit(ANNA, name, summary=subject)
            case "move", [start]:
                self.google.edit(owner, name, start=start, end=start + HOUR)
            case "rule", [rule] if "recurrence" in event:
                self.google.edit(owner, name, recurrence=[f"RRULE:{rule}"])
            case "day", [nth, start] if days := self.google.instances(ANNA, name):
                day = days[nth % len(days)]
                self.google.edit(ANNA, day, start=start, end=start + HOUR)
            case "drop_day", [nth] if days := self.google.instances(ANNA, name):
                self.google.remove(ANNA, days[nth % len(days)])
            case "remove", []:
                self.google.remove(owner, name)
            case "respond", [response] if "attendees" in event:
                self.google.respond(ANNA, name, response)
            case "hide", [visibility]:
                self.google.edit(ANNA, name, visibility=visibility)

    async def _read(self) -> None:
        try:
            reading = await self.calendar.read(WINDOW, self.cursor)
        except CursorExpiredError:
            reading = await self.calendar.read(WINDOW, None)
        self.known = after(self.known.values(), reading)
        self.cursor = reading.cursor


async def told(steps: list[tuple], page_size: int) -> None:
    with stand_in() as google:
        google.lists.page_size = page_size
        for owner in (ANNA, BERIT):
            google.person(owner)
        async with workspace_of(google, threads=1) as workspace:
            story = Story(google, calendar_of(workspace))
            for step in steps:
                try:
                    await story.take(step)
                except CalendarError:
                    # A step that went wrong is taken again later, or never.
                    continue
            google.faults.clear()
            await story.take(("read",))
            whole = await story.calendar.read(WINDOW, None)
            assert story.known == {entry.key: entry for entry in whole.entries}


@settings(max_examples=40)
@given(st.lists(steps, max_size=25), st.sampled_from([1, 2, 2500]))
def test_changes_add_up_to_the_whole(steps, page_size):
    asyncio.run(told(steps, page_size))
