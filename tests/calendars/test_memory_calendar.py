"""The twin keeps the promises of any calendar, and fails when asked to."""

from dataclasses import replace

import pytest
from calendar_samples import DAY, NOW, SAM, MemoryHand
from contract import CalendarPromises

from voice.calendars.conformance import READING, WRITING, tried
from voice.calendars.ground import Booking, Ground
from voice.calendars.memory import MemoryCalendar, busy
from voice.calendars.port import (
    AccessDeniedError,
    BusyError,
    CursorExpiredError,
    Watch,
    Window,
)


@pytest.fixture
def calendar():
    return MemoryCalendar()


@pytest.fixture
def ground(calendar):
    return Ground(calendar, SAM, NOW, MemoryHand(calendar))


class TestMemoryCalendar(CalendarPromises):
    """Runs them on the twin."""


async def test_a_cursor_expires(calendar, ground):
    reading = await calendar.read(ground.window, None)
    calendar.expire()
    with pytest.raises(CursorExpiredError, match="read it whole"):
        await calendar.read(ground.window, reading.cursor)
    fresh = await calendar.read(ground.window, None)
    assert not (await calendar.read(ground.window, fresh.cursor)).whole


async def test_faults_come_one_a_question(calendar, ground):
    calendar.fail(busy(3), AccessDeniedError("You may not: ask."), busy())
    with pytest.raises(BusyError) as raised:
        await calendar.read(ground.window, None)
    assert raised.value.retry_after == 3
    with pytest.raises(AccessDeniedError):
        await calendar.put(ground.block())
    calendar.mend()
    assert (await calendar.read(ground.window, None)).entries == ()


async def test_a_fault_changes_nothing(calendar, ground):
    await calendar.put(ground.block())
    before = calendar.entries()
    calendar.fail(busy(), busy())
    for write in (calendar.drop(ground.block().key), calendar.put(ground.block(1))):
        with pytest.raises(BusyError):
            await write
    assert calendar.entries() == before


async def test_what_comes_into_the_window_because_it_moves_is_told(calendar, ground):
    window = ground.window
    start = window.end + DAY
    name = await ground.hand.book(Booking("SAM: x", start, start + DAY))
    first = await calendar.read(window, None)
    assert first.entries == ()
    later = Window(window.start + 2 * DAY, window.end + 2 * DAY)
    second = await calendar.read(later, first.cursor)
    assert [entry.start for entry in second.entries] == [start]
    await ground.hand.remove(name)
    third = await calendar.read(later, second.cursor)
    assert (third.entries, len(third.gone)) == ((), 1)


async def test_a_booking_moved_out_of_the_window_is_gone(calendar, ground):
    booking = Booking("SAM: x", ground.hour, ground.hour + DAY)
    name = await ground.hand.book(booking)
    first = await calendar.read(ground.window, None)
    away = ground.window.end
    await ground.hand.rebook(name, replace(booking, start=away, end=away + DAY))
    second = await calendar.read(ground.window, first.cursor)
    assert second.gone == (first.entries[0].key,)


async def test_what_is_kept_as_it_was_is_no_change(calendar, ground):
    await calendar.put(ground.block())
    first = await calendar.read(ground.window, None)
    await calendar.put(ground.block())
    second = await calendar.read(ground.window, first.cursor)
    assert (second.entries, second.gone) == ((), ())


async def test_a_watch_is_kept_until_it_is_let_go(calendar):
    watch = await calendar.watch("https://telefonist.example", "token", NOW + DAY)
    assert calendar.watches == [watch]
    await calendar.unwatch(watch)
    await calendar.unwatch(Watch("other", "x", NOW))
    assert calendar.watches == []


async def test_a_broken_promise_is_told_in_words(ground):
    class Doubling(MemoryCalendar):
        async def put(self, block):
            await super().put(block)
            await super().put(replace(block, key=f"{block.key}-again"))

    doubling = Ground(Doubling(), SAM, NOW)
    kept = [each async for each in tried(doubling, (*READING, *WRITING))]
    faults = {each.promise: each.fault for each in kept if each.fault}
    once = "Putting twice is the same as putting once."
    assert faults[once].startswith("What was put twice is there twice")
    assert "Nothing outside the window is read." not in faults


@pytest.mark.parametrize(
    ("start", "end", "touches"),
    [
        (-1, 0, False),
        (-1, 1, True),
        (0, 0, True),
        (1, 0, True),
        (9, 11, True),
        (10, 11, False),
        (10, 10, False),
        (-2, 12, True),
    ],
)
def test_a_window_holds_what_lies_partly_within(start, end, touches):
    window = Window(NOW, NOW + 10 * DAY)
    assert window.touches(NOW + start * DAY, NOW + end * DAY) is touches
