"""What can be set right on somebody's phone, after a call that went wrong."""

from dataclasses import dataclass
from datetime import datetime

from voice.divert.model import Extension, Site, Standing
from voice.divert.routing import standing
from voice.web.pages.outward import Discretion, Outward
from voice.web.pages.seals import change_seal, seal


@dataclass(frozen=True, slots=True)
class Stands:
    """A divert that stands, and what tells it from all others."""

    divert: Outward
    seal: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What stands on a phone, and what can be done about it."""

    extension: Extension
    stands: tuple[Stands, ...]
    change: str
    """The seal of the last change: what is set right is made for what it left."""
    can_undo: bool
    """Whether that change can still be taken back."""
    reasons: tuple[tuple[str, str], ...]
    """Each code, and what it is called."""


def correction(
    extension: Extension, stands: Standing, seen: Discretion, site: Site, now: datetime
) -> Correction:
    """Return what can be set right."""
    last, wordings = stands.last, seen.catalog.wordings
    can_undo = last is not None and now - last.at <= site.undo_for
    return Correction(
        extension=extension,
        stands=tuple(
            Stands(seen.divert(divert), seal(divert))
            for divert in standing(stands.diverts, now)
        ),
        change=change_seal(stands),
        can_undo=can_undo,
        reasons=tuple((code, word.label) for code, word in wordings.items()),
    )
