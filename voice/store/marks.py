"""Turns marked as misheard, in a database."""

from datetime import datetime

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from voice.store.audit import record
from voice.store.call_tables import misheard
from voice.store.engine import Database, to_the_end
from voice.store.marks_port import Marked, Misheard
from voice.store.port import CallId, UnknownTurnError
from voice.store.receipts import marked
from voice.store.tables import calls, turns
from voice.store.tallies import number_of
from voice.store.transcripts import SPOKEN, call_from, turn_from


class DatabaseMarks:
    """Turns marked as misheard."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def put(self, mark: Misheard) -> None:
        """Mark a turn, in the place of its earlier mark."""
        async with self._database.writing() as connection:
            call = await number_of(connection, mark.call)
            await _check(connection, call, mark)
            await _unmark(connection, call, mark.turn)
            row = {"call": call, "turn": mark.turn, "said": mark.said}
            row |= {"by": mark.by, "at": mark.at}
            await connection.execute(insert(misheard).values(row))
            await _count(connection, call)
            await record(connection, marked(mark.call, mark.turn, mark.at, mark.by))

    @to_the_end
    async def remove(self, call: CallId, turn: int, now: datetime, by: str) -> None:
        """Take a mark away; removing it twice is not an error."""
        async with self._database.writing() as connection:
            of = await number_of(connection, call)
            if await _unmark(connection, of, turn):
                await _count(connection, of)
                await record(connection, marked(call, turn, now, by, "MarkRemoved"))

    @to_the_end
    async def of(self, call: CallId) -> tuple[Misheard, ...]:
        """Return the marks in a call, in the order of its turns."""
        async with self._database.reading() as connection:
            await number_of(connection, call)
            return await marks_of(connection, call)

    @to_the_end
    async def all(self) -> tuple[Marked, ...]:
        """Return every mark, in the order of calls begun, and of their turns."""
        said = (turns.c.call == misheard.c.call) & (turns.c.number == misheard.c.turn)
        query = (
            select(calls, *_MARK, *SPOKEN)
            .join_from(misheard, calls, misheard.c.call == calls.c.seq)
            .join(turns, said)
            .order_by(misheard.c.call, misheard.c.turn)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return tuple(Marked(_mark(row), call_from(row), turn_from(row)) for row in rows)


# A call has turns too, which is how many they are.
_MARK = (
    misheard.c.turn.label("marked_turn"),
    misheard.c.said,
    misheard.c.by,
    misheard.c.at,
)


async def marks_of(connection: AsyncConnection, call: CallId) -> tuple[Misheard, ...]:
    """Return the marks in a call, in the order of its turns."""
    query = (
        select(calls.c.id, *_MARK)
        .join_from(misheard, calls, misheard.c.call == calls.c.seq)
        .where(calls.c.id == call)
        .order_by(misheard.c.turn)
    )
    rows = (await connection.execute(query)).mappings().all()
    return tuple(map(_mark, rows))


async def _check(connection: AsyncConnection, call: int, mark: Misheard) -> None:
    query = select(turns.c.seq).where(turns.c.call == call, turns.c.number == mark.turn)
    if await connection.scalar(query) is None:
        raise UnknownTurnError(mark.call, mark.turn)


async def _unmark(connection: AsyncConnection, call: int, turn: int) -> bool:
    mine = (misheard.c.call == call) & (misheard.c.turn == turn)
    return (await connection.execute(delete(misheard).where(mine))).rowcount > 0


async def _count(connection: AsyncConnection, call: int) -> None:
    theirs = select(func.count()).where(misheard.c.call == call)
    row = update(calls).where(calls.c.seq == call)
    await connection.execute(row.values(marked=theirs.scalar_subquery()))


def _mark(row: RowMapping) -> Misheard:
    return Misheard(
        call=CallId(row["id"]),
        turn=row["marked_turn"],
        said=row["said"],
        by=row["by"],
        at=row["at"],
    )
