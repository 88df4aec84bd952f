"""The promises of any calendar, each a function, for tests and for a site's server.

READING and WRITING need no more than the calendar: a site can try them on its own,
where they write bookings of ours and remove them again. OWNED and TOUCHED need a hand
that makes bookings as the calendar's owner does.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from voice.calendars import owned, touched
from voice.calendars.ground import (
    Ground,
    after,
    expect,
    moved,
    of,
    removed_at_end,
    since,
    whole,
    written,
)
from voice.calendars.port import Block, CalendarError
from voice.divert.model import Mode

Promise: TypeAlias = Callable[[Ground], Awaitable[None]]
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_SWEDEN = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of trying one promise; without a fault it is kept."""

    promise: str
    fault: str | None


async def tried(ground: Ground, promises: Iterable[Promise]) -> AsyncIterator[Kept]:
    """Try the promises one by one."""
    for promise in promises:
        fault = None
        try:
            await promise(ground)
        except CalendarError as error:
            fault = str(error)
        yield Kept(said(promise), fault)


def said(promise: Promise) -> str:
    """Return a promise in words."""
    return (promise.__doc__ or "").partition("\n")[0]


async def keys_are_their_own(ground: Ground) -> None:
    """Every booking has a key of its own, the same in every reading."""
    keys = [entry.key for entry in (await whole(ground)).entries]
    expect(len(keys) == len(set(keys)), "Two bookings have one key")
    again = [entry.key for entry in (await whole(ground)).entries]
    expect(sorted(keys) == sorted(again), "A second reading has other keys")


async def instants_have_zones(ground: Ground) -> None:
    """Every booking begins and ends at instants that carry a zone."""
    for entry in (await whole(ground)).entries:
        zoned = entry.start.tzinfo is not None and entry.end.tzinfo is not None
        expect(zoned, "A booking has a time without a zone")


async def readings_stay_within(ground: Ground) -> None:
    """Nothing outside the window is read."""
    for entry in (await whole(ground)).entries:
        within = ground.window.touches(entry.start, entry.end)
        expect(within, "A booking outside the window came")


async def nothing_of_private_is_read(ground: Ground) -> None:
    """A private booking has neither code nor slip."""
    for entry in (await whole(ground)).entries:
        read = entry.mark is not None or entry.slip is not None
        expect(not (entry.private and read), "The code of a private booking was read")


async def changes_go_on(ground: Ground) -> None:
    """What is known stays known when nothing has changed since."""
    first = await whole(ground)
    known = {entry.key: entry for entry in first.entries}
    second = await since(ground, first.cursor)
    both = set(second.gone) & {entry.key for entry in second.entries}
    expect(not both, "A booking is both gone and there")
    later = after(first.entries, second)
    expect(known == later, "Without a change, another calendar was read")


async def what_is_put_comes_back(ground: Ground) -> None:
    """What is put comes back as ours, with its code and times."""
    block = ground.block()
    async with written(ground, block):
        found = of(block, (await whole(ground)).entries)
        expect(len(found) == 1, "What was put is not read back once")
        entry = found[0]
        expect((entry.start, entry.end) == (block.start, block.end), "Other times came")
        expect(entry.mark in (block.mark, None), "Another code came back")
        expect(not entry.all_day and not entry.cancelled, "Another kind came back")


async def putting_twice_is_once(ground: Ground) -> None:
    """Putting twice is the same as putting once."""
    block = ground.block()
    async with written(ground, block, block):
        found = of(block, (await whole(ground)).entries)
        expect(len(found) == 1, "What was put twice is there twice")


async def what_is_put_can_be_moved(ground: Ground) -> None:
    """A second put of a key moves the booking, and leaves none behind."""
    block = ground.block()
    later = moved(block, 3 * _HOUR)
    async with written(ground, block):
        before = of(block, (await whole(ground)).entries)
        async with written(ground, later):
            entries = (await whole(ground)).entries
            found = of(later, entries)
            expect(not of(block, entries), "What was moved is still where it was")
            expect(len(found) == 1, "What was moved is not where it should be")
            expect(
                [entry.key for entry in found] == [entry.key for entry in before],
                "Moving gave the booking another key",
            )


async def what_is_put_can_change_its_end_and_code(ground: Ground) -> None:
    """A second put of a key gives the booking another end and mode."""
    block = ground.block()
    informing = replace(block.mark, mode=Mode.INFORMING)
    other = replace(block, end=block.end + _HOUR, mark=informing)
    async with written(ground, block, other):
        found = of(other, (await whole(ground)).entries)
        expect([entry.end for entry in found] == [other.end], "The end did not follow")
        marks = {entry.mark for entry in found}
        expect(marks <= {other.mark, None}, "The code did not follow")


async def what_is_dropped_is_gone(ground: Ground) -> None:
    """What is dropped is gone, and only that."""
    one, other = ground.block(0), ground.block(1)
    async with written(ground, one, other):
        await ground.calendar.drop(one.key)
        entries = (await whole(ground)).entries
        expect(not of(one, entries), "What was dropped is still there")
        expect(len(of(other, entries)) == 1, "Dropping one took another")


async def dropping_twice_is_once(ground: Ground) -> None:
    """Dropping twice, and dropping what never was, is no fault."""
    block = ground.block()
    async with written(ground, block):
        await ground.calendar.drop(block.key)
        await ground.calendar.drop(block.key)
    await ground.calendar.drop("conformance-never-written")


async def what_was_dropped_can_be_put_again(ground: Ground) -> None:
    """A key that was dropped can be put again."""
    block = ground.block()
    async with written(ground, block):
        await ground.calendar.drop(block.key)
        await ground.calendar.put(block)
        found = of(block, (await whole(ground)).entries)
        expect(len(found) == 1, "What was put again is not read back once")


async def what_is_put_can_be_found(ground: Ground) -> None:
    """What is put is found as it is read, and is not found once it is dropped."""
    block = ground.block()
    async with written(ground, block):
        found = await ground.calendar.find(block.key)
        read = of(block, (await whole(ground)).entries)
        expect([found] == read, "What was put is found otherwise than it is read")
        await ground.calendar.drop(block.key)
        gone = await ground.calendar.find(block.key)
        expect(gone is None or gone.cancelled, "What was dropped is still found")
    never = await ground.calendar.find("conformance-never-written")
    expect(never is None, "What never was is found")


async def a_note_is_private_and_takes_no_time(ground: Ground) -> None:
    """A note of ours is read back as ours, private and free, and has no code."""
    block = replace(ground.block(), note="Skriv kolon efter koden")
    async with written(ground, block, block):
        found = of(block, (await whole(ground)).entries)
        expect(len(found) == 1, "A note is not read back once")
        expect(found[0].private and found[0].free, "A note is there for others")
        plain = found[0].mark is None and found[0].slip is None
        expect(plain, "A note was taken for a booking with a code")


async def changes_are_told(ground: Ground) -> None:
    """A reading since a cursor tells of what was put, moved and dropped."""
    block = ground.block()
    known = await whole(ground)
    later = moved(block, _HOUR)
    async with removed_at_end(ground, block):
        entries, cursor = known.entries, known.cursor
        for wanted in (block, later, None):
            if wanted is None:
                await ground.calendar.drop(block.key)
            else:
                await ground.calendar.put(wanted)
            reading = await since(ground, cursor)
            now = tuple(after(entries, reading).values())
            for each in (block, later):
                there = len(of(each, now))
                expect(there == (each == wanted), "A change was not told of")
            entries, cursor = now, reading.cursor


async def nights_when_clocks_change(ground: Ground) -> None:
    """A booking of ours over midnight and a clock change keeps its instants."""
    day = _clock_change(ground.now.date())
    evening = datetime.combine(day - _DAY, time(23, 30), _SWEDEN).astimezone(UTC)
    block = Block("conformance-night", ground.mark, evening, evening + 5 * _HOUR)
    async with written(ground, block):
        reading = await ground.calendar.read(ground.around(evening), None)
        found = [(entry.start, entry.end) for entry in of(block, reading.entries)]
        expect(found == [(block.start, block.end)], "The night gave other times")


def _clock_change(day: date) -> date:
    """Return the next day on which Sweden's clocks change."""

    def offset(of_day: date) -> timedelta | None:
        return datetime.combine(of_day, time(), _SWEDEN).utcoffset()

    while offset(day) == offset(day + _DAY):
        day += _DAY
    return day


READING: tuple[Promise, ...] = (
    keys_are_their_own,
    instants_have_zones,
    readings_stay_within,
    nothing_of_private_is_read,
    changes_go_on,
)
WRITING: tuple[Promise, ...] = (
    what_is_put_comes_back,
    putting_twice_is_once,
    what_is_put_can_be_moved,
    what_is_put_can_change_its_end_and_code,
    what_is_dropped_is_gone,
    dropping_twice_is_once,
    what_was_dropped_can_be_put_again,
    what_is_put_can_be_found,
    a_note_is_private_and_takes_no_time,
    changes_are_told,
    nights_when_clocks_change,
)
OWNED: tuple[Promise, ...] = owned.PROMISES
TOUCHED: tuple[Promise, ...] = touched.PROMISES
