"""What is to be written down of what we write into one person's calendar."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from voice.divert.model import Divert, Entry, Extension
from voice.store.links_port import Own, OwnBooking, Step


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone as it is known when a plan is made."""

    extension: Extension
    diverts: tuple[Divert, ...]
    there: tuple[OwnBooking, ...]
    now: datetime
    entries: tuple[Entry, ...] = ()
    """What is known of its owner's calendar, where a plan is made of it."""

    def ours(self, *kinds: Own) -> tuple[OwnBooking, ...]:
        """Return what there is of some kinds."""
        return tuple(each for each in self.there if each.kind in kinds)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is written down, and what is struck out."""

    noted: tuple[OwnBooking, ...] = ()
    forgotten: tuple[str, ...] = ()


def difference(
    wanted: Iterable[OwnBooking], there: Iterable[OwnBooking], now: datetime
) -> Plan:
    """Return what makes those that are there the ones that are wanted.

    What a booking carries that is past stays, and a code that was cut stays cut.
    """
    lacking = {each.key: each for each in wanted}
    noted, forgotten = list[OwnBooking](), list[str]()
    for each in there:
        if each.key in lacking:
            if each.step is not Step.DROP and is_alike(each, lacking[each.key]):
                del lacking[each.key]
        elif each.kind is Own.UNCODED or _is_harmless(each, now):
            forgotten.append(each.key)
        elif each.step is not Step.DROP:
            noted.append(replace(each, step=Step.DROP, attempts=0, due=None))
    return Plan((*lacking.values(), *noted), tuple(forgotten))


def _is_harmless(booking: OwnBooking, now: datetime) -> bool:
    return booking.kind is Own.OPENED and booking.end <= now


def is_alike(one: OwnBooking, other: OwnBooking) -> bool:
    """Tell whether two are of one code and one time."""
    times = one.start == other.start and one.end == other.end
    return times and one.mark == other.mark
