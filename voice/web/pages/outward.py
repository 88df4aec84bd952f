"""A divert as it is shown to others than its owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from voice.divert.model import Divert, ReasonCode
from voice.language.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Outward:
    """What others may see of a divert."""

    reason: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Discretion:
    """Shows by its outer wording what is its owner's alone, unless the site says."""

    catalog: Catalog
    sees_all: bool = False
    """Whether operators are shown all reasons by their own names."""

    def reason(self, code: str) -> str:
        """Return what a reason is called; one no longer known by its code."""
        wording = self.catalog.wordings.get(ReasonCode(code))
        if wording is None:
            return code
        is_hidden = wording.discreet and not self.sees_all
        return wording.outer if is_hidden else wording.label

    def divert(self, divert: Divert) -> Outward:
        """Return a divert as it is shown."""
        return Outward(self.reason(divert.reason), divert.until)

    def without(
        self, these: Sequence[Divert], others: Sequence[Divert]
    ) -> tuple[Outward, ...]:
        """Return diverts that stand on one side of a change alone."""
        return tuple(self.divert(each) for each in these if each not in others)
