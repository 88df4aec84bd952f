"""Those we call when a divert changes, in a database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Text,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from voice.divert.model import Divert, Extension
from voice.store.access_faults import UnknownHookError
from voice.store.access_tables import hooks
from voice.store.access_trail import told
from voice.store.audit import record
from voice.store.diverts import all_diverts
from voice.store.engine import Database, to_the_end
from voice.store.hooks_port import (
    Delivery,
    Happened,
    Hook,
    Hooked,
    HookEvent,
    HookId,
    Next,
    Position,
)
from voice.store.settled import settled
from voice.store.tables import audit
from voice.store.values import diverts_from

# Both are written by one hand, so what is equal is equal to the letter.
_CHANGED = cast(audit.c.before, Text) != cast(audit.c.after, Text)
_AFRESH: dict[str, Any] = {"attempts": 0, "due": None, "fault": ""}


class DatabaseHooks:
    """Those we call when a divert changes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def put(self, hook: Hook, now: datetime, by: str) -> None:
        """Add or change one; a new one is told of what happens from now on."""
        async with self._database.writing(alone=True) as connection:
            before = await _found(connection, hook.id)
            if before is not None and before.hook == hook:
                return
            row = _row(hook) | _AFRESH
            if before is None:
                last = await connection.scalar(select(func.max(audit.c.seq))) or 0
                row |= {"position": last, "clock": now}
                await connection.execute(insert(hooks).values(row))
            else:
                await connection.execute(update(hooks).where(_is(hook.id)).values(row))
            what = "HookAdded" if before is None else "HookChanged"
            await record(connection, told(now, by, what, hook.id, hook.events))

    @to_the_end
    async def list(self) -> tuple[Hooked, ...]:
        """Return every hook, by id."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(hooks))).mappings().all()
        # Sorted here, because each database has an alphabet of its own.
        return tuple(map(_hooked, sorted(rows, key=lambda row: row["id"])))

    @to_the_end
    async def remove(self, id: HookId, now: datetime, by: str) -> None:
        """Call it no more; removing it twice is not an error."""
        async with self._database.writing(alone=True) as connection:
            gone = await connection.execute(delete(hooks).where(_is(id)))
            if gone.rowcount > 0:
                await record(connection, told(now, by, "HookRemoved", id))

    @to_the_end
    async def next_events(self, id: HookId, limit: int) -> Next:
        """Return the first changes that it has not been told of, in their order."""
        async with self._database.reading() as connection:
            found = await _found(connection, id)
            if found is None:
                raise UnknownHookError(id)
            known = found.delivery.position
            last = max(known, await settled(connection, audit))
            later = (audit.c.seq > known) & (audit.c.seq <= last) & _CHANGED
            query = select(audit).where(later).order_by(audit.c.seq).limit(limit)
            rows = (await connection.execute(query)).mappings().all()
        changes = tuple(map(_happened, rows))
        is_all = len(changes) < limit
        return Next(changes, Position(last) if is_all else changes[-1].position)

    @to_the_end
    async def known(self, id: HookId) -> Mapping[Extension, tuple[Divert, ...]]:
        """Return what stood, where something did, after the last change it knows.

        First all is read that stands, and then what has changed since: whatever is
        changed between the two is seen by the second.
        """
        async with self._database.reading() as connection:
            found = await _found(connection, id)
            if found is None:
                raise UnknownHookError(id)
            stands = await all_diverts(connection)
            changed = await _first_since(connection, found.delivery.position)
        return {one: there for one, there in (stands | changed).items() if there}

    @to_the_end
    async def delivered(self, id: HookId, position: Position, clock: datetime) -> None:
        """Keep how far it has been told; it never goes back."""
        forward = (hooks.c.position <= position) & (hooks.c.clock <= clock)
        told_now = update(hooks).where(_is(id) & forward)
        async with self._database.writing() as connection:
            await connection.execute(
                told_now.values(position=position, clock=clock, **_AFRESH)
            )

    @to_the_end
    async def failed(self, id: HookId, fault: str, due: datetime) -> None:
        """Keep what a try ended with, and when the next is to be."""
        attempts = hooks.c.attempts + 1
        mine = update(hooks).where(_is(id))
        async with self._database.writing() as connection:
            await connection.execute(
                mine.values(attempts=attempts, fault=fault, due=due)
            )


def _is(id: HookId) -> ColumnElement[bool]:
    return hooks.c.id == id


async def _found(connection: AsyncConnection, id: HookId) -> Hooked | None:
    query = select(hooks).where(_is(id))
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else _hooked(row)


async def _first_since(
    connection: AsyncConnection, position: Position
) -> dict[Extension, tuple[Divert, ...]]:
    """Return what stood before the first change of each extension after a position."""
    later = (audit.c.seq > position) & _CHANGED
    first = select(func.min(audit.c.seq)).where(later).group_by(audit.c.extension)
    query = select(audit.c.extension, audit.c.before).where(audit.c.seq.in_(first))
    rows = (await connection.execute(query)).mappings().all()
    return {Extension(row["extension"]): diverts_from(row["before"]) for row in rows}


def _row(hook: Hook) -> dict[str, Any]:
    return {
        "id": hook.id,
        "url": hook.url,
        "secret": hook.secret,
        "events": sorted(hook.events),
        "enabled": hook.enabled,
    }


def _hooked(row: RowMapping) -> Hooked:
    hook = Hook(
        id=HookId(row["id"]),
        url=row["url"],
        secret=row["secret"],
        events=frozenset(map(HookEvent, row["events"])),
        enabled=row["enabled"],
    )
    delivery = Delivery(
        position=Position(row["position"]),
        clock=row["clock"],
        attempts=row["attempts"],
        due=row["due"],
        fault=row["fault"],
    )
    return Hooked(hook, delivery)


def _happened(row: RowMapping) -> Happened:
    return Happened(
        position=Position(row["seq"]),
        at=row["at"],
        extension=Extension(row["extension"]),
        event=row["event"],
        before=diverts_from(row["before"]),
        after=diverts_from(row["after"]),
    )
