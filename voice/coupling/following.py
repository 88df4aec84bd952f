"""Lets a phone follow its owner's calendar: one reading, and what comes of it."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeAlias

from voice.calendar_measures import CalendarMeasures, Outcome
from voice.calendars.following import (
    Known,
    after,
    diverting,
    is_confirmed,
    is_doubtful,
    is_outgrown,
    unchanged,
    window,
    window_to,
)
from voice.calendars.opened import as_opened, kept_open
from voice.calendars.port import (
    BusyError,
    Calendar,
    CalendarError,
    Cursor,
    CursorExpiredError,
    Reading,
    Window,
)
from voice.calendars.settings import CalendarSettings, Clearing
from voice.coupling.openings import pending
from voice.coupling.pace import Pace, paces
from voice.coupling.suspecting import suspect
from voice.divert.advice import Snag
from voice.divert.agenda import wanted
from voice.divert.explained import Counted
from voice.divert.model import Extension, FollowCalendar, Source, Standing
from voice.obey import Door
from voice.store.links_port import Kept, Link, Linked, LinkKind, Progress

log = logging.getLogger(__name__)

Opener: TypeAlias = Callable[[Link], AbstractAsyncContextManager[Calendar]]

# A calendar that has not answered by now is tried again later.
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Coupled:
    """What is needed to follow calendars and to write into them."""

    door: Door
    open: Opener
    settings: CalendarSettings
    now: Callable[[], datetime]
    paces: Mapping[LinkKind, Pace] = field(
        default_factory=lambda: paces(CalendarSettings().per_minute)
    )
    measures: CalendarMeasures = field(default_factory=CalendarMeasures)
    notes: Mapping[Snag, str] = field(default_factory=dict)
    """What owners are told in their calendars of each slip, where the site wants it."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of a reading; without an error it was read."""

    progress: Progress
    error: CalendarError | None = None
    is_kept: bool = False
    """Whether the store has the progress already."""
    is_to_write: bool = False
    """Whether something may be to be written, or asked, because of what was read."""


async def follow(linked: Linked, coupled: Coupled) -> Followed:
    """Read a calendar once, and let its phone follow."""
    link, progress, now = linked.link, linked.progress, coupled.now()
    seen, cursor = _begins(linked, now)
    expired = partial(coupled.measures.read, link.kind, Outcome.EXPIRED)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), coupled.open(link) as calendar:
            reading = await _read(calendar, seen, cursor, expired)
    except TimeoutError:
        return _failed(progress, BusyError("The calendar does not answer."), now)
    except CalendarError as error:
        return _failed(progress, error, now)
    return await _believed(linked, reading, seen, coupled)


def _begins(linked: Linked, now: datetime) -> tuple[Window, Cursor | None]:
    """Return what is to be read, and from where on; None is from the beginning."""
    cursor, reaches = linked.progress.cursor, linked.progress.reaches
    if cursor is None or reaches is None:
        return window(now), None
    if is_outgrown(reaches, linked.link.extension, now):
        return window(now), None
    # The same days for as long as a cursor is good for: some count from them alone.
    return window_to(reaches), Cursor(cursor)


async def _read(
    calendar: Calendar,
    seen: Window,
    cursor: Cursor | None,
    expired: Callable[[], None],
) -> Reading:
    try:
        return await calendar.read(seen, cursor)
    except CursorExpiredError:
        expired()
        return await calendar.read(seen, None)


def _failed(progress: Progress, error: CalendarError, now: datetime) -> Followed:
    """Leave the phone as it is: the end that is known still opens it."""
    failing = replace(
        progress,
        failing_since=progress.failing_since or now,
        fault=type(error).__name__,
        remedy=str(error),
    )
    return Followed(failing, error)


async def _believed(
    linked: Linked, reading: Reading, seen: Window, coupled: Coupled
) -> Followed:
    progress, now = linked.progress, coupled.now()
    read = replace(
        progress,
        read_at=now,
        cursor=reading.cursor,
        reaches=seen.end if reading.whole else progress.reaches,
        doubted_at=None,
        failing_since=None,
        fault="",
        remedy="",
    )
    if not (reading.whole or reading.entries or reading.gone):
        return Followed(read)
    links = coupled.door.store.links
    kept = await links.kept(linked.link.extension)
    before = Known(kept.entries, kept.opted_out)
    known = after(before, reading, seen)
    doubtful = is_doubtful(before, known, now, reading.whole)
    # What a clock remembers that was set back since is yet to come.
    doubted_at = min(progress.doubted_at or now, now)
    if doubtful and not is_confirmed(doubted_at, now):
        log.warning("a calendar suddenly has next to nothing: it is read again first")
        return Followed(replace(progress, cursor=None, doubted_at=doubted_at))
    extension, bookings = linked.link.extension, coupled.door.store.bookings
    # Where most is gone at once, it was hardly by the owner's hand.
    touched = not doubtful and await suspect(extension, before, reading, bookings)
    # Kept first: what is not carried out now is carried out at the next start.
    if await links.keep(linked.link, read, Kept(known.entries, known.opted_out)):
        await carry_out(extension, known, coupled, before)
    # A slip can have been made or mended.
    writes = touched or coupled.settings.notes
    return Followed(read, is_kept=True, is_to_write=writes)


class _OutdatedError(Exception):
    """What stands is not what was seen: somebody has opened the phone meanwhile."""


async def carry_out(
    extension: Extension, known: Known, coupled: Coupled, before: Known | None = None
) -> None:
    """Make a phone's diverts those that its calendar asks for.

    What was known `before` tells which bookings are as they were.
    """
    while True:
        with suppress(_OutdatedError):
            return await _carry_out(extension, known, coupled, before or known)


async def _carry_out(
    extension: Extension, known: Known, coupled: Coupled, before: Known
) -> None:
    door, settings = coupled.door, coupled.settings
    counted = Counted(settings.free, settings.tentative)
    entries = diverting(known, counted)
    seen = await door.store.diverts.standing(extension)
    diverts = kept_open(
        entries,
        lambda some: wanted(some, extension, door.site),
        seen.diverts,
        unchanged(entries, diverting(before, counted)),
    )
    if any(each.opened for each in entries) or settings.clearing is Clearing.UNCODE:
        there = await door.store.bookings.of(extension)
        diverts = as_opened(diverts, entries, pending(there))

    def check(standing: Standing) -> None:
        if standing.diverts != seen.diverts:
            raise _OutdatedError

    command = FollowCalendar(extension, diverts)
    await door.obey(command, coupled.now(), Source.CALENDAR, check=check)


async def resume(extension: Extension, coupled: Coupled) -> None:
    """Carry out what was last read: a crash, or a change of the rules, came between."""
    kept = await coupled.door.store.links.kept(extension)
    await carry_out(extension, Known(kept.entries, kept.opted_out), coupled)


async def let_go(extension: Extension, coupled: Coupled) -> None:
    """Take away the diverts that came from a calendar which is no longer followed."""
    await carry_out(extension, Known(), coupled)
