"""The audit trail in a database."""

from sqlalchemy import RowMapping, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from voice.divert.model import Extension
from voice.store.engine import Database, to_the_end
from voice.store.port import AuditEntry
from voice.store.tables import audit
from voice.store.values import divert_records, diverts_from


class DatabaseAudit:
    """Every change there has been."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def entries(
        self, extension: Extension | None = None, limit: int = 100
    ) -> tuple[AuditEntry, ...]:
        """Return the latest changes, the last one first."""
        query = select(audit).order_by(audit.c.seq.desc()).limit(limit)
        if extension is not None:
            query = query.where(audit.c.extension == extension)
        async with self._database.reading() as connection:
            rows = await connection.execute(query)
            return tuple(_entry(row) for row in rows.mappings())


async def record(connection: AsyncConnection, *entries: AuditEntry) -> None:
    """Write changes on the trail, in the transaction that makes them."""
    rows = [
        {
            "at": entry.at,
            "extension": entry.extension,
            "by": str(entry.by),
            "event": entry.event,
            "before": divert_records(entry.before),
            "after": divert_records(entry.after),
        }
        for entry in entries
    ]
    if rows:
        await connection.execute(insert(audit), rows)


def _entry(row: RowMapping) -> AuditEntry:
    return AuditEntry(
        at=row["at"],
        extension=Extension(row["extension"]),
        by=row["by"],
        event=row["event"],
        before=diverts_from(row["before"]),
        after=diverts_from(row["after"]),
    )
