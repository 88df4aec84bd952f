"""Writes the diverts that people set by phone or web into their own calendars."""

import asyncio
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace

from voice.calendars.port import Block, CalendarError
from voice.calendars.writing import Drop, LetGo, Put, Write, writes
from voice.coupling.doing import block_of, do, is_due, put_off
from voice.coupling.following import PATIENCE_SECONDS, Coupled
from voice.divert.model import Extension
from voice.store.links_port import Linked, LinkKind, OwnBooking, Step

_ASKED = (Step.GONE, Step.MISSED, Step.MOVED)
_WRITTEN = (Step.PUT, Step.DROP)


async def settle(linked: Linked, coupled: Coupled, luck: float) -> float | None:
    """Make our bookings in a calendar those that its owner's diverts ask for.

    Return in how many seconds it must be tried again; None when all is done. What is
    to be done is written down first: whoever goes on after a crash does it again, and
    a booking that is put twice is there once.
    """
    if linked.link.kind is LinkKind.ICS:
        return None
    extension = linked.link.extension
    # What its owner has done to a booking comes before what we would make of it.
    await _do_due(linked, _ASKED, coupled, luck)
    await _plan(extension, coupled)
    await _do_due(linked, _WRITTEN, coupled, luck)
    left = [
        (each.due - coupled.now()).total_seconds()
        for each in await coupled.door.store.bookings.of(extension)
        if each.step is not Step.NONE and each.due is not None
    ]
    return max(0.0, min(left)) if left else None


async def _do_due(
    linked: Linked, steps: Collection[Step], coupled: Coupled, luck: float
) -> None:
    """Do what of these steps is due, and put off what cannot be done now."""
    now, bookings = coupled.now(), coupled.door.store.bookings
    there = await bookings.of(linked.link.extension)
    due = [each for each in there if each.step in steps and is_due(each, now)]
    error = await do(linked, due, coupled) if due else None
    if error is not None:
        await put_off(due, error, coupled, luck)


async def _plan(extension: Extension, coupled: Coupled) -> None:
    """Write down what is to be done."""
    store, now = coupled.door.store, coupled.now()
    bookings = await store.bookings.of(extension)
    blocks = {each.key: block_of(each) for each in bookings}
    leaving = {each.key: block_of(each) for each in bookings if each.step is Step.DROP}
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


def _own(extension: Extension, block: Block, step: Step) -> OwnBooking:
    return OwnBooking(extension, block.key, block.mark, block.start, block.end, step)


async def withdraw(linked: Linked, coupled: Coupled) -> None:
    """Take every booking of ours that is yet to end out of a calendar, once."""
    extension, bookings = linked.link.extension, coupled.door.store.bookings
    there = await bookings.of(extension)
    if not there:
        return
    leaving = [each for each in there if each.end > coupled.now()]
    # Written down first, or what we remove could seem to be removed by its owner.
    await bookings.put(replace(each, step=Step.DROP, due=None) for each in leaving)
    with suppress(CalendarError, TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            async with coupled.open(linked.link) as calendar:
                for each in leaving:
                    await calendar.drop(each.key)
    await bookings.forget(extension, [each.key for each in there])
