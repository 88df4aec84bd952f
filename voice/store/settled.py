"""How far a table can be read that others are adding to, so that no row is missed."""

import asyncio
from time import monotonic

from sqlalchemy import Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

# Those that are adding rows hold this lock until their transaction ends, and are seen
# by everybody. https://www.postgresql.org/docs/current/view-pg-locks.html
_ADDING = text(
    "SELECT virtualtransaction FROM pg_locks WHERE relation = to_regclass(:name) "
    "AND mode = 'RowExclusiveLock' AND granted "
    "AND pid IS DISTINCT FROM pg_backend_pid()"
)
# Seconds that a reader waits for others, and between its looks.
_PATIENCE, _PAUSE = 2.0, 0.02


async def settled(connection: AsyncConnection, table: Table) -> int:
    """Return the `seq` up to which every row that will ever be there can be seen.

    It is 0 when that cannot be told now, because another transaction takes long.
    """
    # A number is taken when a row is added, and the row is seen when its transaction
    # ends: on PostgreSQL 12 may be seen before 11. A reader that remembers 12 would
    # never see 11. So the last number is asked for first, then who is adding rows. A
    # smaller number than that was taken by then, under the lock: once those who held
    # it are done, their rows are seen, or have been undone and never will be. Who
    # comes later has greater numbers, and need not be waited for.
    query = select(func.max(table.c.seq))
    last = int(await connection.scalar(query) or 0)
    if connection.dialect.name == "sqlite":
        return last  # one transaction at a time adds rows there
    adding, patience = await _adding(connection, table), monotonic() + _PATIENCE
    while adding and monotonic() < patience:
        await asyncio.sleep(_PAUSE)
        adding &= await _adding(connection, table)
    return 0 if adding else last


async def _adding(connection: AsyncConnection, table: Table) -> set[str]:
    return set(await connection.scalars(_ADDING, {"name": table.name}))
