"""Notes for owners, in their calendars, on bookings that by a slip divert nothing."""

import hashlib
from datetime import datetime, timedelta

from voice.coupling.plan import Phone, Plan, difference
from voice.divert.advice import NOTED, Advice, Snag, advice
from voice.divert.explained import Counted
from voice.divert.model import Extension, Mark, Mode, ReasonCode, Site
from voice.divert.walltime import at, local
from voice.store.links_port import Own, OwnBooking, Step

_AHEAD, _LENGTH = timedelta(days=14), timedelta(minutes=15)
# It is not written for any code.
_NO_MARK = Mark(ReasonCode(""), Mode.INFORMING)


def planned(phone: Phone, site: Site, counted: Counted, wanted: bool) -> Plan:
    """Return what is to be written; where none are wanted, what is to be removed."""
    notes: list[OwnBooking] = []
    if wanted:
        span = (phone.now, phone.now + _AHEAD)
        for each in advice(phone.entries, [span], site, counted):
            if each.snag in NOTED:
                notes.append(_note(phone.extension, each))
    ahead = [note for note in notes if note.end > phone.now]
    return difference(ahead, phone.ours(Own.NOTE), phone.now)


def snag_of(booking: OwnBooking) -> Snag:
    """Return what a note is about."""
    return Snag(booking.about.partition("-")[0])


def _note(extension: Extension, about: Advice) -> OwnBooking:
    start = _start(about)
    named = f"{extension} {start.isoformat()}"
    digest = hashlib.sha256(named.encode()).hexdigest()[:32]
    key = f"{Own.NOTE}{about.snag}-{digest}"
    return OwnBooking(extension, key, _NO_MARK, start, start + _LENGTH, Step.PUT)


def _start(about: Advice) -> datetime:
    # A day begins at midnight, when nobody looks.
    if about.snag is Snag.ALL_DAY:
        return at(local(about.start).date())
    return about.start.replace(second=0, microsecond=0)
