"""What the promises of calendars are tried on, and how what comes of it is seen."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from voice.calendars.port import (
    Block,
    Calendar,
    CalendarError,
    Cursor,
    CursorExpiredError,
    Reading,
    Window,
)
from voice.divert.model import Entry, EntryKey, Mark

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


class BrokenPromiseError(CalendarError):
    """A calendar did not do what every calendar promises."""


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking as its owner makes it; in a series it is there `days` days running."""

    subject: str
    start: datetime
    end: datetime
    all_day: bool = False
    private: bool = False
    free: bool = False
    days: int = 1


class Hand(Protocol):
    """The owner of a calendar, who makes bookings and has nothing to do with us."""

    async def book(self, booking: Booking) -> str:
        """Make a booking, and return what it is called in the methods below."""
        ...

    async def rebook(self, name: str, booking: Booking) -> None:
        """Make it another one; a series stays one."""
        ...

    async def remove(self, name: str) -> None:
        """Remove it, with all its days."""
        ...

    async def move_day(self, name: str, nth: int, start: datetime) -> None:
        """Move one day of a series, the first being 0; it lasts as long as before."""
        ...

    async def remove_day(self, name: str, nth: int) -> None:
        """Remove one day of a series."""
        ...


@dataclass(frozen=True, slots=True)
class Ground:
    """What promises are tried on: a calendar, a code that its site knows, the time."""

    calendar: Calendar
    mark: Mark
    now: datetime
    hand: Hand | None = field(default=None)

    @property
    def window(self) -> Window:
        """The days that are read."""
        midnight = self.now.astimezone(UTC).replace(hour=0, minute=0)
        midnight = midnight.replace(second=0, microsecond=0)
        return Window(midnight - 7 * _DAY, midnight + 60 * _DAY)

    def around(self, instant: datetime) -> Window:
        """Return a window of some days round an instant."""
        return Window(instant - 2 * _DAY, instant + 2 * _DAY)

    @property
    def hour(self) -> datetime:
        """An hour at which hardly anybody has booked anything."""
        return self.window.end - 20 * _DAY + timedelta(hours=2, minutes=17)

    def block(self, nth: int = 0) -> Block:
        """Return a booking of ours, each on a day of its own."""
        start = self.hour + nth * _DAY
        return Block(f"conformance-{nth}", self.mark, start, start + _HOUR)


def expect(kept: bool, otherwise: str) -> None:
    """Raise BrokenPromiseError unless the promise is kept."""
    if not kept:
        raise BrokenPromiseError(f"{otherwise}: this calendar cannot be relied on.")


async def whole(ground: Ground) -> Reading:
    """Read everything."""
    reading = await ground.calendar.read(ground.window, None)
    expect(reading.whole, "A reading without a cursor is not whole")
    return reading


async def since(ground: Ground, cursor: Cursor | None) -> Reading:
    """Read what changed, or everything where that is what the calendar can do."""
    try:
        return await ground.calendar.read(ground.window, cursor)
    except CursorExpiredError:
        return await whole(ground)


def after(before: Iterable[Entry], reading: Reading) -> dict[EntryKey, Entry]:
    """Return what is known after a reading of what was known before."""
    known = {} if reading.whole else {entry.key: entry for entry in before}
    for key in reading.gone:
        known.pop(key, None)
    return known | {entry.key: entry for entry in reading.entries}


def of(block: Block, entries: Iterable[Entry]) -> list[Entry]:
    """Return the bookings that are ours and begin with the block."""
    return [entry for entry in entries if entry.ours and entry.start == block.start]


@asynccontextmanager
async def removed_at_end(ground: Ground, *blocks: Block) -> AsyncIterator[None]:
    """Remove bookings of ours at the end, whatever happens."""
    try:
        yield
    finally:
        for block in blocks:
            await ground.calendar.drop(block.key)


@asynccontextmanager
async def written(ground: Ground, *blocks: Block) -> AsyncIterator[None]:
    """Write bookings of ours, and remove them at the end."""
    async with removed_at_end(ground, *blocks):
        for block in blocks:
            await ground.calendar.put(block)
        yield


def moved(block: Block, by: timedelta) -> Block:
    """Return the same booking of ours at another time."""
    return replace(block, start=block.start + by, end=block.end + by)
