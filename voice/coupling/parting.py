"""Takes what is ours out of a calendar that is followed no more, or says what is left.

Whoever leaves the directory takes their link along, so that what is ours in their
calendar is found out before, and taken out afterwards: a removal is all or nothing,
and no calendar can hold it up.
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from voice.calendars.port import BrokenAnswerError, CalendarError
from voice.coupling.doing import take_away
from voice.coupling.following import PATIENCE_SECONDS, Coupled
from voice.coupling.watching import unwatch
from voice.divert.model import Extension
from voice.divert.walltime import local
from voice.store.links_port import Link, Linked, Own, OwnBooking
from voice.store.port import Store

# A removal of hundreds is one that somebody waits for.
_AT_ONCE = 8
_SHOWN = 5
_LATE = "It did not answer in time."
# What else is ours in a calendar is seen by nobody.
_SEEN = (Own.DIVERT, Own.NOTE)


@dataclass(frozen=True, slots=True)
class Left:
    """What of ours may be left in a calendar, and why."""

    extension: Extension
    starts: tuple[datetime, ...]
    why: str

    def __str__(self) -> str:
        """Say where to look, and what to do there; nothing of what else is there."""
        shown = [f"{local(at):%Y-%m-%d %H:%M}" for at in self.starts[:_SHOWN]]
        more = f" and {len(self.starts) - _SHOWN} more" * (len(self.starts) > _SHOWN)
        return (
            f"What we wrote into the calendar of {self.extension} may be left there, "
            f"at {', '.join(shown)}{more}: remove it by hand. {self.why}"
        )


@dataclass(frozen=True, slots=True)
class Parting:
    """A calendar that will be followed no more, and what of ours is in it."""

    linked: Linked
    bookings: tuple[OwnBooking, ...]


async def partings(store: Store, leaving: Collection[Extension]) -> tuple[Parting, ...]:
    """Return what is ours in the calendars of some people, while it is known."""
    links = await store.links.list(*leaving) if leaving else ()
    found = [
        Parting(each, await store.bookings.of(each.link.extension)) for each in links
    ]
    return tuple(p for p in found if p.bookings or p.linked.progress.watching)


async def part(
    parted: Iterable[Parting], coupled: Coupled, patience: float = float("inf")
) -> tuple[Left, ...]:
    """Take what is ours out of calendars, several at once; return what is left.

    After so many seconds in all, what is still there is left.
    """
    turns = asyncio.Semaphore(_AT_ONCE)
    clock = asyncio.get_running_loop().time
    until = clock() + patience

    async def one(parting: Parting) -> Left | None:
        async with turns:
            return await _part(parting, coupled, min(until - clock(), PATIENCE_SECONDS))

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(each)) for each in parted]
    return tuple(filter(None, (task.result() for task in tasks)))


async def _part(parting: Parting, coupled: Coupled, patience: float) -> Left | None:
    link, progress, now = parting.linked.link, parting.linked.progress, coupled.now()
    ours = [each for each in parting.bookings if each.end > now]
    left = await take_out(link, ours, coupled, patience)
    # It calls in vain for some days, where it cannot be told.
    with suppress(CalendarError, TimeoutError):
        async with asyncio.timeout(patience):
            await unwatch(link, progress, coupled)
    return left


async def take_out(
    link: Link,
    bookings: Sequence[OwnBooking],
    coupled: Coupled,
    patience: float = PATIENCE_SECONDS,
) -> Left | None:
    """Take bookings of ours out of a calendar; return those that may be left."""
    if not bookings:
        return None
    left, pace = {each.key: each for each in bookings}, coupled.paces[link.kind]
    why = ""
    try:
        async with asyncio.timeout(patience), coupled.open(link) as calendar:
            for each in bookings:
                try:
                    async with pace.turn(writes=True):
                        await take_away(each, calendar)
                    del left[each.key]
                except BrokenAnswerError as error:
                    # One booking that a server cannot take holds up no other.
                    why = str(error)
    except CalendarError as error:
        why = str(error)
    except TimeoutError:
        why = _LATE
    seen = sorted(each.start for each in left.values() if each.kind in _SEEN)
    return Left(link.extension, tuple(seen), why) if seen else None
