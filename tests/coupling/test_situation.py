"""How calendars are all together: counted, and unwell only when none can be read."""

from dataclasses import replace
from datetime import timedelta

import pytest
from calendar_house import ANNA, BO, HOUR, MINUTE, NOW, CalendarHouse, link_of, meeting

from voice.calendar_measures import CalendarMeasures, Outcome, Situation
from voice.calendars.memory import busy
from voice.calendars.port import (
    AccessDeniedError,
    BrokenAnswerError,
    BusyError,
    CalendarError,
    CursorExpiredError,
)
from voice.calendars.settings import CalendarSettings
from voice.coupling.situation import condition, outcome, situation
from voice.coupling.syncing import Sync
from voice.store.links_port import Linked, LinkKind, Progress, Watching

WELL = Progress(read_at=NOW - MINUTE)
FAILING = replace(WELL, failing_since=NOW - HOUR, fault="BusyError", remedy="Wait.")
JUST_NOW = replace(FAILING, failing_since=NOW - MINUTE)
PUSHED = CalendarSettings(
    google_seconds=0.01,
    per_minute=600_000,
    push_address="https://calls.example.org",
    pushed_seconds=3600.0,
)


def linked(progress, extension=ANNA, kind=LinkKind.GOOGLE):
    return Linked(link_of(extension, kind), progress, coupled=True)


@pytest.mark.parametrize(
    ("error", "came_to"),
    [
        (None, Outcome.OK),
        (AccessDeniedError("No."), Outcome.DENIED),
        (BusyError("Later."), Outcome.BUSY),
        (BrokenAnswerError("Half."), Outcome.BROKEN),
        (CursorExpiredError("Old."), Outcome.EXPIRED),
        (CalendarError("No key."), Outcome.BROKEN),
    ],
)
def test_what_a_reading_came_to_is_told_by_its_error(error, came_to):
    assert outcome(error) is came_to


def test_people_are_counted_by_how_their_calendar_is():
    watching = Watching("a", "b", "c", NOW + HOUR)
    over = replace(watching, until=NOW - HOUR)
    people = [
        linked(replace(WELL, read_at=NOW - HOUR, watching=watching)),
        linked(replace(WELL, watching=over), BO),
        linked(replace(WELL, doubted_at=NOW)),
        linked(FAILING),
        linked(Progress()),
    ]
    assert situation(people, 2, NOW) == Situation(
        coupled=5,
        failing=1,
        doubted=1,
        unread=1,
        unwritten=2,
        oldest_seconds=3600.0,
        watches={LinkKind.GOOGLE: 1},
    )


def test_where_nobody_is_coupled_there_is_nothing_to_count():
    assert situation([], 0, NOW) == Situation()
    assert condition([], NOW).ready


@pytest.mark.parametrize(
    "progress",
    [
        [WELL, FAILING],
        [FAILING],
        [FAILING, JUST_NOW],
        [WELL],
        [FAILING, Progress()],
    ],
)
def test_one_persons_fault_makes_nothing_unwell(progress):
    assert condition([linked(each) for each in progress], NOW).ready


def test_when_none_can_be_read_for_long_it_is_told_with_what_that_means():
    later = replace(FAILING, failing_since=NOW - timedelta(minutes=12))
    found = condition([linked(FAILING), linked(later, BO)], NOW)
    assert not found.ready
    assert found.detail.startswith("none could be read for 12 minutes: phones stay")
    assert ANNA not in found.detail


def value(measures, name, **labels):
    full = f"telefonist_calendar_{name}"
    return measures.registry.get_sample_value(full, labels)


async def test_a_sync_counts_what_it_does():
    house = CalendarHouse(settings=PUSHED)
    calendar = await house.couple()
    calendar.keep(meeting())
    sync, measures = Sync(house.coupled), house.measures
    await sync.once()
    calendar.fail(busy())
    await sync.once()
    calendar.expire()
    await sync.once()
    ended = {
        each: value(measures, "readings_total", kind="google", outcome=each)
        for each in ("ok", "busy", "expired", "denied")
    }
    assert ended == {"ok": 2, "busy": 1, "expired": 1, "denied": None}
    assert value(measures, "people", **{"is": "coupled"}) == 1
    assert value(measures, "watches", kind="google") == 1
    assert value(measures, "follows") == 1


async def test_the_time_from_a_call_to_its_divert_is_noted():
    house = CalendarHouse(settings=PUSHED)
    calendar = await house.couple()
    sync = Sync(house.coupled)
    await sync.once()
    (watch,) = calendar.watches
    token = watch.id.removeprefix("watch-0-")
    calendar.keep(meeting())
    assert sync.called(watch.id, token, watch.resource)
    # One that cannot be read at first is counted when it has been.
    calendar.fail(busy())
    await sync.once()
    assert value(house.measures, "push_seconds_count") == 0
    await sync.once()
    assert value(house.measures, "push_seconds_count") == 1
    # Nobody has called of what comes later.
    calendar.remove(meeting().key)
    await sync.once()
    assert value(house.measures, "push_seconds_count") == 1


def test_measures_of_no_registry_can_be_looked_into():
    assert value(CalendarMeasures(), "follows") == 0
