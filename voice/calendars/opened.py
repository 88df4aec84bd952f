"""What a booking carries that was opened, and the diverts that are opened by it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from voice.calendars.port import Opening
from voice.divert.model import Divert, Entry, EntryKey, Mark, Source

# A series carries what is of all its days; those of long ago fit nothing any more.
_MOST = 20


@dataclass(frozen=True, slots=True)
class Pending:
    """What is known to us of openings, whatever the calendar carries by now."""

    taken_back: Collection[EntryKey] = ()
    """Bookings from which it is yet to be struck out."""
    uncoded: Collection[Opening] = ()
    """Bookings from which the code is cut, or yet to be."""


def with_proof(carried: str, proof: str, opened: bool) -> str:
    """Return what a booking is to carry, with a proof or without it."""
    proofs = carried.split()
    if (proof in proofs) is opened:
        return carried
    after = [*proofs, proof] if opened else [each for each in proofs if each != proof]
    return " ".join(after[-_MOST:])


def opening_of(divert: Divert) -> Opening | None:
    """Return how the divert of a booking is known to be opened; None if of none."""
    key, until = divert.entry, divert.until
    if divert.source is not Source.CALENDAR or key is None or until is None:
        return None
    return Opening(key, Mark(divert.reason, divert.mode), divert.start, until)


def parts(divert: Divert, diverting: Iterable[Entry]) -> tuple[Opening, ...]:
    """Return the bookings, of those that divert, that a divert is made of."""
    return tuple(
        Opening(entry.key, entry.mark, entry.start, entry.end)
        for entry in diverting
        if entry.mark is not None and _is_within(entry, divert)
    )


def kept_open(
    diverting: Sequence[Entry],
    wanted: Callable[[Iterable[Entry]], tuple[Divert, ...]],
    standing: Iterable[Divert],
    same: Collection[Entry],
) -> tuple[Divert, ...]:
    """Return the diverts of some bookings; of those that were opened, what stays open.

    An opened divert can become a longer one, or a shorter one, by a booking beside
    those that it was made of. Those of them that are the `same` stay open, apart from
    the others.
    """
    booked = [each for each in standing if each.source is Source.CALENDAR]
    opened = [each for each in booked if each.opened]
    closed = [each for each in booked if not each.opened]
    stand = {opening_of(each) for each in booked}
    stay = [
        entry
        for entry in same
        if _is_within_any(entry, opened) and not _is_within_any(entry, closed)
    ]
    found = list[Divert]()
    for divert in wanted(diverting):
        made_of = [each for each in diverting if _is_within(each, divert)]
        open_ = [each for each in made_of if each in stay]
        if opening_of(divert) in stand or not open_:
            found.append(divert)
        else:
            found += (replace(each, opened=True) for each in wanted(open_))
            found += wanted(each for each in made_of if each not in open_)
    return tuple(sorted(found, key=attrgetter("start")))


def _is_within_any(entry: Entry, diverts: Iterable[Divert]) -> bool:
    return any(_is_within(entry, divert) for divert in diverts)


def _is_within(entry: Entry, divert: Divert) -> bool:
    """Tell whether a divert can be made of a booking, among others."""
    if entry.mark is None or entry.mark.mode is not divert.mode:
        return False
    return divert.start <= entry.start < entry.end <= (divert.until or entry.end)


def as_opened(
    diverts: Iterable[Divert], diverting: Sequence[Entry], pending: Pending
) -> tuple[Divert, ...]:
    """Return the diverts, opened where what their bookings carry says so.

    It counts for a divert that is new to the store: of the others, the store knows.
    """
    carried = {entry.key: entry.opened.split() for entry in diverting if entry.opened}
    if not (carried or pending.uncoded):
        return tuple(diverts)
    return tuple(
        replace(
            divert,
            opened=divert.opened or _is_opened(divert, carried, diverting, pending),
        )
        for divert in diverts
    )


def _is_opened(
    divert: Divert,
    carried: Mapping[EntryKey, Collection[str]],
    diverting: Sequence[Entry],
    pending: Pending,
) -> bool:
    opening = opening_of(divert)
    if opening is None or opening.key in pending.taken_back:
        return False
    if opening.proof in carried.get(opening.key, ()):
        return True
    made_of = parts(divert, diverting)
    return bool(made_of) and all(each in pending.uncoded for each in made_of)
