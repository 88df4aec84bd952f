"""Does in a calendar what is written down of a booking of ours, and notes it done."""

import asyncio
import logging
from collections.abc import Awaitable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from voice.calendars.port import (
    AccessDeniedError,
    Block,
    BrokenAnswerError,
    BusyError,
    Calendar,
    CalendarError,
)
from voice.coupling.following import PATIENCE_SECONDS, Coupled
from voice.coupling.heeding import heed
from voice.coupling.notes import snag_of
from voice.coupling.openings import marks_instead, opening_at
from voice.coupling.pace import DENIED_SECONDS, LONGEST_SECONDS, backoff
from voice.store.links_port import Linked, Own, OwnBooking, Step

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


async def do(
    linked: Linked, due: Iterable[OwnBooking], coupled: Coupled
) -> CalendarError | None:
    """Do what is to be done; return an error that something ended with, if any."""
    error: CalendarError | None = None
    pace = coupled.paces[linked.link.kind]
    try:
        async with coupled.open(linked.link) as calendar:
            for each in due:
                try:
                    async with pace.turn(writes=True):
                        await _do(each, calendar, coupled)
                except (BrokenAnswerError, BusyError) as failed:
                    # One booking that a server cannot take holds up no other.
                    error = failed
    except CalendarError as failed:
        return failed
    return error


async def _do(booking: OwnBooking, calendar: Calendar, coupled: Coupled) -> None:
    bookings = coupled.door.store.bookings
    match booking.step:
        case Step.PUT:
            await _put(booking, calendar, coupled)
            await bookings.put([replace(booking, step=Step.NONE, attempts=0, due=None)])
        case Step.DROP:
            await _answered(take_away(booking, calendar))
            await bookings.forget(booking.extension, [booking.key])
        case Step.GONE | Step.MISSED | Step.MOVED:
            entry = await _answered(calendar.find(booking.key))
            await heed(booking, block_of(booking), entry, coupled)
        case Step.NONE:
            pass


async def _put(booking: OwnBooking, calendar: Calendar, coupled: Coupled) -> None:
    block = block_of(booking)
    match booking.kind:
        case Own.DIVERT:
            await _answered(calendar.put(block))
        case Own.NOTE:
            note = coupled.notes[snag_of(booking)]
            await _answered(calendar.put(replace(block, note=note)))
        case Own.OPENED:
            await _answered(calendar.set_opened(opening_at(booking), True))
        case Own.UNCODED:
            if not await _answered(calendar.take_code(opening_at(booking))):
                await _mark_instead(booking, coupled)


async def _mark_instead(booking: OwnBooking, coupled: Coupled) -> None:
    """Have the opened divert marked of a booking whose code cannot be cut."""
    store, now = coupled.door.store, coupled.now()
    standing = await store.diverts.standing(booking.extension)
    marks = marks_instead(booking, standing.diverts)
    await store.bookings.put(replace(each, due=now) for each in marks)


async def take_away(booking: OwnBooking, calendar: Calendar) -> None:
    """Remove from a calendar what we have written there."""
    match booking.kind:
        case Own.DIVERT | Own.NOTE:
            await calendar.drop(booking.key)
        case Own.OPENED:
            await calendar.set_opened(opening_at(booking), False)
        case Own.UNCODED:
            # What was cut is nobody's to bring back.
            pass


async def _answered(question: Awaitable[Answer]) -> Answer:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await question
    except TimeoutError:
        raise BusyError("The calendar does not answer.") from None


def block_of(booking: OwnBooking) -> Block:
    """Return a booking of ours as calendars know it."""
    return Block(booking.key, booking.mark, booking.start, booking.end)


def is_due(booking: OwnBooking, now: datetime) -> bool:
    """Tell whether it is time for what is to be done."""
    # None is put off for longer: a clock was set back since.
    longest = timedelta(seconds=LONGEST_SECONDS)
    return booking.due is None or not now < booking.due <= now + longest


async def put_off(
    due: Iterable[OwnBooking], error: CalendarError, coupled: Coupled, luck: float
) -> None:
    """Write down when what was not done is tried again."""
    bookings, now = coupled.door.store.bookings, coupled.now()
    keys = {each.key for each in due}
    extension = next(iter(due)).extension
    left = [
        each
        for each in await bookings.of(extension)
        if each.key in keys and each.step is not Step.NONE and is_due(each, now)
    ]
    attempts = max((each.attempts for each in left), default=0)
    seconds = _wait(error, attempts, luck)
    log.info("a booking is not written yet: %s", type(error).__name__)
    again = now + timedelta(seconds=seconds)
    await bookings.put(
        replace(each, attempts=each.attempts + 1, due=again) for each in left
    )


def _wait(error: CalendarError, attempts: int, luck: float) -> float:
    match error:
        case AccessDeniedError():
            return DENIED_SECONDS
        case BusyError(retry_after=asked):
            return backoff(attempts, luck, asked)
        case _:
            return backoff(attempts, luck)
