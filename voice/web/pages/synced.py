"""Katalogtjänst: when the directory server was looked at, and what came of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from prometheus_client.parser import text_string_to_metric_families

from voice.web.pages.health import parts
from voice.web.pages.staff import MOST, ReviewPage, review_page
from voice.web.pages.trail import Change
from voice.web.staff_port import DirectoryDesk, ServerChanges, ServerFault

PATH = "/installningar/katalog"
REVIEW = "/installningar/katalog/hamta"
EVENT = "DirectorySynced"
_SECONDS = "telefonist_directory_sync_seconds"
_PEOPLE = "telefonist_directory_sync_people"
_HOW = ("added", "changed", "removed", "same", "left_out")
# As the service calls the part of it that looks.
_PART = "directory"


@dataclass(frozen=True, slots=True)
class Looks:
    """When the service has looked since it began, and what the last good time did."""

    well: datetime | None
    failed: datetime | None
    people: tuple[tuple[str, int], ...]
    """Keys of words, and how many."""

    @property
    def is_failing(self) -> bool:
        """Whether the last time was in vain."""
        failed, well = self.failed, self.well
        return failed is not None and (well is None or well < failed)


@dataclass(frozen=True, slots=True)
class SyncedPage:
    """What the page shows."""

    address: str
    every: timedelta | None
    """How often the service looks; None where it does not."""
    looks: Looks | None
    """None where the service does not answer."""
    why: str
    """Why the last time was in vain, as the service says it."""
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What the directory server would change, each line of it, before it is done."""

    review: ReviewPage
    left_out: tuple[ServerFault, ...]
    more_left_out: int


def synced_page(
    desk: DirectoryDesk, health: str, counted: str, changes: tuple[Change, ...]
) -> SyncedPage:
    """Return the page, after what the service answers of its health and its counts."""
    why = (part.detail for part in parts(health) if part.name == _PART)
    return SyncedPage(
        address=desk.address,
        every=timedelta(minutes=desk.minutes) if desk.minutes else None,
        looks=looks(counted),
        why=next(why, ""),
        changes=changes,
    )


def fetched_page(found: ServerChanges) -> FetchedPage:
    """Return the page of what the directory server would change."""
    more = max(len(found.left_out) - MOST, 0)
    return FetchedPage(review_page(found.changes), found.left_out[:MOST], more)


def looks(counted: str) -> Looks | None:
    """Read what the service has counted; None where it was not the service's answer."""
    last: dict[str, datetime] = {}
    people: dict[str, int] = {}
    try:
        families = list(text_string_to_metric_families(counted))
    except ValueError:
        return None
    for sample in (each for family in families for each in family.samples):
        if sample.name == _SECONDS:
            at = datetime.fromtimestamp(sample.value, UTC)
            last[sample.labels["outcome"]] = at
        elif sample.name == _PEOPLE:
            people[sample.labels["how"]] = int(sample.value)
    told = tuple((f"noted.{how}", people[how]) for how in _HOW if how in people)
    well, failed = last.get("ok"), last.get("failed")
    return Looks(well, failed, told) if families else None
