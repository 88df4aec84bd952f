"""What can be set right on somebody's phone, after a call that went wrong."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime, time

from voice.divert.model import (
    Divert,
    Extension,
    ReasonCode,
    SetDivert,
    Site,
    Source,
    Standing,
)
from voice.divert.routing import standing
from voice.divert.walltime import at, next_clock
from voice.language.catalog import Catalog
from voice.web.pages.outward import Outward, outward

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]?([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Stands:
    """A divert that stands, and what tells it from all others."""

    divert: Outward
    key: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What stands on a phone, and what can be done about it."""

    extension: Extension
    stands: tuple[Stands, ...]
    can_undo: bool
    reasons: tuple[tuple[str, str], ...]
    """Each code, and what it is called."""


def correction(
    extension: Extension, stands: Standing, catalog: Catalog, site: Site, now: datetime
) -> Correction:
    """Return what can be set right."""
    last = stands.last
    return Correction(
        extension=extension,
        stands=tuple(
            Stands(outward(divert, catalog), key_of(divert))
            for divert in standing(stands.diverts, now)
        ),
        can_undo=last is not None and now - last.at <= site.undo_for,
        reasons=tuple((code, word.label) for code, word in catalog.wordings.items()),
    )


def key_of(divert: Divert) -> str:
    """Return what tells a divert from all others, and tells nothing of it."""
    return hashlib.sha256(repr(divert).encode()).hexdigest()[:32]


def meant(divert_key: str, stands: Standing, now: datetime) -> Divert | None:
    """Return the divert that was shown; None where it does not stand any more."""
    there = standing(stands.diverts, now)
    return next((each for each in there if key_of(each) == divert_key), None)


def setting(
    extension: Extension, reason: str, until: str, now: datetime
) -> SetDivert | None:
    """Return the command of a form; None where its time cannot be read."""
    end = _instant(until, now) if until else None
    if until and end is None:
        return None
    code = ReasonCode(reason)
    return SetDivert(extension, code, end, source=Source.OPERATOR)


def _instant(text: str, now: datetime) -> datetime | None:
    """Read a time of day, the next there is, or a day on which somebody is back."""
    if clock := _CLOCK.fullmatch(text):
        return next_clock(time(int(clock[1]), int(clock[2])), now)
    try:
        return at(date.fromisoformat(text))
    except (ValueError, OverflowError):
        return None
