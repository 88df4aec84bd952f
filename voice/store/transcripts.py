"""Transcripts in a database."""

from datetime import datetime

from sqlalchemy import RowMapping, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from voice.divert.model import Extension
from voice.store.engine import Database, to_the_end
from voice.store.port import (
    Call,
    CallId,
    CallTakenError,
    Turn,
    UnknownCallError,
    Who,
)
from voice.store.tables import calls, turns

_WORDS = (
    turns.c.seconds,
    turns.c.who,
    turns.c.text,
    turns.c.score,
    turns.c.meaning,
    turns.c.event,
)


class DatabaseTranscripts:
    """What was said in each call."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def begin(self, call: Call) -> None:
        """Open the transcript of a call."""
        row = insert(calls).values(
            id=call.id,
            place=call.place,
            caller=call.caller,
            began=call.began,
            ended=call.ended,
            outcome=call.outcome,
        )
        async with self._database.writing() as connection:
            try:
                await connection.execute(row)
            except IntegrityError as fault:
                raise CallTakenError(call.id) from fault

    @to_the_end
    async def add(self, call: CallId, turn: Turn) -> None:
        """Append one turn."""
        said = (
            turn.t,
            turn.who.value,
            turn.text,
            turn.score,
            turn.meaning,
            turn.event,
        )
        words = (
            literal(value, column.type)
            for value, column in zip(said, _WORDS, strict=True)
        )
        found = select(calls.c.seq, *words).where(calls.c.id == call)
        row = insert(turns).from_select([turns.c.call, *_WORDS], found)
        async with self._database.writing() as connection:
            if (await connection.execute(row)).rowcount == 0:
                raise UnknownCallError(call)

    @to_the_end
    async def identify(self, call: CallId, caller: Extension) -> None:
        """Write who calls."""
        await self._change(call, caller=caller)

    @to_the_end
    async def end(self, call: CallId, outcome: str, at: datetime) -> None:
        """Write how and when the call ended."""
        await self._change(call, ended=at, outcome=outcome)

    async def _change(self, call: CallId, **values: object) -> None:
        row = update(calls).where(calls.c.id == call).values(**values)
        async with self._database.writing() as connection:
            if (await connection.execute(row)).rowcount == 0:
                raise UnknownCallError(call)

    @to_the_end
    async def calls(
        self, limit: int = 100, extension: Extension | None = None
    ) -> tuple[Call, ...]:
        """Return the latest calls, newest first."""
        newest = select(calls).order_by(calls.c.began.desc(), calls.c.seq.desc())
        if extension is not None:
            newest = newest.where(calls.c.caller == extension)
        async with self._database.reading() as connection:
            rows = await connection.execute(newest.limit(limit))
            return tuple(_call(row) for row in rows.mappings())

    @to_the_end
    async def unfinished(self) -> tuple[Call, ...]:
        """Return the calls that nobody has ended, oldest first."""
        open_calls = select(calls).where(calls.c.ended.is_(None))
        oldest = open_calls.order_by(calls.c.began, calls.c.seq)
        async with self._database.reading() as connection:
            rows = await connection.execute(oldest)
            return tuple(_call(row) for row in rows.mappings())

    @to_the_end
    async def turns(self, call: CallId) -> tuple[Turn, ...]:
        """Return the turns of a call as they were added."""
        query = (
            select(calls.c.id, *_WORDS)
            .join_from(calls, turns, isouter=True)
            .where(calls.c.id == call)
            .order_by(turns.c.seq)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
        if not rows:
            raise UnknownCallError(call)
        return tuple(_turn(row) for row in rows if row["seconds"] is not None)


def _call(row: RowMapping) -> Call:
    return Call(
        id=CallId(row["id"]),
        place=row["place"],
        caller=None if row["caller"] is None else Extension(row["caller"]),
        began=row["began"],
        ended=row["ended"],
        outcome=row["outcome"],
    )


def _turn(row: RowMapping) -> Turn:
    return Turn(
        t=row["seconds"],
        who=Who(row["who"]),
        text=row["text"],
        score=row["score"],
        meaning=row["meaning"],
        event=row["event"],
    )
