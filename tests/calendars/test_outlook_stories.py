"""Whatever its owner does and whatever goes wrong, what is known of Outlook is so."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from outlook_samples import ANNA, DAY, HOUR, calendar_of, daily, ground_of, way_to

from tests.fakes.google_faults import Way
from tests.fakes.graph import stand_in
from voice.calendars.ground import after, whole
from voice.calendars.port import CalendarError, CursorExpiredError

_SUBJECTS = st.sampled_from(["SAM: x", "SEM; y", "SAM", "lunch", ""])
_HOURS = st.integers(0, 40)
_FAULTS = (
    {"status": 429},
    {"status": 410, "reason": "SyncStateNotFound"},
    {"status": 403},
    {"way": Way.DROPPED},
    {"way": Way.DROPPED, "after": True},
    {"way": Way.HALF},
    {"way": Way.INSTEAD, "status": 200, "body": b"<html>"},
)
_STEPS = st.one_of(
    st.tuples(st.just("book"), _SUBJECTS, _HOURS),
    st.tuples(st.just("series"), _SUBJECTS, st.integers(1, 6)),
    st.tuples(st.just("rename"), _SUBJECTS, _HOURS),
    st.tuples(st.just("move"), _HOURS, st.integers(-90, 90)),
    st.tuples(st.just("hide"), _HOURS, st.booleans()),
    st.tuples(st.just("remove"), _HOURS, st.none()),
    st.tuples(st.just("move_day"), _HOURS, st.integers(0, 5)),
    st.tuples(st.just("remove_day"), _HOURS, st.integers(0, 5)),
    st.tuples(st.just("put"), st.integers(0, 2), _HOURS),
    st.tuples(st.just("drop"), st.integers(0, 2), st.none()),
    st.tuples(st.just("fail"), st.sampled_from(_FAULTS), st.integers(0, 2)),
    st.tuples(st.just("expire"), st.none(), st.none()),
)


class Story:
    """What happens to one calendar, step by step."""

    def __init__(self, microsoft, ground):
        self._graph, self._ground = microsoft, ground

    def happen(self, what, one, other):
        """Do as its owner does."""
        graph, start = self._graph, self._ground.hour
        match what:
            case "book":
                begins = start + other * HOUR
                graph.book(ANNA, one, begins, begins + HOUR)
            case "series":
                graph.book(
                    ANNA, one, start, start + HOUR, recurrence=daily(start, other)
                )
            case "fail":
                graph.fail(**one, times=1 + other)
            case "expire":
                graph.deltas.expire()
            case _:
                self._change(what, one, other)

    def _change(self, what, one, other):
        rows = self._graph.rows(ANNA)
        if not rows:
            return
        row = rows[(other if what == "rename" else one) % len(rows)]
        days = self._graph.days(ANNA, row["id"])
        start = self._ground.hour + timedelta(days=other) if what == "move" else None
        match what:
            case "rename":
                self._graph.edit(ANNA, row["id"], subject=one)
            case "move" if row["type"] == "singleInstance":
                self._graph.edit(ANNA, row["id"], start=start, end=start + HOUR)
            case "hide":
                hidden = "private" if other else "normal"
                self._graph.edit(ANNA, row["id"], sensitivity=hidden)
            case "remove":
                self._graph.remove(ANNA, row["id"])
            case "move_day" if days:
                later = self._ground.hour + other * DAY + 3 * HOUR
                day = days[other % len(days)]
                self._graph.edit(ANNA, day, start=later, end=later + HOUR)
            case "remove_day" if days and row["type"] == "seriesMaster":
                self._graph.remove(ANNA, days[other % len(days)])


async def write(ground, what, one, other):
    match what:
        case "put":
            block, late = ground.block(one), other * timedelta(minutes=1)
            await ground.calendar.put(replace(block, end=block.end + late))
        case "drop":
            await ground.calendar.drop(ground.block(one).key)


async def told(microsoft, steps):
    """Follow a calendar through a story, and compare what is known at each step."""
    async with way_to(microsoft) as graph:
        ground = ground_of(calendar_of(graph), microsoft)
        story, known, cursor = Story(microsoft, ground), {}, None
        for step in steps:
            story.happen(*step)
            with suppress(CalendarError):
                await write(ground, *step)
            try:
                reading = await ground.calendar.read(ground.window, cursor)
            except CursorExpiredError:
                cursor = None
                continue
            except CalendarError:
                continue
            known, cursor = after(known.values(), reading), reading.cursor
            microsoft.faults.clear()
            # Another connector that reads everything finds the very same.
            fresh = await whole(replace(ground, calendar=calendar_of(graph)))
            assert known == {entry.key: entry for entry in fresh.entries}
            ours = [entry.key for entry in fresh.entries if entry.ours]
            assert len(ours) == len(set(ours)) <= 3


@settings(deadline=None, max_examples=60)
@given(st.lists(_STEPS, max_size=14), st.booleans())
def test_what_is_known_is_what_is_there(steps, telling):
    with stand_in() as microsoft:
        microsoft.person(ANNA)
        microsoft.deltas.heeds_select = telling
        microsoft.deltas.tells_removed_days = telling
        asyncio.run(told(microsoft, steps))
