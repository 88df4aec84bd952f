"""A divert as it is shown to others than its owner."""

from dataclasses import dataclass
from datetime import datetime

from voice.divert.model import Divert
from voice.language.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Outward:
    """What others may see of a divert."""

    reason: str
    until: datetime | None


def outward(divert: Divert, catalog: Catalog) -> Outward:
    """Return a divert by its outer wording, where the reason is its owner's alone."""
    wording = catalog.wordings.get(divert.reason)
    if wording is None:
        return Outward(divert.reason, divert.until)
    reason = wording.outer if wording.discreet else wording.label
    return Outward(reason, divert.until)
