"""Min startsida: what stands on somebody's phone now, in words and in figures."""

from dataclasses import dataclass
from datetime import datetime

from voice.divert.model import Divert, Mode, Site, Standing
from voice.divert.routing import counting, opens, standing
from voice.language.catalog import Catalog
from voice.store.port import Listing


@dataclass(frozen=True, slots=True)
class Shown:
    """A divert as its owner sees it."""

    reason: str
    code: str
    start: datetime
    until: datetime | None
    is_closed: bool
    source: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class StartPage:
    """What the page shows."""

    name: str
    extension: str
    now: Shown | None
    opens: datetime | None
    """When the phone opens by itself; None where it never does, or is open."""
    coming: tuple[Shown, ...]


def start_page(
    listing: Listing, stands: Standing, catalog: Catalog, site: Site, now: datetime
) -> StartPage:
    """Return the page of one who is in the directory."""
    counts = counting(stands.diverts, now)
    ahead = [d for d in standing(stands.diverts, now) if d.start > now]
    is_closed = counts is not None and counts.mode is Mode.CLOSED
    return StartPage(
        name=listing.name,
        extension=listing.extension,
        now=shown(counts, catalog) if counts else None,
        opens=opens(stands.diverts, now, site.chain_gap) if is_closed else None,
        coming=tuple(shown(d, catalog) for d in sorted(ahead, key=lambda d: d.start)),
    )


def shown(divert: Divert, catalog: Catalog) -> Shown:
    """Return a divert as its owner sees it; a reason no longer known by its code."""
    wording = catalog.wordings.get(divert.reason)
    return Shown(
        reason=wording.label if wording else divert.reason,
        code=divert.reason,
        start=divert.start,
        until=divert.until,
        is_closed=divert.mode is Mode.CLOSED,
        source=divert.source.value,
        set_at=divert.set_at,
    )
