"""A staff list in CSV: what it would change, each line of it, before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from voice.store.directory_port import Listing
from voice.web.staff_port import ListChanges, ListFault

PATH = "/installningar/katalog/lista"
REVIEW = "/installningar/katalog/granska"
MOST = 200
"""More of a list of thousands is counted, and not shown."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of a line, and how it is and would be."""

    name: str
    """The key of the words that name it."""
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A line that the list would change."""

    before: Listing
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """What the page shows: faults, or else what would be changed."""

    faults: tuple[ListFault, ...] = ()
    more_faults: int = 0
    changes: ListChanges | None = None
    changed: tuple[Changed, ...] = ()
    most: int = MOST

    @property
    def is_nothing(self) -> bool:
        """Whether all is as the list has it already."""
        it = self.changes
        return it is not None and not (it.added or it.changed or it.gone)


def refused_page(faults: Sequence[ListFault]) -> ReviewPage:
    """Return the page of a list that cannot be taken."""
    return ReviewPage(tuple(faults[:MOST]), max(len(faults) - MOST, 0))


def review_page(changes: ListChanges) -> ReviewPage:
    """Return the page of a list that can be carried out."""
    shown = changes.changed[:MOST]
    changed = (Changed(before, _differences(before, after)) for before, after in shown)
    return ReviewPage(changes=changes, changed=tuple(changed))


def _differences(before: Listing, after: Listing) -> tuple[Difference, ...]:
    parts = zip(_parts(before).items(), _parts(after).values(), strict=True)
    return tuple(
        Difference(f"staff.part_{name}", was, will)
        for (name, was), will in parts
        if was != will
    )


def _parts(listing: Listing) -> dict[str, str]:
    return {
        "name": listing.name,
        "unit": listing.unit,
        "mail": listing.mail,
        "mobiles": ", ".join(listing.mobiles),
        "search": ", ".join(listing.search),
    }
