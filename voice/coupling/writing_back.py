"""Writes the diverts that people set by phone or web into their own calendars."""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from voice.calendars.port import (
    AccessDeniedError,
    Block,
    BrokenAnswerError,
    BusyError,
    Calendar,
    CalendarError,
)
from voice.calendars.writing import Drop, LetGo, Put, Write, writes
from voice.coupling.following import PATIENCE_SECONDS, Coupled
from voice.coupling.pace import DENIED_SECONDS, LONGEST_SECONDS, backoff
from voice.divert.model import Extension
from voice.store.links_port import Linked, LinkKind, OwnBooking, Step

log = logging.getLogger(__name__)


async def settle(linked: Linked, coupled: Coupled, luck: float) -> float | None:
    """Make our bookings in a calendar those that its owner's diverts ask for.

    Return in how many seconds it must be tried again; None when all is done. What is
    to be done is written down first: whoever goes on after a crash does it again, and
    a booking that is put twice is there once.
    """
    if linked.link.kind is LinkKind.ICS:
        return None
    extension = linked.link.extension
    await _plan(extension, coupled)
    now = coupled.now()
    bookings = await coupled.door.store.bookings.of(extension)
    todo = [each for each in bookings if each.step is not Step.NONE]
    due = [each for each in todo if _is_due(each, now)]
    error = await _perform(linked, due, coupled) if due else None
    if error is not None:
        return await _put_off(due, error, coupled, luck)
    waiting = [each.due for each in todo if each not in due and each.due is not None]
    return (min(waiting) - now).total_seconds() if waiting else None


def _is_due(booking: OwnBooking, now: datetime) -> bool:
    # None is put off for longer: a clock was set back since.
    longest = timedelta(seconds=LONGEST_SECONDS)
    return booking.due is None or not now < booking.due <= now + longest


async def _plan(extension: Extension, coupled: Coupled) -> None:
    """Write down what is to be done."""
    store, now = coupled.door.store, coupled.now()
    bookings = await store.bookings.of(extension)
    blocks = {each.key: _block(each) for each in bookings}
    leaving = {each.key: _block(each) for each in bookings if each.step is Step.DROP}
    there = {key: block for key, block in blocks.items() if key not in leaving}
    pending = {each.key for each in bookings if each.step is Step.PUT}
    diverts = (await store.diverts.standing(extension)).diverts
    planned = writes(extension, diverts, there, now, leaving)
    if noted := _noted(extension, planned, there):
        await store.bookings.put(noted)
    # What is yet to be moved to its end is moved before it is let go.
    past = [w.key for w in planned if isinstance(w, LetGo) and w.key not in pending]
    if past:
        await store.bookings.forget(extension, past)


def _noted(
    extension: Extension, planned: Iterable[Write], there: dict[str, Block]
) -> list[OwnBooking]:
    noted = []
    for write in planned:
        match write:
            case Put(block):
                noted.append(_own(extension, block, Step.PUT))
            case Drop(key):
                noted.append(_own(extension, there[key], Step.DROP))
            case LetGo():
                pass
    return noted


def _block(booking: OwnBooking) -> Block:
    return Block(booking.key, booking.mark, booking.start, booking.end)


def _own(extension: Extension, block: Block, step: Step) -> OwnBooking:
    return OwnBooking(extension, block.key, block.mark, block.start, block.end, step)


async def _perform(
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
                        await _write(each, calendar, coupled)
                except (BrokenAnswerError, BusyError) as failed:
                    # One booking that a server cannot take holds up no other.
                    error = failed
    except CalendarError as failed:
        return failed
    return error


async def _write(booking: OwnBooking, calendar: Calendar, coupled: Coupled) -> None:
    bookings = coupled.door.store.bookings
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            if booking.step is Step.DROP:
                await calendar.drop(booking.key)
            else:
                await calendar.put(_block(booking))
    except TimeoutError:
        raise BusyError("The calendar does not answer.") from None
    if booking.step is Step.DROP:
        await bookings.forget(booking.extension, [booking.key])
    else:
        await bookings.put([replace(booking, step=Step.NONE, attempts=0, due=None)])


async def _put_off(
    due: Iterable[OwnBooking], error: CalendarError, coupled: Coupled, luck: float
) -> float:
    """Write down when what was not done is tried again, and return the seconds."""
    bookings, now = coupled.door.store.bookings, coupled.now()
    keys = {each.key for each in due}
    extension = next(iter(due)).extension
    left = [
        each
        for each in await bookings.of(extension)
        if each.key in keys and each.step is not Step.NONE
    ]
    attempts = max((each.attempts for each in left), default=0)
    seconds = _wait(error, attempts, luck)
    log.info("a booking is not written yet: %s", type(error).__name__)
    again = now + timedelta(seconds=seconds)
    await bookings.put(
        replace(each, attempts=each.attempts + 1, due=again) for each in left
    )
    return seconds


def _wait(error: CalendarError, attempts: int, luck: float) -> float:
    match error:
        case AccessDeniedError():
            return DENIED_SECONDS
        case BusyError(retry_after=asked):
            return backoff(attempts, luck, asked)
        case _:
            return backoff(attempts, luck)


async def withdraw(linked: Linked, coupled: Coupled) -> None:
    """Take every booking of ours that is yet to end out of a calendar, once."""
    extension, now = linked.link.extension, coupled.now()
    bookings = await coupled.door.store.bookings.of(extension)
    if not bookings:
        return
    with suppress(CalendarError, TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            async with coupled.open(linked.link) as calendar:
                for each in _to_come(bookings, now):
                    await calendar.drop(each.key)
    keys = [each.key for each in bookings]
    await coupled.door.store.bookings.forget(extension, keys)


def _to_come(bookings: Iterable[OwnBooking], now: datetime) -> list[OwnBooking]:
    return [each for each in bookings if each.end > now]
