"""Opens a store wherever it is: SQLite and PostgreSQL by one code, or memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from voice.store.accounts import DatabaseAccounts, DatabasePasswords
from voice.store.address import InMemory, read_address
from voice.store.audit import DatabaseAudit
from voice.store.counts import DatabaseCounts
from voice.store.credentials import DatabaseCredentials
from voice.store.directory import DatabaseDirectory
from voice.store.diverts import DatabaseDiverts
from voice.store.engine import Database, connected
from voice.store.hooks import DatabaseHooks
from voice.store.keys import DatabaseKeys
from voice.store.leases import DatabaseLeases, held
from voice.store.links import DatabaseLinks
from voice.store.live import DatabaseLive
from voice.store.marks import DatabaseMarks
from voice.store.memory import memory_store
from voice.store.migrate import bring_up
from voice.store.own_bookings import DatabaseOwnBookings
from voice.store.port import Store
from voice.store.readings import DatabaseReadings
from voice.store.repeats import DatabaseRepeats
from voice.store.retention import DatabaseRetention
from voice.store.search import DatabaseSearch
from voice.store.sessions import DatabaseSessions
from voice.store.transcripts import DatabaseTranscripts


@asynccontextmanager
async def open_store(url: str) -> AsyncIterator[Store]:
    """Give the store at an address, its tables brought up to date.

    `url` is `sqlite:///path/file.db`, a bare path, `postgresql://...` or `memory:`.
    A store that cannot be opened raises StoreError and is left as it was.
    """
    address = read_address(url)
    if isinstance(address, InMemory):
        yield memory_store()
        return
    async with connected(address) as database:
        await bring_up(database)
        yield _store(database)


def _store(database: Database) -> Store:
    return Store(
        DatabaseDiverts(database),
        DatabaseDirectory(database),
        DatabaseTranscripts(database),
        DatabaseAudit(database),
        DatabaseCredentials(database),
        DatabaseLinks(database),
        DatabaseOwnBookings(database),
        DatabaseReadings(database),
        DatabaseSearch(database),
        DatabaseLive(database),
        DatabaseMarks(database),
        DatabaseCounts(database),
        DatabaseRetention(database),
        DatabaseAccounts(database),
        DatabasePasswords(database),
        DatabaseSessions(database),
        DatabaseKeys(database),
        DatabaseHooks(database),
        DatabaseRepeats(database),
        DatabaseLeases(database),
        lambda lease: _store(database.checked(held(lease))),
    )
