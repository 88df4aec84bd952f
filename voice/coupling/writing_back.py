"""Writes into people's own calendars what they have set and opened by phone or web."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from voice.calendars.port import Block
from voice.calendars.settings import Clearing
from voice.calendars.writing import Drop, LetGo, Put, Write, writes
from voice.coupling import notes, openings
from voice.coupling.doing import block_of, do, is_due, put_off
from voice.coupling.following import Coupled
from voice.coupling.parting import Left, take_out
from voice.coupling.plan import Phone, Plan
from voice.divert.explained import Counted
from voice.divert.model import Extension
from voice.store.links_port import Linked, LinkKind, Own, OwnBooking, Step

_ASKED = (Step.GONE, Step.MISSED, Step.MOVED)
_WRITTEN = (Step.PUT, Step.DROP)


async def settle(linked: Linked, coupled: Coupled, luck: float) -> float | None:
    """Make what is ours in a calendar what its owner's diverts ask for.

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
    settings, site = coupled.settings, coupled.door.site
    phone = await _phone(extension, coupled)
    counted = Counted(settings.free, settings.tentative)
    has_notes = settings.notes and bool(coupled.notes)
    plans = (
        _bookings(phone),
        openings.planned(phone, settings, site.undo_for),
        notes.planned(phone, site, counted, has_notes),
    )
    bookings = coupled.door.store.bookings
    if noted := [each for plan in plans for each in plan.noted]:
        await bookings.put(noted)
    if forgotten := [key for plan in plans for key in plan.forgotten]:
        await bookings.forget(extension, forgotten)


async def _phone(extension: Extension, coupled: Coupled) -> Phone:
    store, settings = coupled.door.store, coupled.settings
    there = await store.bookings.of(extension)
    diverts = (await store.diverts.standing(extension)).diverts
    phone = Phone(extension, diverts, there, coupled.now())
    cuts = settings.clearing is Clearing.UNCODE and any(d.opened for d in diverts)
    if not (settings.notes or cuts):
        return phone
    kept = await store.links.kept(extension)
    known = (entry for entry in kept.entries if entry.key not in kept.opted_out)
    return replace(phone, entries=tuple(known))


def _bookings(phone: Phone) -> Plan:
    """Return what makes our bookings those that the diverts ask for."""
    bookings = phone.ours(Own.DIVERT)
    blocks = {each.key: block_of(each) for each in bookings}
    leaving = {each.key: block_of(each) for each in bookings if each.step is Step.DROP}
    there = {key: block for key, block in blocks.items() if key not in leaving}
    pending = {each.key for each in bookings if each.step is Step.PUT}
    planned = writes(phone.extension, phone.diverts, there, phone.now, leaving)
    # What is yet to be moved to its end is moved before it is let go.
    past = [w.key for w in planned if isinstance(w, LetGo) and w.key not in pending]
    return Plan(tuple(_noted(phone.extension, planned, there)), tuple(past))


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


async def withdraw(linked: Linked, coupled: Coupled) -> Left | None:
    """Take every booking of ours that is yet to end out of a calendar, once.

    Return what could not be taken out, and nothing knows of any more.
    """
    extension, bookings = linked.link.extension, coupled.door.store.bookings
    there = await bookings.of(extension)
    if not there:
        return None
    leaving = [each for each in there if each.end > coupled.now()]
    # Written down first, or what we remove could seem to be removed by its owner.
    await bookings.put(replace(each, step=Step.DROP, due=None) for each in leaving)
    left = await take_out(linked.link, leaving, coupled)
    await bookings.forget(extension, [each.key for each in there])
    return left
