"""The staff directory in a database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from voice.divert.model import Extension
from voice.store.audit import record
from voice.store.diverts import claimed
from voice.store.engine import Database, to_the_end
from voice.store.port import (
    AuditEntry,
    ExtensionTakenError,
    Listing,
    UnknownExtensionError,
)
from voice.store.tables import extensions

_LISTINGS = select(
    extensions.c.number, extensions.c.name, extensions.c.unit, extensions.c.coupled
)


class DatabaseDirectory:
    """Who has which extension."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def add(self, listing: Listing, now: datetime, by: str) -> None:
        """Add one extension, unless it is there already."""
        async with self._database.writing(alone=True) as connection:
            if await _found(connection, listing.extension) is not None:
                raise ExtensionTakenError(listing.extension)
            await _add(connection, [listing], now, by)

    @to_the_end
    async def put(self, listings: Sequence[Listing], now: datetime, by: str) -> None:
        """Add or change many, all or none; diverts are left as they stand."""
        async with self._database.writing(alone=True) as connection:
            rows = (await connection.execute(_LISTINGS)).mappings().all()
            known = {there.extension: there for there in map(_listing, rows)}
            # A number that is listed twice is what it is listed as last.
            wanted = {listing.extension: listing for listing in listings}.values()
            new = [listing for listing in wanted if listing.extension not in known]
            await _add(connection, new, now, by)
            for listing in wanted:
                if known.get(listing.extension, listing) != listing:
                    await _change(connection, listing, now, by)

    @to_the_end
    async def remove(self, extension: Extension, now: datetime, by: str) -> None:
        """Remove an extension together with its diverts."""
        async with self._database.writing(alone=True) as connection:
            before = await claimed(connection, extension)
            mine = extensions.c.number == extension
            await connection.execute(delete(extensions).where(mine))
            gone = AuditEntry(
                now, extension, by, "ExtensionRemoved", before.diverts, ()
            )
            await record(connection, gone)

    @to_the_end
    async def find(self, extension: Extension) -> Listing:
        """Return one line of the directory."""
        async with self._database.reading() as connection:
            listing = await _found(connection, extension)
        if listing is None:
            raise UnknownExtensionError(extension)
        return listing

    @to_the_end
    async def list(self) -> tuple[Listing, ...]:
        """Return the directory, by number."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(_LISTINGS)).mappings().all()
        # Sorted here, because each database has an alphabet of its own.
        return tuple(sorted(map(_listing, rows), key=lambda each: each.extension))


async def _found(connection: AsyncConnection, extension: Extension) -> Listing | None:
    query = _LISTINGS.where(extensions.c.number == extension)
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else _listing(row)


def _listing(row: RowMapping) -> Listing:
    return Listing(Extension(row["number"]), row["name"], row["unit"], row["coupled"])


def _values(listing: Listing) -> dict[str, object]:
    return {"name": listing.name, "unit": listing.unit, "coupled": listing.coupled}


async def _add(
    connection: AsyncConnection, listings: Sequence[Listing], now: datetime, by: str
) -> None:
    """Add all in few statements: a municipality has thousands."""
    rows = [{"number": each.extension, **_values(each)} for each in listings]
    if rows:
        await connection.execute(insert(extensions), rows)
    added = "ExtensionAdded"
    entries = [AuditEntry(now, each.extension, by, added, (), ()) for each in listings]
    await record(connection, *entries)


async def _change(
    connection: AsyncConnection, listing: Listing, now: datetime, by: str
) -> None:
    mine = extensions.c.number == listing.extension
    await connection.execute(update(extensions).where(mine).values(_values(listing)))
    stands = (await claimed(connection, listing.extension)).diverts
    changed = "ExtensionChanged"
    entry = AuditEntry(now, listing.extension, by, changed, stands, stands)
    await record(connection, entry)
