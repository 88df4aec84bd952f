"""A web over a store that goes away, and those who use it meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from web_house import ANNA, PASSWORD, Browser
from web_served import PATIENCE, Served, served_web

from voice.divert.model import Divert
from voice.store.database import open_store

AWAY = "Det går inte att läsa eller spara just nu"


@dataclass(slots=True)
class Site:
    """A web that runs, the store behind it, and two who use it."""

    served: Served
    anna: Browser
    bo: Browser
    store: str

    async def diverts(self) -> tuple[Divert, ...]:
        async with open_store(self.store) as store:
            return (await store.diverts.standing(ANNA)).diverts

    async def trail(self) -> list[str]:
        async with open_store(self.store) as store:
            return [each.event for each in await store.audit.entries(ANNA)]

    async def health(self) -> int:
        return (await self.anna.client.get("/healthz")).status_code

    async def is_well(self) -> None:
        """Wait until the web has its store again, as anybody sees who asks."""
        async with asyncio.timeout(PATIENCE):
            while True:
                if await self.health() == 200:
                    return
                await asyncio.sleep(0.05)

    def told(self, text: str) -> int:
        """Return how many lines of the log say something."""
        return sum(text in line for line in self.served.told)


@asynccontextmanager
async def site(folder: Path, database: str) -> AsyncIterator[Site]:
    async with (
        served_web(folder, store=database) as served,
        client(served) as one,
        client(served) as other,
    ):
        anna = Browser(one, origin=served.address)
        bo = Browser(other, origin=served.address)
        await anna.logs_in("anna")
        await bo.logs_in("bo")
        yield Site(served, anna, bo, database)
        assert await served.end() == 0
        assert is_quiet(served)


def is_quiet(served: Served) -> bool:
    """Tell whether nothing broke that is not told in a sentence."""
    log = "".join(served.told)
    return not any(told in log for told in ("Traceback", "never retrieved", PASSWORD))


def client(served: Served) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=served.address, trust_env=False, timeout=PATIENCE)
