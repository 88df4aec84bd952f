"""Whatever its owner does and whatever goes wrong, what is known of CalDAV is so."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from caldav_samples import caldav_at
from calendar_samples import DAY, NOW, SAM
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odd_door import XML, Answered, always, lost, only
from radicale_server import RadicaleHand, make_calendar

from voice.calendars.ground import Booking, Ground, after
from voice.calendars.port import CalendarError, CursorExpiredError, Window

HOUR = timedelta(hours=1)
EXPIRED = b'<error xmlns="DAV:"><valid-sync-token/></error>'
FAULTS = (
    always(None),
    always(Answered(503)),
    always(Answered(401)),
    always(Answered(207, b"<a>", XML)),
    only("sync-collection", Answered(403, EXPIRED, XML)),
    only("sync-collection", None),
    only("calendar-query", None),
    only("calendar-multiget", None),
    only("calendar-multiget", Answered(500)),
    only("PUT", None),
    lost("PUT"),
    lost("DELETE"),
    lost("sync-collection"),
)
NTH, HOURS = st.integers(0, 7), st.integers(0, 40)
SUBJECTS = st.sampled_from(["SAM: x", "SEM; y", "SAM", "lunch", ""])
STEPS = st.one_of(
    st.tuples(st.just("book"), SUBJECTS, HOURS),
    st.tuples(st.just("series"), SUBJECTS, st.integers(2, 30)),
    st.tuples(st.just("rename"), SUBJECTS, NTH),
    st.tuples(st.just("move"), st.integers(-3000, 3000), NTH),
    st.tuples(st.just("hide"), st.booleans(), NTH),
    st.tuples(st.just("remove"), st.none(), NTH),
    st.tuples(st.just("move_day"), st.integers(0, 5), NTH),
    st.tuples(st.just("remove_day"), st.integers(0, 5), NTH),
    st.tuples(st.just("put"), HOURS, st.integers(0, 2)),
    st.tuples(st.just("drop"), st.none(), st.integers(0, 2)),
    st.tuples(st.just("fail"), st.sampled_from(FAULTS), st.none()),
    st.tuples(st.just("days pass"), st.integers(1, 12), st.none()),
)
# What servers are known not to tell.
LACKS = [(), ("sync-token",), ("sync-token", "CS:getctag"), ("getetag",)]


class Story:
    """What happens to one calendar, step by step."""

    def __init__(self, ground, door, lacks):
        self._ground, self._door, self._lacks = ground, door, lacks
        self._made = {}
        self.window = ground.window
        self.mend()

    def mend(self):
        """Let the server answer as well as it can."""
        self._door.bend = lambda asked, ask: ask().without(*self._lacks)

    async def happen(self, what, one, other):
        """Do as its owner, time or the server does."""
        start = self._ground.hour
        match what:
            case "book":
                begins = start + other * HOUR
                await self._book(Booking(one, begins, begins + HOUR))
            case "series":
                await self._book(Booking(one, start, start + HOUR, days=other))
            case "fail":
                self._door.bend = one
            case "days pass":
                by = one * DAY
                self.window = Window(self.window.start + by, self.window.end + by)
            case "put" | "drop":
                await self._write(what, one, other)
            case _ if self._made:
                name = sorted(self._made)[other % len(self._made)]
                await self._change(what, one, name)

    async def _book(self, booking):
        self._made[await self._ground.hand.book(booking)] = booking

    async def _change(self, what, one, name):
        made, hand = self._made[name], self._ground.hand
        match what:
            case "rename":
                made = replace(made, subject=one)
            case "move":
                start = self._ground.hour + one * HOUR
                made = replace(made, start=start, end=start + HOUR)
            case "hide":
                made = replace(made, private=one)
            case "remove":
                await hand.remove(name)
                del self._made[name]
                return
            case "move_day":
                if one < made.days > 1:
                    await hand.move_day(name, one, made.start + one * DAY + 3 * HOUR)
                return
            case "remove_day":
                if one < made.days - 1:
                    await hand.remove_day(name, one)
                return
        self._made[name] = made
        await hand.rebook(name, made)

    async def _write(self, what, one, other):
        block = self._ground.block(other)
        with suppress(CalendarError):
            if what == "put":
                late = one * timedelta(minutes=1)
                await self._ground.calendar.put(replace(block, end=block.end + late))
            else:
                await self._ground.calendar.drop(block.key)


async def told(story, calendar, other, steps):
    """Follow a calendar through a story, and compare what is known at each step."""
    known, cursor = {}, None
    for step in steps:
        await story.happen(*step)
        try:
            reading = await calendar.read(story.window, cursor)
        except CursorExpiredError:
            cursor = None
            continue
        except CalendarError:
            story.mend()
            continue
        known, cursor = after(known.values(), reading), reading.cursor
        # Another connection that reads everything finds the very same.
        fresh = await other.read(story.window, None)
        within = {
            entry.key: entry
            for entry in known.values()
            if story.window.touches(entry.start, entry.end)
        }
        assert within == {entry.key: entry for entry in fresh.entries}
        assert sum(entry.ours for entry in fresh.entries) <= 3


@settings(
    deadline=None,
    max_examples=6,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, max_size=12))
@pytest.mark.parametrize("lacks", LACKS, ids=lambda lacks: " ".join(lacks) or "nothing")
async def test_what_is_known_is_what_is_there(radicale_place, door, lacks, steps):
    address = make_calendar(radicale_place)
    through = address.replace(radicale_place, door.address)
    async with caldav_at(through) as calendar, caldav_at(address) as other:
        ground = Ground(calendar, SAM, NOW, RadicaleHand(address))
        await told(Story(ground, door, lacks), calendar, other, steps)
