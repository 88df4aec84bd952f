"""The staff directory in a database."""

import asyncio
from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from voice.divert.model import Extension
from voice.store.audit import record
from voice.store.directory_port import ListingCheck
from voice.store.diverts import claimed, stand_everywhere
from voice.store.engine import Database, to_the_end
from voice.store.listings import (
    changes,
    holders,
    is_called_otherwise,
    lines_to_keep,
)
from voice.store.port import (
    AuditEntry,
    ExtensionTakenError,
    Listing,
    UnknownExtensionError,
)
from voice.store.tables import extensions, mobiles, revisions
from voice.store.upserts import insert_into

# One statement, and so one moment, for all that is listed.
_LISTINGS = (
    select(
        extensions.c.number,
        extensions.c.name,
        extensions.c.unit,
        extensions.c.coupled,
        extensions.c.search,
        extensions.c.mail,
        mobiles.c.number.label("mobile"),
    )
    .join_from(extensions, mobiles, isouter=True)
    .order_by(extensions.c.number, mobiles.c.place)
)
# What grows with what people are called, and what grows with any change.
_CALLED, _WHOLE = "directory", "listings"
_OF = extensions.c.number == bindparam("of")


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
            await _put(connection, [listing], now, by)

    @to_the_end
    async def put(
        self,
        listings: Sequence[Listing],
        now: datetime,
        by: str,
        gone: Set[Extension] = frozenset(),
        check: ListingCheck | None = None,
    ) -> None:
        """Add or change many, all or none; diverts are left as they stand."""
        async with self._database.writing(alone=True) as connection:
            if check is not None:
                check(await _read(connection, _LISTINGS))
            # First, so that others can have their mobiles and mail addresses.
            for extension in sorted(gone):
                await _remove(connection, extension, now, by)
            await _put(connection, listings, now, by)

    @to_the_end
    async def remove(self, extension: Extension, now: datetime, by: str) -> None:
        """Remove an extension together with its diverts."""
        async with self._database.writing(alone=True) as connection:
            await _remove(connection, extension, now, by)

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
        # Thousands of lines take a moment, in which others are to be answered.
        return await asyncio.to_thread(_sorted, rows)

    @to_the_end
    async def holder(self, contact: str) -> Extension | None:
        """Return whom a mobile or a mail address is tied to; None is nobody."""
        query = select(mobiles.c.extension).where(mobiles.c.number == contact)
        if "@" in contact:
            mail = extensions.c.mail == contact.lower()
            query = select(extensions.c.number).where(mail)
        async with self._database.reading() as connection:
            found = await connection.scalar(query)
        return None if found is None else Extension(found)

    @to_the_end
    async def revision(self, whole: bool = False) -> int:
        """Return a number that grows when what anybody is called changes, or all."""
        what = revisions.c.what == (_WHOLE if whole else _CALLED)
        async with self._database.reading() as connection:
            query = select(revisions.c.number).where(what)
            # Nobody writes what has never changed.
            return int(await connection.scalar(query) or 0)


async def _found(connection: AsyncConnection, extension: Extension) -> Listing | None:
    query = _LISTINGS.where(extensions.c.number == extension)
    return (await _read(connection, query)).get(extension)


async def _read(
    connection: AsyncConnection, query: Select[Any]
) -> dict[Extension, Listing]:
    return _listings((await connection.execute(query)).mappings().all())


def _sorted(rows: Sequence[RowMapping]) -> tuple[Listing, ...]:
    # Sorted here, because each database has an alphabet of its own.
    return tuple(listing for _, listing in sorted(_listings(rows).items()))


def _listings(rows: Sequence[RowMapping]) -> dict[Extension, Listing]:
    return {
        Extension(number): _listing(list(of_one))
        for number, of_one in groupby(rows, key=lambda row: row["number"])
    }


def _listing(rows: list[RowMapping]) -> Listing:
    first = rows[0]
    return Listing(
        extension=Extension(first["number"]),
        name=first["name"],
        unit=first["unit"],
        coupled=first["coupled"],
        mobiles=tuple(row["mobile"] for row in rows if row["mobile"] is not None),
        search=tuple(first["search"]),
        mail=first["mail"],
    )


def _values(listing: Listing) -> dict[str, object]:
    return {
        "name": listing.name,
        "unit": listing.unit,
        "coupled": listing.coupled,
        "search": list(listing.search),
        "mail": listing.mail,
    }


async def _put(
    connection: AsyncConnection, listings: Sequence[Listing], now: datetime, by: str
) -> None:
    known = await _read(connection, _LISTINGS)
    wanted = lines_to_keep(listings)
    holders((known | {each.extension: each for each in wanted}).values())
    new = [each for each in wanted if each.extension not in known]
    changed = [each for each in wanted if known.get(each.extension, each) != each]
    # All let go of theirs before any takes one: it may be another's.
    await _let_go(connection, changed)
    await _add(connection, new, now, by)
    what = {each.extension: changes(known[each.extension], each) for each in changed}
    await _change(connection, changed, now, by, what)
    await _tie(connection, [*new, *changed])
    if any(is_called_otherwise(known.get(each.extension), each) for each in wanted):
        await _renew(connection, _CALLED)
    if new or changed:
        await _renew(connection, _WHOLE)


async def _let_go(connection: AsyncConnection, listings: Sequence[Listing]) -> None:
    rows = [{"of": each.extension} for each in listings]
    if rows:
        await connection.execute(update(extensions).where(_OF).values(mail=""), rows)
        theirs = mobiles.c.extension == bindparam("of")
        await connection.execute(delete(mobiles).where(theirs), rows)


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
    connection: AsyncConnection,
    listings: Sequence[Listing],
    now: datetime,
    by: str,
    what: Mapping[Extension, str],
) -> None:
    """Change all in few statements, for others wait meanwhile: calls among them."""
    rows = [{"of": each.extension, **_values(each)} for each in listings]
    if not rows:
        return
    await connection.execute(update(extensions).where(_OF), rows)
    # Nobody changes what stands there by now: their lines are ours.
    stand = await stand_everywhere(connection)
    changed = "ExtensionChanged"
    entries = (
        AuditEntry(
            *(now, number, by, changed, stand[number].diverts, stand[number].diverts),
            detail=what[number],
        )
        for number in (each.extension for each in listings)
    )
    await record(connection, *entries)


async def _tie(connection: AsyncConnection, listings: Sequence[Listing]) -> None:
    rows = [
        {"number": mobile, "extension": each.extension, "place": place}
        for each in listings
        for place, mobile in enumerate(each.mobiles)
    ]
    if rows:
        await connection.execute(insert(mobiles), rows)


async def _remove(
    connection: AsyncConnection, extension: Extension, now: datetime, by: str
) -> None:
    before = await claimed(connection, extension)
    mine = extensions.c.number == extension
    await connection.execute(delete(extensions).where(mine))
    gone = AuditEntry(now, extension, by, "ExtensionRemoved", before.diverts, ())
    await record(connection, gone)
    await _renew(connection, _CALLED)
    await _renew(connection, _WHOLE)


async def _renew(connection: AsyncConnection, what: str) -> None:
    row = insert_into(connection, revisions).values(what=what, number=1)
    one_more = {"number": revisions.c.number + 1}
    key = [revisions.c.what]
    await connection.execute(
        row.on_conflict_do_update(index_elements=key, set_=one_more)
    )
