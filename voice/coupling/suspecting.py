"""Notes which bookings of ours a reading tells to have been touched by their owner."""

from dataclasses import replace

from voice.calendars.following import Known
from voice.calendars.owners_hand import told_gone, told_moved
from voice.calendars.port import Reading
from voice.divert.model import Entry, Extension
from voice.store.links_port import Own, OwnBooking, OwnBookings, Step


async def suspect(
    extension: Extension, before: Known, reading: Reading, bookings: OwnBookings
) -> bool:
    """Have those asked for that are told to be gone or otherwise; tell of any.

    Only those that were written, and were seen just as they were written: what we move
    or remove ourselves is told, too.
    """
    steps = dict.fromkeys(told_moved(before, reading), Step.MOVED)
    steps |= dict.fromkeys(told_gone(before, reading), Step.GONE)
    found = False
    for each in await bookings.of(extension) if steps else ():
        step = next((steps[entry] for entry in steps if _is(each, entry)), None)
        if each.kind is Own.DIVERT and each.step is Step.NONE and step is not None:
            found = await bookings.amend(each, replace(each, step=step)) or found
    return found


def _is(booking: OwnBooking, seen: Entry) -> bool:
    same_time = booking.start == seen.start and booking.end == seen.end
    return same_time and booking.mark == seen.mark
