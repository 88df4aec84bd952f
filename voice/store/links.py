"""Links to calendars in a database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    and_,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from voice.divert.model import Entry, EntryKey, Extension
from voice.store.audit import record
from voice.store.diverts import claimed
from voice.store.engine import Database, to_the_end
from voice.store.link_values import (
    Record,
    entries_from,
    entry_record,
    kept_in_utc,
)
from voice.store.links_port import Kept, Link, Linked, LinkKind, Progress, Watching
from voice.store.port import AuditEntry
from voice.store.tables import coded, extensions, links

# All but what was read, which can be much.
LINKS = select(
    *(column for column in links.c if column.name not in ("entries", "opted_out")),
    extensions.c.coupled,
).join_from(links, extensions, links.c.extension == extensions.c.number)

_GONE = (coded.c.extension == bindparam("of")) & (coded.c.key == bindparam("gone"))


class DatabaseLinks:
    """Which calendar each extension follows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def put(self, link: Link, now: datetime, by: str) -> None:
        """Follow a calendar; what was read of another one is forgotten."""
        async with self._database.writing() as connection:
            stands = (await claimed(connection, link.extension)).diverts
            found = await connection.execute(LINKS.where(_is(link)))
            if found.first() is not None:
                return
            await _forget(connection, link.extension)
            await connection.execute(insert(links).values(_row(link)))
            linked = "CalendarLinked"
            entry = AuditEntry(now, link.extension, by, linked, stands, stands)
            await record(connection, entry)

    @to_the_end
    async def remove(self, extension: Extension, now: datetime, by: str) -> None:
        """Follow no calendar; removing a link twice is not an error."""
        async with self._database.writing() as connection:
            stands = (await claimed(connection, extension)).diverts
            if await _forget(connection, extension):
                unlinked = "CalendarUnlinked"
                entry = AuditEntry(now, extension, by, unlinked, stands, stands)
                await record(connection, entry)

    @to_the_end
    async def list(self, *of: Extension) -> tuple[Linked, ...]:
        """Return every link, by extension; only those of some if any are given."""
        query = LINKS.where(links.c.extension.in_(of)) if of else LINKS
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
        # Sorted here, because each database has an alphabet of its own.
        return tuple(map(linked_from, sorted(rows, key=lambda row: row["extension"])))

    @to_the_end
    async def kept(self, extension: Extension) -> Kept:
        """Return what was last read; nothing where there is no link."""
        query = select(links.c.entries, links.c.opted_out)
        mine = query.where(links.c.extension == extension)
        async with self._database.reading() as connection:
            row = (await connection.execute(mine)).mappings().one_or_none()
        if row is None:
            return Kept()
        opted_out = frozenset(EntryKey(key) for key in row["opted_out"])
        return Kept(entries_from(row["entries"]), opted_out)

    @to_the_end
    async def keep(self, link: Link, progress: Progress, kept: Kept) -> bool:
        """Keep what was read, and how it went; False when the link is no more."""
        kept = kept_in_utc(kept)
        read = {
            "entries": [entry_record(entry) for entry in kept.entries],
            "opted_out": sorted(kept.opted_out),
        }
        mine = update(links).where(_is(link)).values(**_progress(progress), **read)
        async with self._database.writing() as connection:
            if (await connection.execute(mine)).rowcount == 0:
                return False
            await _index(connection, link.extension, kept)
        return True

    @to_the_end
    async def copies(self, keys: Iterable[EntryKey]) -> tuple[Entry, ...]:
        """Return everybody's coded copies of bookings, where a phone follows them."""
        wanted = frozenset(keys)
        async with self._database.reading() as connection:
            rows = (await connection.execute(_holding(wanted))).mappings().all()
        return tuple(
            entry
            for row in rows
            # The few that are wanted are read of the many that each has.
            for entry in entries_from(_of(wanted, row["entries"]))
            if entry.mark is not None and entry.key not in row["opted_out"]
        )

    @to_the_end
    async def note(self, progress: Mapping[Link, Progress]) -> None:
        """Keep how the reading of many goes; links that are no more are passed over."""
        if not progress:
            return
        async with self._database.writing() as connection:
            # In one order everywhere, so that no two wait for each other.
            for link in sorted(progress, key=lambda link: link.extension):
                how = _progress(progress[link])
                await connection.execute(update(links).where(_is(link)).values(how))


def _holding(keys: frozenset[EntryKey]) -> Select[Any]:
    """Select what was read of those who have any of some bookings with a code."""
    have = select(coded.c.extension).where(coded.c.key.in_(keys))
    return (
        select(links.c.entries, links.c.opted_out)
        .join_from(links, extensions, links.c.extension == extensions.c.number)
        .where(extensions.c.coupled, links.c.extension.in_(have))
    )


def _of(keys: frozenset[EntryKey], records: Sequence[Record]) -> Sequence[Record]:
    return [record for record in records if record["key"] in keys]


async def _index(connection: AsyncConnection, extension: Extension, kept: Kept) -> None:
    """Let bookings be found by their keys; most stand there from the last reading."""
    query = select(coded.c.key).where(coded.c.extension == extension)
    there = set((await connection.scalars(query)).all())
    wanted = {entry.key for entry in kept.entries if entry.mark is not None}
    if new := [{"key": key, "extension": extension} for key in wanted - there]:
        await connection.execute(insert(coded), new)
    if gone := [{"of": extension, "gone": key} for key in there - wanted]:
        await connection.execute(delete(coded).where(_GONE), gone)


def _is(link: Link) -> ColumnElement[bool]:
    return and_(
        links.c.extension == link.extension,
        links.c.kind == link.kind.value,
        links.c.address == link.address,
        links.c.owner == link.owner,
    )


async def _forget(connection: AsyncConnection, extension: Extension) -> bool:
    mine = links.c.extension == extension
    return (await connection.execute(delete(links).where(mine))).rowcount > 0


def _row(link: Link) -> dict[str, Any]:
    return {
        "extension": link.extension,
        "kind": link.kind.value,
        "address": link.address,
        "owner": link.owner,
        "entries": [],
        "opted_out": [],
        **_progress(Progress()),
    }


def _progress(progress: Progress) -> dict[str, Any]:
    watching = progress.watching
    return {
        "read_at": progress.read_at,
        "cursor": progress.cursor,
        "reaches": progress.reaches,
        "doubted_at": progress.doubted_at,
        "failing_since": progress.failing_since,
        "fault": progress.fault,
        "remedy": progress.remedy,
        "watch_id": watching and watching.id,
        "watch_resource": watching and watching.resource,
        "watch_token": watching and watching.token,
        "watch_until": watching and watching.until,
    }


def linked_from(row: RowMapping) -> Linked:
    """Read a link, and how its reading goes, from its row."""
    link = Link(
        Extension(row["extension"]), LinkKind(row["kind"]), row["address"], row["owner"]
    )
    watching = None
    if row["watch_id"] is not None:
        watching = Watching(
            row["watch_id"],
            row["watch_resource"],
            row["watch_token"],
            row["watch_until"],
        )
    progress = Progress(
        read_at=row["read_at"],
        cursor=row["cursor"],
        reaches=row["reaches"],
        doubted_at=row["doubted_at"],
        failing_since=row["failing_since"],
        fault=row["fault"],
        remedy=row["remedy"],
        watching=watching,
    )
    return Linked(link, progress, row["coupled"])
