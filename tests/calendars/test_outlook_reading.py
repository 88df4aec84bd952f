"""What is read of Outlook where Graph has its own ways, and what never is."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from calendar_samples import SAM
from outlook_samples import (
    ANNA,
    BERIT,
    DAY,
    HOUR,
    calendar_of,
    daily,
    ground_of,
    way_to,
)

from tests.fakes.google_faults import Way
from voice.calendars.ground import after, whole
from voice.calendars.port import CursorExpiredError, Window

SECRET = "Hemlig överläggning om Åsa"


@pytest.fixture
async def ground(microsoft):
    async with way_to(microsoft) as graph:
        yield ground_of(calendar_of(graph), microsoft)


@pytest.fixture
async def berits(microsoft):
    async with way_to(microsoft) as graph:
        yield ground_of(calendar_of(graph, BERIT), microsoft)


def book(microsoft, ground, **more):
    start = ground.hour
    return microsoft.book(ANNA, f"SAM: {SECRET}", start, start + HOUR, **more)


async def since(ground, reading, by=timedelta()):
    window = Window(ground.window.start + by, ground.window.end + by)
    return await ground.calendar.read(window, reading.cursor)


async def test_a_day_keeps_its_key_when_it_becomes_an_exception(microsoft, ground):
    name = book(microsoft, ground, recurrence=daily(ground.hour, 3))
    first = await whole(ground)
    microsoft.edit(ANNA, microsoft.days(ANNA, name)[1], subject="SAM; x")
    second = await since(ground, first)
    again = await whole(ground)
    assert not second.whole
    keys = [sorted(each.key for each in read.entries) for read in (first, again)]
    assert keys[0] == keys[1] == sorted(each.key for each in second.entries)


async def test_a_series_that_is_moved_leaves_no_day_behind(microsoft, ground):
    name = book(microsoft, ground, recurrence=daily(ground.hour, 5))
    first = await whole(ground)
    later = ground.hour + 10 * DAY
    microsoft.edit(
        ANNA, name, start=later, end=later + HOUR, recurrence=daily(later, 2)
    )
    known = after(first.entries, await since(ground, first))
    assert sorted(entry.start for entry in known.values()) == [later, later + DAY]


async def test_a_series_that_is_removed_takes_all_its_days_along(microsoft, ground):
    name = book(microsoft, ground, recurrence=daily(ground.hour, 5))
    first = await whole(ground)
    microsoft.remove(ANNA, name)
    second = await since(ground, first)
    assert (len(second.gone), second.entries) == (5, ())


async def test_a_series_over_a_clock_change_keeps_its_time_on_the_clock(
    microsoft, ground
):
    # On 29 March 2026 Sweden's clocks go forward.
    body = {
        name: {"dateTime": f"2026-03-28T{hour}:00:00", "timeZone": zone}
        for name, hour, zone in (
            ("start", "09", "W. Europe Standard Time"),
            ("end", "10", "Europe/Stockholm"),
        )
    }
    days = daily(ground.hour.replace(month=3, day=28), 2)
    microsoft.mailboxes.create(ANNA, body | {"subject": "SAM:", "recurrence": days})
    hours = [entry.start.hour for entry in (await whole(ground)).entries]
    assert sorted(hours) == [7, 8]


async def test_a_fresh_connector_goes_on_from_a_cursor(microsoft, ground):
    single = book(microsoft, ground)
    first = await whole(ground)
    microsoft.remove(ANNA, single)
    async with way_to(microsoft) as graph:
        other = replace(ground, calendar=calendar_of(graph))
        for reader in (other, other, ground):
            assert (await since(reader, first)).gone == (first.entries[0].key,)


async def test_what_happens_outside_the_window_is_nothing_to_us(microsoft, ground):
    first = await whole(ground)
    away = ground.window.end + 10 * DAY
    name = microsoft.book(ANNA, "SAM: x", away, away + HOUR)
    second = await since(ground, first)
    microsoft.remove(ANNA, name)
    third = await since(ground, second)
    assert (second.entries, second.gone) == (third.entries, third.gone) == ((), ())


async def test_a_booking_that_leaves_the_window_is_gone(microsoft, ground):
    name = book(microsoft, ground)
    first = await whole(ground)
    away = ground.window.end + DAY
    microsoft.edit(ANNA, name, start=away, end=away + HOUR)
    assert (await since(ground, first)).gone == (first.entries[0].key,)


async def test_the_window_moves_on_by_a_whole_reading_a_day(microsoft, ground):
    book(microsoft, ground)
    beyond = ground.window.end + HOUR
    microsoft.book(ANNA, "SAM: x", beyond, beyond + HOUR)
    first = await whole(ground)
    assert not (await since(ground, first, by=23 * HOUR)).whole
    moved = await since(ground, first, by=25 * HOUR)
    assert (moved.whole, len(moved.entries)) == (True, 2)


async def test_a_large_calendar_comes_in_pages(microsoft, ground):
    for nth in range(130):
        start = ground.hour + nth * timedelta(minutes=5)
        microsoft.book(ANNA, "SAM: x", start, start + HOUR)
    book(microsoft, ground, recurrence=daily(ground.hour, 15))
    first = await whole(ground)
    assert len(first.entries) == 145
    pages = sum(b"nextLink" in body for body in microsoft.sent)
    assert pages == 1
    name = microsoft.rows(ANNA)[-1]["id"]
    microsoft.edit(ANNA, name, subject="SAM; y")
    assert len((await since(ground, first)).entries) == 15


def answer(microsoft, path, *rows):
    """Let the next answer hold these rows, and end there."""
    link = f"{microsoft.base}/users/{ANNA}/calendarView/delta?$deltatoken=x"
    page = json.dumps({"value": rows, "@odata.deltaLink": link}).encode()
    microsoft.fail(way=Way.INSTEAD, status=200, body=page, path=path)


async def test_a_series_that_lost_days_may_come_with_nothing_but_itself(
    microsoft, ground
):
    name = book(microsoft, ground, recurrence=daily(ground.hour, 3))
    first = await whole(ground)
    microsoft.remove(ANNA, microsoft.days(ANNA, name)[1])
    answer(microsoft, "delta", *microsoft.rows(ANNA))
    second = await since(ground, first)
    assert (len(second.gone), len(second.entries)) == (1, 2)


async def test_a_booking_outside_the_window_is_gone_however_it_is_told(
    microsoft, ground
):
    name = book(microsoft, ground)
    first = await whole(ground)
    away = ground.window.end + DAY
    microsoft.edit(ANNA, name, start=away, end=away + HOUR)
    answer(microsoft, "delta", *microsoft.rows(ANNA))
    second = await since(ground, first)
    assert (second.entries, second.gone) == ((), (first.entries[0].key,))


async def test_a_booking_that_is_there_twice_is_gone_with_the_last(microsoft, ground):
    name = book(microsoft, ground)
    (row,) = microsoft.rows(ANNA)
    answer(microsoft, "delta", row, row | {"id": "AAMkADdouble="})
    first = await whole(ground)
    assert len(first.entries) == 1
    readings = [first]
    for gone in ("AAMkADdouble=", name):
        answer(microsoft, "delta", {"id": gone, "@removed": {"reason": "deleted"}})
        readings.append(await since(ground, readings[-1]))
    assert [len(each.gone) for each in readings] == [0, 0, 1]


async def test_an_invitation_has_one_key_in_every_copy(microsoft, ground, berits):
    book(microsoft, ground, guests=[BERIT])
    (own,), (copy) = (await whole(ground)).entries, (await whole(berits)).entries
    assert [entry.key for entry in copy] == [own.key]
    assert (own.invited, copy[0].invited) == (False, True)
    assert (copy[0].tentative, copy[0].mark) == (True, SAM)


async def test_who_declines_is_known_to_and_a_cancelled_meeting(
    microsoft, ground, berits
):
    name = book(microsoft, ground, guests=[BERIT])
    first = await whole(berits)
    copy = microsoft.rows(BERIT)[0]["id"]
    microsoft.respond(BERIT, copy, "declined")
    second = await since(berits, first)
    assert [entry.declined for entry in second.entries] == [True]
    microsoft.remove(ANNA, name)
    third = await since(berits, second)
    assert [entry.cancelled for entry in third.entries] == [True]


async def test_a_code_removed_in_ones_own_copy_is_found_by_the_same_key(
    microsoft, ground, berits
):
    name = book(microsoft, ground, guests=[BERIT])
    first = await whole(berits)
    copy = microsoft.rows(BERIT)[0]["id"]
    microsoft.edit(BERIT, copy, subject=SECRET)
    second = await since(berits, first)
    later = ground.hour + HOUR
    microsoft.edit(ANNA, name, subject="SAM: y", start=later, end=later + HOUR)
    third = await since(berits, second)
    keys = [[entry.key for entry in each.entries] for each in (first, second, third)]
    assert keys[0] == keys[1] == keys[2]
    marks = [[entry.mark for entry in each.entries] for each in (first, second, third)]
    assert marks == [[SAM], [None], [SAM]]


@pytest.mark.parametrize("sensitivity", ["private", "confidential"])
async def test_nothing_of_a_private_series_is_read(microsoft, ground, sensitivity):
    book(microsoft, ground, recurrence=daily(ground.hour, 2), sensitivity=sensitivity)
    entries = (await whole(ground)).entries
    told = {(entry.private, entry.mark, entry.slip) for entry in entries}
    assert (len(entries), told) == (2, {(True, None, None)})


async def test_personal_is_not_private(microsoft, ground):
    book(microsoft, ground, sensitivity="personal")
    (entry,) = (await whole(ground)).entries
    assert (entry.private, entry.mark) == (False, SAM)


async def test_an_expired_link_asks_for_the_whole(microsoft, ground):
    first = await whole(ground)
    microsoft.deltas.expire()
    with pytest.raises(CursorExpiredError, match="read whole"):
        await since(ground, first)
    with pytest.raises(CursorExpiredError, match="read whole"):
        await ground.calendar.read(ground.window, "no cursor of ours")


async def test_a_graph_that_refuses_select_is_read_without(microsoft, ground):
    book(microsoft, ground)
    microsoft.fail(status=400, reason="ErrorInvalidUrlQuery", path="delta")
    assert len((await whole(ground)).entries) == 1


async def test_a_series_that_is_removed_while_it_is_read_is_gone(microsoft, ground):
    name = book(microsoft, ground, recurrence=daily(ground.hour, 3))
    first = await whole(ground)
    microsoft.edit(ANNA, name, subject="SAM; x")
    microsoft.fail(status=404, reason="ErrorItemNotFound", path="instances")
    second = await since(ground, first)
    assert (second.entries, len(second.gone)) == ((), 3)
