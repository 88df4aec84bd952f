"""The way to people's calendars, for commands that write into them."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

from voice.calendar_measures import CalendarMeasures
from voice.commands.options import complain, notes, settings
from voice.coupling.following import Coupled
from voice.coupling.opening import open_coupled
from voice.coupling.parting import Parting, part
from voice.house import read_catalog, site
from voice.language.catalog import Catalog
from voice.obey import Door
from voice.store.port import Store


@asynccontextmanager
async def coupled_over(store: Store) -> AsyncIterator[tuple[Coupled, Catalog]]:
    """Open the way to the calendars, over a store that is open."""
    chosen = settings()
    catalog = read_catalog(chosen.grammar)

    def now() -> datetime:
        return datetime.now(UTC)

    door = Door(store, site(catalog, now()))
    ways = open_coupled(door, chosen.access, chosen.calendars, now, CalendarMeasures())
    async with ways as coupled:
        yield replace(coupled, notes=catalog.notes), catalog


async def take_leave(parted: Collection[Parting], store: Store) -> None:
    """Take what is ours out of the calendars of those who left; tell what may stay."""
    if not parted:
        return
    with notes.status(f"Taking what is ours out of {len(parted)} calendars"):
        async with coupled_over(store) as (coupled, _):
            left = await part(parted, coupled)
    for each in left:
        complain(str(each))
