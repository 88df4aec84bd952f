"""The promises of any calendar about what we write on its owner's own bookings."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from voice.calendars.ground import Ground, after, expect, since, whole
from voice.calendars.owned import at, booked, coded, one
from voice.calendars.port import Opening
from voice.divert.model import Entry

_DAY = timedelta(days=1)


def opening(entry: Entry) -> Opening:
    """Return a booking that diverts as one whose phone was opened."""
    if entry.mark is None:
        raise ValueError("Only a booking with a code diverts.")
    return Opening(entry.key, entry.mark, entry.start, entry.end)


async def what_was_opened_says_so(ground: Ground) -> None:
    """A booking carries that its phone was opened, and is else as it was."""
    booking = coded(ground)
    async with booked(ground, booking):
        before = await one(ground, booking.start)
        for _ in range(2):
            await ground.calendar.set_opened(opening(before), True)
            _carries(before, await one(ground, booking.start))


async def what_was_opened_can_be_struck_out(ground: Ground) -> None:
    """What says that a phone was opened can be struck out, also where nothing does."""
    booking = coded(ground)
    async with booked(ground, booking):
        before = await one(ground, booking.start)
        await ground.calendar.set_opened(opening(before), False)
        await ground.calendar.set_opened(opening(before), True)
        for _ in range(2):
            await ground.calendar.set_opened(opening(before), False)
            after_all = await one(ground, booking.start)
            expect(after_all == before, "What was struck out is still there")
    await ground.calendar.set_opened(opening(before), True)


async def opening_is_no_change(ground: Ground) -> None:
    """A reading since tells of no other booking when one is opened."""
    booking = coded(ground)
    async with booked(ground, booking):
        first = await whole(ground)
        (before,) = at(booking.start, first.entries)
        await ground.calendar.set_opened(opening(before), True)
        reading = await since(ground, first.cursor)
        known = after(first.entries, reading)
        plain = {key: replace(entry, opened="") for key, entry in known.items()}
        expected = {entry.key: replace(entry, opened="") for entry in first.entries}
        expect(plain == expected, "What was opened looks like another booking")


async def a_day_of_a_series_is_opened_alone(ground: Ground) -> None:
    """A day of a series is opened, and what it carries does not fit the others."""
    booking = coded(ground, days=3)
    async with booked(ground, booking):
        days = [await one(ground, booking.start + nth * _DAY) for nth in range(3)]
        await ground.calendar.set_opened(opening(days[1]), True)
        _carries(days[1], await one(ground, days[1].start))
        for nth in (0, 2):
            other = await one(ground, days[nth].start)
            proofs = other.opened.split()
            expect(opening(days[nth]).proof not in proofs, "Another day was opened")


async def a_code_can_be_cut(ground: Ground) -> None:
    """A code is cut from the subject it stands in, and nothing but that changes."""
    booking = coded(ground)
    async with booked(ground, booking):
        before = await one(ground, booking.start)
        for _ in range(2):
            cut = await ground.calendar.take_code(opening(before))
            expect(cut, "A code could not be cut from its owner's booking")
            bare = await one(ground, booking.start)
            wanted = replace(before, mark=None)
            expect(bare == wanted, "More than a code was cut, or nothing was")


async def what_changed_keeps_its_code(ground: Ground) -> None:
    """A code is not cut from a booking that is at another time by now."""
    booking = coded(ground)
    async with booked(ground, booking) as (hand, name):
        before = await one(ground, booking.start)
        longer = replace(booking, end=booking.end + timedelta(hours=1))
        await hand.rebook(name, longer)
        await ground.calendar.take_code(opening(before))
        expect((await one(ground, booking.start)).mark == before.mark, "It was cut")
    await ground.calendar.take_code(opening(before))


async def a_day_of_a_series_loses_its_code_alone(ground: Ground) -> None:
    """A code is cut from one day of a series, and stays in the others."""
    booking = coded(ground, days=3)
    async with booked(ground, booking):
        days = [await one(ground, booking.start + nth * _DAY) for nth in range(3)]
        await ground.calendar.take_code(opening(days[1]))
        after_all = [await one(ground, day.start) for day in days]
        marks = [day.mark for day in after_all]
        expect(marks == [ground.mark, None, ground.mark], "Other codes were cut")
        expect(_keys(after_all) == _keys(days), "A day has become another one")


def _carries(before: Entry, entry: Entry) -> None:
    proof = opening(before).proof
    expect(proof in entry.opened.split(), "What was opened does not say so")
    expect(replace(entry, opened="") == before, "What was opened is otherwise")


def _keys(entries: Iterable[Entry]) -> list[str]:
    return [entry.key for entry in entries]


PROMISES: tuple[Callable[[Ground], Awaitable[None]], ...] = (
    what_was_opened_says_so,
    what_was_opened_can_be_struck_out,
    opening_is_no_change,
    a_day_of_a_series_is_opened_alone,
    a_code_can_be_cut,
    what_changed_keeps_its_code,
    a_day_of_a_series_loses_its_code_alone,
)
