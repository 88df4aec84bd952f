"""Our bookings in Google: written once whatever happens, and changes that are told."""

import asyncio
from datetime import UTC, datetime

import pytest
from calendar_samples import SAM
from google_samples import ANNA, DAY, HOUR, calendar_of

from tests.fakes.google_faults import Way
from voice.calendars.port import (
    AccessDeniedError,
    Block,
    BrokenAnswerError,
    BusyError,
    Window,
)
from voice.divert.model import Mark, Mode

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
WINDOW = Window(MONDAY - 7 * DAY, MONDAY + 60 * DAY)
BLOCK = Block("key-1", SAM, MONDAY, MONDAY + HOUR)


async def one(calendar):
    (entry,) = (await calendar.read(WINDOW, None)).entries
    return entry


async def test_a_write_whose_answer_is_lost_is_written_once(google_calendar, google):
    google.fail(way=Way.DROPPED, method="POST", path="/events", after=True, times=3)
    with pytest.raises(BusyError):
        await google_calendar.put(BLOCK)
    google.faults.clear()
    assert len(google.events(ANNA)) == 1
    await google_calendar.put(BLOCK)
    assert len(google.events(ANNA)) == 1
    google.fail(way=Way.DROPPED, method="DELETE", after=True, times=3)
    with pytest.raises(BusyError):
        await google_calendar.drop(BLOCK.key)
    google.faults.clear()
    await google_calendar.drop(BLOCK.key)
    assert google.events(ANNA) == []


async def test_our_booking_says_whose_it_is_and_reminds(google_calendar, google):
    await google_calendar.put(
        Block("key-1", Mark("SEM", Mode.INFORMING), MONDAY, MONDAY + DAY)
    )
    (event,) = google.events(ANNA)
    assert event["summary"] == "SEM; hänvisad"
    assert event["extendedProperties"] == {"private": {"telefonist": "key-1"}}
    assert event["reminders"]["overrides"] == [{"method": "popup", "minutes": 0}]
    assert "attendees" not in event


async def test_our_booking_is_mended_when_its_owner_has_removed_or_changed_it(
    google_calendar, google
):
    await google_calendar.put(BLOCK)
    (event,) = google.events(ANNA)
    google.remove(ANNA, event["id"])
    assert (await google_calendar.read(WINDOW, None)).entries == ()
    await google_calendar.put(BLOCK)
    as_day = {"date": "2026-03-02", "dateTime": None, "timeZone": None}
    google.edit(ANNA, event["id"], start=as_day, end=as_day | {"date": "2026-03-03"})
    assert (await one(google_calendar)).all_day
    await google_calendar.put(BLOCK)
    entry = await one(google_calendar)
    assert (entry.all_day, entry.start, entry.ours) == (False, MONDAY, True)


async def test_two_write_one_key_at_once_and_it_is_there_once(workspace, google):
    calendars = [calendar_of(workspace) for _ in range(4)]
    await asyncio.gather(*(calendar.put(BLOCK) for calendar in calendars))
    assert len(google.events(ANNA)) == 1


async def test_a_promise_to_call_is_kept_until_it_is_let_go(google_calendar, google):
    until = datetime.now(UTC).replace(microsecond=0) + HOUR
    watch = await google_calendar.watch(
        "https://telefonist.invalid/push", "token", until
    )
    channel = google.channels.open[watch.id]
    assert (channel.owner, channel.token) == (ANNA, "token")
    assert (watch.resource, watch.until) == (channel.resource, until)
    await google_calendar.unwatch(watch)
    assert google.channels.open == {}
    await google_calendar.unwatch(watch)


async def test_an_address_that_is_not_called_is_told_of(google_calendar):
    with pytest.raises(BrokenAnswerError, match="push_address"):
        await google_calendar.watch(
            "http://telefonist.invalid/push", "token", datetime.now(UTC) + HOUR
        )


async def test_a_booking_that_its_owner_removed_is_not_found(google_calendar, google):
    await google_calendar.put(BLOCK)
    (event,) = google.events(ANNA)
    google.remove(ANNA, event["id"])
    assert await google_calendar.find(BLOCK.key) is None
    # After some weeks Google remembers nothing of it.
    del google.calendars.of[ANNA].events[event["id"]]
    assert await google_calendar.find(BLOCK.key) is None


async def test_where_we_may_not_look_or_there_is_no_calendar_nothing_is_gone(
    workspace, google_calendar, google
):
    nobody = calendar_of(workspace, "nobody@kommun.example")
    with pytest.raises(AccessDeniedError):
        await nobody.find(BLOCK.key)
    await google_calendar.put(BLOCK)
    # So Google answers when a calendar itself is there no more.
    google.fail(status=404, reason="notFound", times=2)
    with pytest.raises(AccessDeniedError):
        await google_calendar.find(BLOCK.key)
    google.revoke(ANNA)
    with pytest.raises(AccessDeniedError):
        await google_calendar.find(BLOCK.key)
