"""PINs in a database."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from voice.divert.model import Extension
from voice.store.audit import record
from voice.store.credentials_port import Count, Credential, Tries
from voice.store.diverts import claimed
from voice.store.engine import Database, to_the_end
from voice.store.port import AuditEntry, UnknownExtensionError
from voice.store.tables import credentials
from voice.store.values import tries_in_utc


class DatabaseCredentials:
    """The PIN of each extension that has one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def find(self, extension: Extension) -> Credential | None:
        """Return what the PIN is checked against; None where there is none."""
        async with self._database.reading() as connection:
            return await _found(connection, extension)

    @to_the_end
    async def put(
        self, extension: Extension, kept: str, now: datetime, by: str
    ) -> None:
        """Keep the hash of a new PIN; wrong tries of an earlier one are forgotten."""
        async with self._database.writing() as connection:
            stands = (await claimed(connection, extension)).diverts
            await _forget(connection, extension)
            row = {"extension": extension, "hash": kept, "wrong": 0}
            await connection.execute(insert(credentials).values(row))
            entry = AuditEntry(now, extension, by, "PinSet", stands, stands)
            await record(connection, entry)

    @to_the_end
    async def remove(self, extension: Extension, now: datetime, by: str) -> None:
        """Forget a PIN; removing one twice is not an error."""
        async with self._database.writing() as connection:
            stands = (await claimed(connection, extension)).diverts
            if await _forget(connection, extension):
                entry = AuditEntry(now, extension, by, "PinRemoved", stands, stands)
                await record(connection, entry)

    @to_the_end
    async def count(
        self, extension: Extension, count: Count, now: datetime, by: str
    ) -> Credential | None:
        """Change the tries, and return what there was before; None where no PIN is."""
        async with self._database.writing() as connection:
            try:
                # Whoever else tries this extension waits here.
                stands = (await claimed(connection, extension)).diverts
            except UnknownExtensionError:
                return None
            before = await _found(connection, extension)
            if before is None:
                return None
            counted = count(before.tries)
            await _write(connection, extension, tries_in_utc(counted.tries))
            if counted.event is not None:
                entry = AuditEntry(now, extension, by, counted.event, stands, stands)
                await record(connection, entry)
        return before


async def _found(
    connection: AsyncConnection, extension: Extension
) -> Credential | None:
    query = select(credentials).where(credentials.c.extension == extension)
    row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        return None
    return Credential(row["hash"], Tries(row["wrong"], row["locked_until"]))


async def _write(
    connection: AsyncConnection, extension: Extension, tries: Tries
) -> None:
    mine = update(credentials).where(credentials.c.extension == extension)
    await connection.execute(
        mine.values(wrong=tries.wrong, locked_until=tries.locked_until)
    )


async def _forget(connection: AsyncConnection, extension: Extension) -> bool:
    mine = credentials.c.extension == extension
    gone = await connection.execute(delete(credentials).where(mine))
    return gone.rowcount > 0
