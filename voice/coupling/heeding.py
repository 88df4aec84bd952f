"""Heeds what an owner does to bookings of ours in their own calendar.

Whoever removes one has cleared the divert that it stands for, and whoever gives it
another end has changed the divert. The calendar is asked for it first, and for one that
is gone twice: what a server has just written it may not find yet.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from voice.calendars.owners_hand import Doing, Ended, done
from voice.calendars.port import Block
from voice.calendars.writing import stands_for
from voice.coupling.following import Coupled
from voice.divert.model import (
    ChangeDivert,
    ClearDivert,
    Command,
    Divert,
    Entry,
    Refused,
    Source,
)
from voice.store.links_port import OwnBooking, Step

log = logging.getLogger(__name__)

_ONCE_MORE = timedelta(seconds=10)


async def heed(
    booking: OwnBooking, block: Block, entry: Entry | None, coupled: Coupled
) -> None:
    """Do as an owner has done to a booking of ours, which was found as it is now."""
    match done(block, entry), booking.step:
        case Doing.NOTHING, _:
            await _note(booking, Step.NONE, coupled)
        case Doing.REMOVED, Step.GONE:
            due = coupled.now() + _ONCE_MORE
            await _note(replace(booking, due=due), Step.MISSED, coupled)
        case Doing.REMOVED, Step.MISSED:
            await _clear(booking, block, coupled)
        case Ended(at), _:
            await _end(booking, block, at, coupled)
        case _:
            # What is meant is not plain, and so it is written again.
            await _note(booking, Step.PUT, coupled)


async def _clear(booking: OwnBooking, block: Block, coupled: Coupled) -> None:
    divert = await _divert(booking, block, coupled)
    if divert is not None:
        log.info("a divert is cleared: its owner has removed its booking")
        await _obey(ClearDivert(divert.extension, only=divert), coupled)
    # Only now: a crash in between finds nothing more to clear.
    await coupled.door.store.bookings.forget(booking.extension, [booking.key])


async def _end(
    booking: OwnBooking, block: Block, at: datetime, coupled: Coupled
) -> None:
    divert = await _divert(booking, block, coupled)
    if divert is None or not await _obey(_ending(divert, at, coupled.now()), coupled):
        await _note(booking, Step.PUT, coupled)
        return
    log.info("a divert gets another end: its owner has moved that of its booking")
    await _note(replace(booking, end=at), Step.NONE, coupled)


def _ending(divert: Divert, at: datetime, now: datetime) -> Command:
    """Return what ends a divert at an instant, which may be past."""
    if at <= now:
        return ClearDivert(divert.extension, only=divert)
    # It stays the person's: what came from a calendar would leave with its booking.
    source = divert.source
    return ChangeDivert(divert.extension, to=at, source=source, only=divert)


async def _divert(booking: OwnBooking, block: Block, coupled: Coupled) -> Divert | None:
    standing = await coupled.door.store.diverts.standing(booking.extension)
    return stands_for(block, standing.diverts, coupled.now())


async def _obey(command: Command, coupled: Coupled) -> bool:
    event = await coupled.door.obey(command, coupled.now(), Source.CALENDAR)
    return not isinstance(event, Refused)


async def _note(booking: OwnBooking, step: Step, coupled: Coupled) -> None:
    due = booking.due if step is Step.MISSED else None
    noted = replace(booking, step=step, attempts=0, due=due)
    await coupled.door.store.bookings.put([noted])
