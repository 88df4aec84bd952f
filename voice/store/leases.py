"""Leases in a database."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from voice.store.engine import Check, Database, to_the_end
from voice.store.leases_port import Lease, is_over
from voice.store.port import LeaseLostError
from voice.store.tables import leases


class DatabaseLeases:
    """Who does what only one program is to do."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def take(self, lease: Lease, length: timedelta) -> str:
        """Hold a lease for so long from now, unless another does; return its holder."""
        mine = leases.c.name == lease.name
        async with self._database.writing(alone=True) as connection:
            row = (await connection.execute(select(leases).where(mine))).first()
            now = await self._now(connection)
            until = now + length
            if row is not None and row.holder == lease.holder:
                await connection.execute(update(leases).where(mine).values(until=until))
            elif row is None or is_over(row.until, now, length):
                await _hand_over(connection, lease, until)
            else:
                return str(row.holder)
        return lease.holder

    @to_the_end
    async def give_up(self, lease: Lease) -> None:
        """Let others take a lease at once; one that is not ours is left as it is."""
        ours = and_(leases.c.name == lease.name, leases.c.holder == lease.holder)
        async with self._database.writing() as connection:
            await connection.execute(delete(leases).where(ours))

    async def _now(self, connection: AsyncConnection) -> datetime:
        if self._database.is_file:
            # All who share a file do so on one machine, and have its clock.
            return datetime.now(UTC)
        asked = await connection.execute(select(func.clock_timestamp()))
        now: datetime = asked.scalar_one()
        return now


async def _hand_over(
    connection: AsyncConnection, lease: Lease, until: datetime
) -> None:
    # A row that is removed waits for whoever is changing something under the lease;
    # one that is changed would not, so that renewing it waits for nobody.
    await connection.execute(delete(leases).where(leases.c.name == lease.name))
    row = {"name": lease.name, "holder": lease.holder, "until": until}
    await connection.execute(insert(leases).values(row))


def held(lease: Lease) -> Check:
    """Make what refuses a transaction once a lease is another's, and not before."""
    ours = and_(leases.c.name == lease.name, leases.c.holder == lease.holder)
    query = select(leases.c.name).where(ours)
    # Until the transaction ends, nobody can take the lease over; SQLite has one
    # writer at a time in any case.
    kept = query.with_for_update(read=True, key_share=True)

    async def check(connection: AsyncConnection) -> None:
        if (await connection.execute(kept)).first() is None:
            raise LeaseLostError(lease.name)

    return check
