"""A site under trial whose people have calendars that their phones follow."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from voice.config import Settings
from voice.divert.model import Extension
from voice.store.database import open_store
from voice.store.links_port import Link, Linked
from voice.store.port import Listing, Store
from voice.trials.host_programs import Hosted
from voice.trials.hosts import Booking, Host
from voice.trials.trial import Table, TrialError, TrialSite

BOOKINGS = 50
"""How many bookings stand in each calendar from the beginning."""
# One in so many has a code.
_WITH_CODE = 5
_FIRST_EXTENSION = 10_000
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_LOOKS_SECONDS = 0.5
_NEVER_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody whose phone follows a calendar."""

    extension: Extension
    host: Host
    address: str


@dataclass(frozen=True, slots=True)
class CoupledSite:
    """A site, its store, and its people."""

    site: TrialSite
    store: Store
    owners: Sequence[Owner]

    async def until(self, holds: Callable[[Linked], bool]) -> None:
        """Wait until something holds of every link."""
        try:
            async with asyncio.timeout(_NEVER_SECONDS):
                while True:
                    if all(map(holds, await self.store.links.list())):
                        return
                    await asyncio.sleep(_LOOKS_SECONDS)
        except TimeoutError:
            raise TrialError("Not all calendars were read in a quarter hour.") from None


@asynccontextmanager
async def open_coupled(
    chosen: Settings, hosts: Sequence[Hosted], people: int, calendars: Table
) -> AsyncIterator[CoupledSite]:
    """Set up a site with so many people at each host, and settings of its own."""
    sections: dict[str, Table] = {"calendars": calendars}
    environment: dict[str, str] = {}
    for each in hosts:
        sections |= each.sections
        environment |= each.environment
    with tempfile.TemporaryDirectory() as name:
        site = TrialSite(chosen, Path(name), more=sections, environment=environment)
        async with open_store(site.store) as store:
            where = [each.host for each in hosts for _ in range(people)]
            owners = [
                await _moved_in(Extension(f"{_FIRST_EXTENSION + nth}"), host)
                for nth, host in enumerate(where)
            ]
            await _couple(store, owners)
            yield CoupledSite(site, store, owners)


async def _moved_in(extension: Extension, host: Host) -> Owner:
    address = await host.add(extension, list(_bookings(datetime.now(UTC))))
    return Owner(extension, host, address)


def _bookings(now: datetime) -> Iterable[Booking]:
    """Yield bookings of the last days and the next ones, and none of today's."""
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
    for nth in range(BOOKINGS):
        day = nth // 2 + 2 if nth % 2 else -(nth // 2) - 2
        code = "" if nth % _WITH_CODE else "SAM: "
        start = noon + day * _DAY
        yield Booking(f"{code}planering {nth}", start, start + _HOUR)


async def _couple(store: Store, owners: Iterable[Owner]) -> None:
    now = datetime.now(UTC)
    listings = [Listing(each.extension, "Anna Berg", coupled=True) for each in owners]
    await store.directory.put(listings, now, "trial")
    for each in owners:
        link = Link(each.extension, each.host.kind, each.address)
        await store.links.put(link, now, "trial")
