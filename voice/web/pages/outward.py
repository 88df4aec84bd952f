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


def outward(divert: Divert, catalog: Catalog, sees_all: bool = False) -> Outward:
    """Return a divert by its outer wording, where the reason is its owner's alone.

    A site can let its operators see those reasons too.
    """
    wording = catalog.wordings.get(divert.reason)
    if wording is None:
        return Outward(divert.reason, divert.until)
    is_hidden = wording.discreet and not sees_all
    reason = wording.outer if is_hidden else wording.label
    return Outward(reason, divert.until)
