"""The audit trail in a database."""

from sqlalchemy import ColumnElement, RowMapping, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from voice.divert.model import Extension
from voice.store.audit_port import AuditEntry, ChangesFound, ChangesWanted, Noted
from voice.store.engine import Database, to_the_end
from voice.store.tables import audit
from voice.store.upserts import inserted
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
            return tuple(entry_from(row) for row in rows.mappings())

    @to_the_end
    async def find(
        self, wanted: ChangesWanted, before: int | None = None, limit: int = 50
    ) -> ChangesFound:
        """Return the latest changes that are sought, before one by its number."""
        query = select(audit).where(*_sought(wanted)).order_by(audit.c.seq.desc())
        if before is not None:
            query = query.where(audit.c.seq < before)
        async with self._database.reading() as connection:
            # One more than is wanted, to know whether there is more.
            found = await connection.execute(query.limit(limit + 1))
            rows = found.mappings().all()
        noted = (Noted(row["seq"], entry_from(row)) for row in rows[:limit])
        return ChangesFound(tuple(noted), more=len(rows) > limit)

    @to_the_end
    async def note(self, entry: AuditEntry) -> None:
        """Write down a change that was made elsewhere than in the store."""
        async with self._database.writing() as connection:
            await record(connection, entry)


def _is_hand(hand: str) -> ColumnElement[bool]:
    # LIKE would find other letters too in one database, and only these in the other.
    by, mouth, who = audit.c.by, f"{hand}: ", f": {hand}"
    end = func.length(by) - len(who) + 1
    return or_(
        by == hand,
        func.substr(by, 1, len(mouth)) == mouth,
        func.substr(by, end) == who,
    )


def _sought(wanted: ChangesWanted) -> list[ColumnElement[bool]]:
    like = {
        "extension": wanted.extension,
        "by": wanted.by,
        "event": wanted.event,
        "subject": wanted.subject,
    }
    sought = [
        audit.c[name] == value for name, value in like.items() if value is not None
    ]
    if wanted.hand is not None:
        sought.append(_is_hand(wanted.hand))
    if wanted.since is not None:
        sought.append(audit.c.at >= wanted.since)
    if wanted.until is not None:
        sought.append(audit.c.at < wanted.until)
    return sought


async def record(connection: AsyncConnection, *entries: AuditEntry) -> None:
    """Write changes on the trail, in the transaction that makes them."""
    if entries:
        await connection.execute(insert(audit), list(map(_row, entries)))


async def recorded(connection: AsyncConnection, entry: AuditEntry) -> int:
    """Write one change on the trail, and return its number there."""
    return await inserted(connection, insert(audit).values(_row(entry)))


def _row(entry: AuditEntry) -> dict[str, object]:
    return {
        "at": entry.at,
        "extension": entry.extension,
        "by": str(entry.by),
        "event": entry.event,
        "before": divert_records(entry.before),
        "after": divert_records(entry.after),
        "subject": entry.subject,
        "detail": entry.detail,
    }


def entry_from(row: RowMapping) -> AuditEntry:
    """Read a change from its row."""
    return AuditEntry(
        at=row["at"],
        extension=Extension(row["extension"]),
        by=row["by"],
        event=row["event"],
        before=diverts_from(row["before"]),
        after=diverts_from(row["after"]),
        subject=row["subject"],
        detail=row["detail"],
    )
