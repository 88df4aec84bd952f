"""What a command does to the diverts that stand on a phone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias, assert_never

from voice.divert.model import (
    CalendarFollowed,
    Change,
    ChangeDivert,
    ChangeUndone,
    ClearDivert,
    Command,
    Divert,
    DivertChanged,
    DivertsCleared,
    DivertSet,
    EntryKey,
    Event,
    FollowCalendar,
    Mode,
    ReasonCode,
    Refused,
    SetDivert,
    Site,
    Source,
    Standing,
    UndoChange,
    Until,
)
from voice.divert.routing import counting
from voice.divert.walltime import at, local
from voice.divert.workdays import next_working

Diverts: TypeAlias = tuple[Divert, ...]

_NOTHING_TO_CLEAR = Refused("nothing_to_clear")


def decide(command: Command, standing: Standing, site: Site, now: datetime) -> Event:
    """Say what the command does to what stands on its extension."""
    # Two times of one zone are compared by the clock on the wall, which runs twice
    # through an hour of the autumn night: instants are compared in UTC.
    now = now.astimezone(UTC)
    match command:
        case SetDivert():
            return _set(command, standing, site, now)
        case ClearDivert():
            return _clear(command, standing, now)
        case ChangeDivert():
            return _change(command, standing, site, now)
        case UndoChange():
            return _undo(standing, site, now)
        case FollowCalendar(_, wanted):
            return _follow(wanted, standing, now)
        case _:
            assert_never(command)


def applied(event: Event, standing: Standing, now: datetime) -> Standing:
    """Return what stands after the event; what has ended is let go."""
    if isinstance(event, Refused):
        return standing
    gone, new = difference(event)
    kept = (divert for divert in standing.diverts if divert not in gone)
    diverts = tuple(divert for divert in (*kept, *new) if not divert.ended(now))
    match event:
        case CalendarFollowed():
            return Standing(diverts, standing.last)
        case ChangeUndone():
            return Standing(diverts, None)
        case _:
            return Standing(diverts, Change(now.astimezone(UTC), gone, new))


def difference(event: Event) -> tuple[Diverts, Diverts]:
    """Return which diverts leave and which come, opened bookings among both."""
    match event:
        case DivertSet(divert, replaced):
            return replaced, (divert,)
        case DivertsCleared(gone):
            return gone, _opened(gone)
        case DivertChanged(before, after, replaced):
            # The booking stays as opened, or the next reading of the calendar
            # would bring it back beside the divert that took its place.
            return (before, *replaced), (*_opened((before,)), after)
        case ChangeUndone(gone, restored):
            return (*gone, *_opened(restored)), restored
        case CalendarFollowed(gone, new):
            return gone, new
        case Refused():
            return (), ()
        case _:
            assert_never(event)


def _set(command: SetDivert, standing: Standing, site: Site, now: datetime) -> Event:
    reason = site.reasons.get(command.reason)
    if reason is None:
        return Refused("unknown_reason")
    start = command.start.astimezone(UTC) if command.start else now
    until = _end(command.until or reason.lasts, start, site)
    if until is not None and until <= now:
        return Refused("until_has_passed")
    if until is not None and until <= start:
        return Refused("until_before_start")
    divert = Divert(
        extension=command.extension,
        reason=command.reason,
        start=start,
        until=until,
        mode=command.mode,
        source=command.source,
        set_at=now,
    )
    return DivertSet(divert, _replaced(divert, standing, now))


def _end(
    until: datetime | timedelta | Until, start: datetime, site: Site
) -> datetime | None:
    match until:
        case Until.CLEARED:
            return None
        case Until.NEXT_WORKING_DAY:
            return at(next_working(local(start).date(), site.red_days))
        case timedelta():
            return start + until
        case _:
            return until.astimezone(UTC)


def _replaced(divert: Divert, standing: Standing, now: datetime) -> Diverts:
    def takes_place_of(other: Divert) -> bool:
        by_person = other.source is not Source.CALENDAR
        # What is in force until a divert that begins later must stay, or setting
        # the one would open the phone until then.
        bridges = other.start <= now < divert.start
        alike = by_person and other.reason == divert.reason
        return alike and not bridges and _overlap(other, divert)

    return tuple(filter(takes_place_of, _living(standing, now)))


def _overlap(one: Divert, other: Divert) -> bool:
    return not (one.ended(other.start) or other.ended(one.start))


def _clear(command: ClearDivert, standing: Standing, now: datetime) -> Event:
    reason, only = command.reason, command.only
    living = [divert for divert in _living(standing, now) if not divert.opened]
    if only is not None:
        return DivertsCleared((only,)) if only in living else _NOTHING_TO_CLEAR
    named = tuple(divert for divert in living if reason in (None, divert.reason))
    holding = tuple(divert for divert in named if divert.holds(now))
    # What is yet to come is opened only by its name.
    gone = holding if holding or reason is None else named
    if gone:
        return DivertsCleared(gone)
    if counting(standing.diverts, now) is None:
        return _NOTHING_TO_CLEAR
    return Refused("not_that_reason")


def _change(
    command: ChangeDivert, standing: Standing, site: Site, now: datetime
) -> Event:
    before = _changing(command, standing, now)
    if before is None or (command.reason is None and command.to is None):
        return Refused("nothing_to_change")
    reason = before.reason if command.reason is None else command.reason
    if command.reason is not None and reason not in site.reasons:
        return Refused("unknown_reason")
    until = before.until
    match command.to:
        case timedelta() as more:
            if until is None:
                return Refused("has_no_end")
            until += more
        case datetime() | Until() as end:
            until = _end(end, now, site)
    if until is not None and until <= now:
        return Refused("until_has_passed")
    if until is not None and until <= before.start:
        return Refused("until_before_start")
    # Our own booking of a person's divert moves with it; one of the person's own
    # is left alone.
    entry = None if before.source is Source.CALENDAR else before.entry
    changed = replace(before, reason=reason, until=until, entry=entry)
    after = replace(changed, source=command.source, set_at=now)
    alike = () if command.reason is None else _replaced(after, standing, now)
    return DivertChanged(before, after, tuple(d for d in alike if d != before))


def _changing(
    command: ChangeDivert, standing: Standing, now: datetime
) -> Divert | None:
    """Return the divert of the reason that a new end is named with, or what counts."""
    if command.only is not None:
        return command.only if command.only in _living(standing, now) else None
    named = [divert for divert in standing.diverts if divert.reason == command.reason]
    timed = None if command.to is None else counting(named, now)
    return timed or counting(standing.diverts, now)


def _undo(standing: Standing, site: Site, now: datetime) -> Event:
    last = standing.last
    if last is None or now - last.at > site.undo_for:
        return Refused("nothing_to_undo")
    living = _living(standing, now)

    def can_return(divert: Divert) -> bool:
        # A booking that its calendar has since moved or dropped is the calendar's.
        booked = all(marker in living for marker in _opened((divert,)))
        return booked and not divert.ended(now)

    gone = tuple(d for d in last.new if d in living and not d.opened)
    restored = tuple(filter(can_return, last.gone))
    return (
        ChangeUndone(gone, restored) if gone or restored else Refused("nothing_to_undo")
    )


def _follow(wanted: Diverts, standing: Standing, now: datetime) -> Event:
    there = {
        _booking(divert): divert
        for divert in _living(standing, now)
        if divert.source is Source.CALENDAR
    }
    here = {_booking(divert): divert for divert in wanted if not divert.ended(now)}
    return CalendarFollowed(
        gone=tuple(there[booking] for booking in there if booking not in here),
        new=tuple(here[booking] for booking in here if booking not in there),
    )


def _booking(
    divert: Divert,
) -> tuple[EntryKey | None, ReasonCode, datetime, datetime | None, Mode]:
    """Return what makes a booking another one than it was."""
    return divert.entry, divert.reason, divert.start, divert.until, divert.mode


def _opened(diverts: Diverts) -> Diverts:
    """Return the bookings among them, as they stand when opened before their time."""
    bookings = (divert for divert in diverts if divert.source is Source.CALENDAR)
    return tuple(replace(booking, opened=True) for booking in bookings)


def _living(standing: Standing, now: datetime) -> Diverts:
    return tuple(divert for divert in standing.diverts if not divert.ended(now))
