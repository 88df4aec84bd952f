"""What a page has shown, sealed: whether it still stands when its form comes back."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from voice.divert.model import Divert, Source, Standing

_LETTERS = 16


def seal(divert: Divert) -> str:
    """Return what tells a divert from every other one, and from its later self."""
    # Among what operators are shown. What a person has set is told apart by its time,
    # and of the few reasons there are each could be tried until its seal fits.
    is_booked = divert.source is Source.CALENDAR
    parts = (
        divert.reason if is_booked else "",
        divert.start.isoformat(),
        divert.until and divert.until.isoformat(),
        divert.mode.value,
        divert.source.value,
        divert.set_at.isoformat(),
        divert.entry,
        divert.opened,
    )
    return _digest(parts)


def sealed(diverts: Iterable[Divert], seal_: str) -> Divert | None:
    """Return the divert that a page has shown, if it still stands as it did."""
    return next((divert for divert in diverts if seal(divert) == seal_), None)


def holding_seal(diverts: Iterable[Divert], now: datetime) -> str:
    """Return what tells all that holds from anything else that could."""
    return ".".join(sorted(seal(divert) for divert in diverts if divert.holds(now)))


def change_seal(standing: Standing) -> str:
    """Return what tells a person's last change from the one after it."""
    last = standing.last
    if last is None:
        return ""
    diverts = ([seal(divert) for divert in each] for each in (last.gone, last.new))
    return _digest((last.at.isoformat(), *diverts))


def _digest(parts: tuple[object, ...]) -> str:
    return sha256(repr(parts).encode()).hexdigest()[:_LETTERS]
