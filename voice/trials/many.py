"""A store as a large site has it after some months, filled in some minutes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import text

from voice.store.address import InMemory, read_address
from voice.store.database import open_store
from voice.store.engine import Database, connected
from voice.store.port import Store
from voice.trials.many_calls import TURNS_A_CALL, count_calls, fill_calls
from voice.trials.many_people import fill_people, fill_trail, listing

# So many turns are written at once.
_TURNS = 20_000


@asynccontextmanager
async def open_many(
    url: str, people: int, several: int, now: datetime
) -> AsyncIterator[Store]:
    """Fill an empty store with people, and with so many turns until now."""
    address = read_address(url)
    assert not isinstance(address, InMemory)
    async with open_store(url) as store:
        await store.directory.put(list(map(listing, range(people))), now, "trial")
        async with connected(address) as database:
            await _fill(database, people, several, now)
        yield store


async def _fill(database: Database, people: int, several: int, now: datetime) -> None:
    for first in range(0, several, _TURNS):
        await fill_calls(database, first, min(several, first + _TURNS), now)
    calls = -(-several // TURNS_A_CALL)
    await count_calls(database, calls, now)
    await fill_trail(database, people, calls, now)
    await fill_people(database, people, now)
    if not database.is_file:
        # A server does so by itself, within a minute of so much that is new.
        async with database.writing() as connection:
            await connection.execute(text("ANALYZE"))
