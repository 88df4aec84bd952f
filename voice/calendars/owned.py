"""The promises of any calendar about the bookings that its owner makes."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from voice.calendars.ground import (
    Booking,
    Ground,
    Hand,
    after,
    expect,
    since,
    whole,
)
from voice.divert.model import Entry, Mark, Mode, Slip

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_SECRET = "Hemlig överläggning om Åsa"


def coded(ground: Ground, days: int = 1) -> Booking:
    """Return a booking whose subject begins with a code, and goes on."""
    subject = f"{ground.mark.reason}: {_SECRET}"
    return Booking(subject, ground.hour, ground.hour + _HOUR, days=days)


@asynccontextmanager
async def booked(ground: Ground, booking: Booking) -> AsyncIterator[tuple[Hand, str]]:
    """Make a booking as its owner does, and remove it at the end."""
    hand = ground.hand
    if hand is None:
        raise ValueError("Promises about an owner's bookings need a hand.")
    name = await hand.book(booking)
    try:
        yield hand, name
    finally:
        await hand.remove(name)


async def seen(ground: Ground, start: datetime) -> list[Entry]:
    """Return the owner's bookings that begin at an instant and are to take place."""
    return at(start, (await whole(ground)).entries)


def at(start: datetime, entries: tuple[Entry, ...]) -> list[Entry]:
    """Return those of the bookings that begin at an instant and are to take place."""
    return [
        entry
        for entry in entries
        if entry.start == start and not entry.ours and not entry.cancelled
    ]


async def one(ground: Ground, start: datetime) -> Entry:
    """Return the owner's only booking that begins at an instant."""
    found = await seen(ground, start)
    expect(len(found) == 1, "A booking is not read once")
    return found[0]


async def a_code_first_is_read(ground: Ground) -> None:
    """A code that stands first is read, with its colon or semicolon, and the times."""
    booking = coded(ground)
    reason = ground.mark.reason
    for sign, mode in ((":", Mode.CLOSED), (";", Mode.INFORMING)):
        told = replace(booking, subject=f"{reason}{sign} {_SECRET}")
        async with booked(ground, told):
            entry = await one(ground, booking.start)
            expect(entry.mark == Mark(reason, mode), "The code was not read")
            expect(entry.end == booking.end, "The end is another one")
            plain = entry.all_day or entry.private or entry.declined or entry.ours
            expect(not plain, "A plain booking was taken for another kind")


async def a_code_elsewhere_is_none(ground: Ground) -> None:
    """A code without its sign, or not first, is none, and its owner can be told."""
    reason, booking = ground.mark.reason, coded(ground)
    for subject, slip in (
        (f"{reason} {_SECRET}", Slip.NO_SIGN),
        (f"{_SECRET} {reason}: x", Slip.NOT_FIRST),
        (_SECRET, None),
        ("", None),
    ):
        async with booked(ground, replace(booking, subject=subject)):
            entry = await one(ground, booking.start)
            expect(entry.mark is None, "A code was read where there is none")
            expect(entry.slip is slip, "A slip in the subject was taken for another")


async def nothing_else_is_read(ground: Ground) -> None:
    """Nothing of a booking but its code and times is in a reading."""
    booking = coded(ground)
    long = f"{booking.subject} {'ö' * 1000}"
    async with booked(ground, replace(booking, subject=long)):
        reading = await whole(ground)
        expect("Hemlig" not in repr(reading), "The subject is in a reading")
        expect("öööö" not in repr(reading), "The subject is in a reading")


async def a_private_booking_is_not_read(ground: Ground) -> None:
    """A private booking is known to be private, and its code is not read."""
    booking = replace(coded(ground), private=True)
    async with booked(ground, booking):
        entry = await one(ground, booking.start)
        expect(entry.private, "A private booking is not known as one")
        expect(entry.mark is None, "The code of a private booking was read")


async def an_all_day_booking_is_known(ground: Ground) -> None:
    """An all-day booking is known as one."""
    midnight = ground.hour.replace(hour=0, minute=0)
    booking = replace(coded(ground), start=midnight, end=midnight + _DAY, all_day=True)
    async with booked(ground, booking):
        entries = (await whole(ground)).entries
        days = [entry for entry in entries if entry.all_day and not entry.ours]
        near = [entry for entry in days if abs(entry.start - midnight) < _DAY]
        expect(len(near) == 1, "An all-day booking is not known as one")


async def a_free_booking_is_known(ground: Ground) -> None:
    """A booking that is shown as free is known as one, others as busy."""
    for free in (True, False):
        booking = replace(coded(ground), free=free)
        async with booked(ground, booking):
            entry = await one(ground, booking.start)
            expect(entry.free is free, "Free and busy are mixed up")


async def a_moved_booking_keeps_its_key(ground: Ground) -> None:
    """A booking that is moved keeps its key, and a reading since tells of it."""
    booking = coded(ground)
    later = replace(booking, start=booking.start + _HOUR, end=booking.end + _HOUR)
    async with booked(ground, booking) as (hand, name):
        first = await whole(ground)
        (before,) = at(booking.start, first.entries)
        await hand.rebook(name, later)
        known = after(first.entries, await since(ground, first.cursor))
        expect(before.key in known, "A booking that was moved has another key")
        expect(known[before.key].start == later.start, "A move was not told of")


async def a_removed_code_is_told(ground: Ground) -> None:
    """A reading since a cursor tells that a code was removed from a subject."""
    booking = coded(ground)
    async with booked(ground, booking) as (hand, name):
        first = await whole(ground)
        (before,) = at(booking.start, first.entries)
        await hand.rebook(name, replace(booking, subject=_SECRET))
        known = after(first.entries, await since(ground, first.cursor))
        expect(before.key in known, "A booking without its code is gone")
        expect(known[before.key].mark is None, "A removed code is still read")


async def a_removed_booking_is_gone(ground: Ground) -> None:
    """A reading since a cursor tells that a booking was removed."""
    booking = coded(ground)
    async with booked(ground, booking):
        first = await whole(ground)
        (before,) = at(booking.start, first.entries)
    known = after(first.entries, await since(ground, first.cursor))
    there = known.get(before.key)
    expect(there is None or there.cancelled, "A removed booking is still there")
    expect(not await seen(ground, booking.start), "A removed booking is still there")


async def a_series_comes_as_its_days(ground: Ground) -> None:
    """A series comes as its days, each with a key of its own."""
    booking = coded(ground, days=3)
    async with booked(ground, booking):
        days = [await one(ground, booking.start + nth * _DAY) for nth in range(3)]
        expect(len({day.key for day in days}) == 3, "Two days have one key")
        series = {day.series for day in days}
        expect(len(series) == 1 and None not in series, "The days are no series")
        expect({day.mark for day in days} == {ground.mark}, "The code was not read")
        fourth = await seen(ground, booking.start + 3 * _DAY)
        expect(not fourth, "A series has too many days")


async def a_day_can_be_moved(ground: Ground) -> None:
    """A day of a series that is moved keeps its key, and leaves the others alone."""
    booking = coded(ground, days=3)
    day = booking.start + _DAY
    async with booked(ground, booking) as (hand, name):
        first = await whole(ground)
        (before,) = at(day, first.entries)
        await hand.move_day(name, 1, day + 3 * _HOUR)
        known = after(first.entries, await since(ground, first.cursor))
        now = tuple(known.values())
        expect(not at(day, now), "A day that was moved is still where it was")
        expect(before.key in known, "A day that was moved has another key")
        there = known[before.key]
        expect(there.start == day + 3 * _HOUR, "A day's move was not told of")
        expect(there.series == before.series, "A day that was moved left its series")
        for nth in (0, 2):
            others = at(booking.start + nth * _DAY, now)
            expect(len(others) == 1, "Moving a day touched another")


async def a_day_can_be_removed(ground: Ground) -> None:
    """A day of a series that is removed is gone, and leaves the others alone."""
    booking = coded(ground, days=3)
    async with booked(ground, booking) as (hand, name):
        first = await whole(ground)
        await hand.remove_day(name, 1)
        known = after(first.entries, await since(ground, first.cursor))
        for nth in range(3):
            found = at(booking.start + nth * _DAY, tuple(known.values()))
            expect(len(found) == (nth != 1), "Removing a day was not told of truly")


PROMISES: tuple[Callable[[Ground], Awaitable[None]], ...] = (
    a_code_first_is_read,
    a_code_elsewhere_is_none,
    nothing_else_is_read,
    a_private_booking_is_not_read,
    an_all_day_booking_is_known,
    a_free_booking_is_known,
    a_moved_booking_keeps_its_key,
    a_removed_code_is_told,
    a_removed_booking_is_gone,
    a_series_comes_as_its_days,
    a_day_can_be_moved,
    a_day_can_be_removed,
)
