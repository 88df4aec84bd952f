"""Diverts in a database."""

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import RowMapping, Select, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from voice.divert.model import (
    Change,
    Divert,
    EntryKey,
    Event,
    Extension,
    Mode,
    ReasonCode,
    Source,
    Standing,
)
from voice.divert.rules import applied
from voice.store.audit import record
from voice.store.engine import Database, to_the_end
from voice.store.port import AuditEntry, Decide, UnknownExtensionError
from voice.store.tables import diverts, extensions
from voice.store.values import divert_records, diverts_from, in_utc, to_keep

# One statement, and so one moment, for all that stands.
_STANDING = (
    select(extensions, diverts)
    .join_from(extensions, diverts, isouter=True)
    .order_by(extensions.c.number, diverts.c.place)
)


class DatabaseDiverts:
    """The diverts of every extension."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def apply(
        self, extension: Extension, decide: Decide, now: datetime, by: str
    ) -> Event:
        """Decide on what stands, store what came of it and return the event."""
        async with self._database.writing() as connection:
            before = await claimed(connection, extension)
            event = decide(before)
            after = to_keep(extension, applied(event, before, now))
            if after != before:
                await _write(connection, extension, after)
                what = type(event).__name__
                await record(
                    connection,
                    AuditEntry(now, extension, by, what, before.diverts, after.diverts),
                )
        return event

    @to_the_end
    async def standing(self, extension: Extension) -> Standing:
        """Return what stands on an extension."""
        async with self._database.reading() as connection:
            return await _standing(connection, extension)

    @to_the_end
    async def everyone(self) -> Mapping[Extension, Standing]:
        """Return what stands on each extension of the directory."""
        async with self._database.reading() as connection:
            found = await stand_everywhere(connection)
        return {extension: found[extension] for extension in sorted(found)}

    @to_the_end
    async def of(self, some: Collection[Extension]) -> Mapping[Extension, Standing]:
        """Return what stands on some of them."""
        query = _STANDING.where(extensions.c.number.in_(some))
        async with self._database.reading() as connection:
            found = await _read(connection, query)
        return {extension: found[extension] for extension in sorted(found)}

    @to_the_end
    async def diverted(
        self, now: datetime, after: Extension | None = None, limit: int = 100
    ) -> tuple[Extension, ...]:
        """Return the first on whom anything stands or is to come, by number."""
        until, whose = diverts.c.until, diverts.c.extension
        lives = or_(until.is_(None), until > in_utc(now)) & ~diverts.c.opened
        query = select(whose).distinct().where(lives).order_by(whose).limit(limit)
        if after is not None:
            query = query.where(whose > after)
        async with self._database.reading() as connection:
            found = (await connection.scalars(query)).all()
        return tuple(map(Extension, found))


async def claimed(connection: AsyncConnection, extension: Extension) -> Standing:
    """Return what stands, and keep others from changing it until we are done."""
    # The row is locked by a statement of its own: a statement that had to wait for
    # the lock would show the rows it joined as they were before the waiting.
    mine = select(extensions.c.number).where(extensions.c.number == extension)
    await connection.execute(mine.with_for_update())
    return await _standing(connection, extension)


async def stand_everywhere(connection: AsyncConnection) -> dict[Extension, Standing]:
    """Return what stands on each extension, at one moment."""
    return await _read(connection, _STANDING)


async def all_diverts(
    connection: AsyncConnection,
) -> dict[Extension, tuple[Divert, ...]]:
    """Return the diverts of everybody who has any, at one moment."""
    query = select(diverts).order_by(diverts.c.extension, diverts.c.place)
    rows = (await connection.execute(query)).mappings().all()
    return {
        Extension(number): tuple(map(_divert, of_one))
        for number, of_one in groupby(rows, key=lambda row: row["extension"])
    }


async def _standing(connection: AsyncConnection, extension: Extension) -> Standing:
    query = _STANDING.where(extensions.c.number == extension)
    found = await _read(connection, query)
    if extension not in found:
        raise UnknownExtensionError(extension)
    return found[extension]


async def _read(
    connection: AsyncConnection, query: Select[Any]
) -> dict[Extension, Standing]:
    rows = (await connection.execute(query)).mappings().all()
    return {
        Extension(number): _standing_from(list(of_one))
        for number, of_one in groupby(rows, key=lambda row: row["number"])
    }


def _standing_from(rows: list[RowMapping]) -> Standing:
    first = rows[0]
    last = None
    if first["changed_at"] is not None:
        gone, new = (
            diverts_from(first["changed_gone"]),
            diverts_from(first["changed_new"]),
        )
        last = Change(first["changed_at"], gone, new)
    found = (_divert(row) for row in rows if row["place"] is not None)
    return Standing(tuple(found), last)


def _divert(row: RowMapping) -> Divert:
    return Divert(
        extension=Extension(row["extension"]),
        reason=ReasonCode(row["reason"]),
        start=row["start"],
        until=row["until"],
        mode=Mode(row["mode"]),
        source=Source(row["source"]),
        set_at=row["set_at"],
        entry=None if row["entry"] is None else EntryKey(row["entry"]),
        opened=row["opened"],
    )


async def _write(
    connection: AsyncConnection, extension: Extension, after: Standing
) -> None:
    await connection.execute(delete(diverts).where(diverts.c.extension == extension))
    if after.diverts:
        rows = [_row(place, divert) for place, divert in enumerate(after.diverts)]
        await connection.execute(insert(diverts), rows)
    last = after.last
    await connection.execute(
        update(extensions)
        .where(extensions.c.number == extension)
        .values(
            changed_at=None if last is None else last.at,
            changed_gone=None if last is None else divert_records(last.gone),
            changed_new=None if last is None else divert_records(last.new),
        )
    )


def _row(place: int, divert: Divert) -> dict[str, object]:
    return {
        "extension": divert.extension,
        "place": place,
        "reason": divert.reason,
        "start": divert.start,
        "until": divert.until,
        "mode": divert.mode.value,
        "source": divert.source.value,
        "set_at": divert.set_at,
        "entry": divert.entry,
        "opened": divert.opened,
    }
