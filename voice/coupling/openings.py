"""What is written on people's own bookings whose phone was opened."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from voice.calendars.opened import Pending, opening_of, parts
from voice.calendars.port import Opening
from voice.calendars.settings import CalendarSettings, Clearing
from voice.coupling.plan import Phone, Plan, difference, is_alike
from voice.divert.explained import Counted
from voice.divert.model import Divert, Entry, EntryKey, Extension
from voice.store.links_port import Own, OwnBooking, Step


def planned(phone: Phone, settings: CalendarSettings, undo_for: timedelta) -> Plan:
    """Return what is to be written on the bookings whose phone is opened now."""
    counted = Counted(settings.free, settings.tentative)
    diverting = [each for each in phone.entries if counted.why_not(each) is None]
    there = phone.ours(Own.OPENED, Own.UNCODED)
    wanted = list[OwnBooking]()
    for divert in phone.diverts:
        if divert.opened and not divert.ended(phone.now):
            marks = _marks(divert)
            if settings.clearing is Clearing.MARK or _stands(marks, there):
                wanted += marks
            else:
                # Only when the clear can no longer be taken back: a subject cannot.
                due = phone.now + undo_for
                cuts = _cuts(divert, diverting, phone.now)
                wanted += (replace(each, due=due) for each in cuts)
    return difference(wanted, there, phone.now)


def marks_instead(booking: OwnBooking, diverts: Iterable[Divert]) -> list[OwnBooking]:
    """Return the marks that are written where the code of a booking cannot be cut."""
    mode, start = booking.mark.mode, booking.start
    return [
        mark
        for divert in diverts
        if divert.opened and divert.mode is mode
        if divert.start <= start and not divert.ended(start)
        for mark in _marks(divert)
    ]


def _marks(divert: Divert) -> list[OwnBooking]:
    opening = opening_of(divert)
    if opening is None:
        return []
    return [_written(divert.extension, Own.OPENED, opening)]


def _stands(marks: Iterable[OwnBooking], there: Iterable[OwnBooking]) -> bool:
    """Tell whether a booking carries the mark, because its code could not be cut."""
    found = {each.key: each for each in there if each.step is not Step.DROP}
    return any(m.key in found and is_alike(m, found[m.key]) for m in marks)


def _cuts(
    divert: Divert, diverting: Iterable[Entry], now: datetime
) -> Iterator[OwnBooking]:
    for opening in parts(divert, diverting):
        if opening.end > now:
            yield _written(divert.extension, Own.UNCODED, opening)


def _written(extension: Extension, kind: Own, opening: Opening) -> OwnBooking:
    key, times = f"{kind}{opening.key}", (opening.start, opening.end)
    return OwnBooking(extension, key, opening.mark, *times, Step.PUT)


def opening_at(booking: OwnBooking) -> Opening:
    """Return the person's own booking that something is written on."""
    key = EntryKey(booking.about)
    return Opening(key, booking.mark, booking.start, booking.end)


def pending(there: Iterable[OwnBooking]) -> Pending:
    """Return what is known of openings, whatever the calendar carries by now."""
    taken_back, uncoded = set[EntryKey](), set[Opening]()
    for each in there:
        match each.kind, each.step:
            case Own.OPENED, Step.DROP:
                taken_back.add(EntryKey(each.about))
            case Own.UNCODED, _:
                uncoded.add(opening_at(each))
            case _:
                pass
    return Pending(frozenset(taken_back), frozenset(uncoded))
