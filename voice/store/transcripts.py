"""Transcripts in a database."""

from datetime import datetime

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from voice.divert.model import Extension
from voice.store.engine import Database, to_the_end
from voice.store.live_port import What
from voice.store.port import (
    Call,
    CallId,
    CallTakenError,
    Turn,
    UnknownCallError,
    Who,
)
from voice.store.tables import calls, turns
from voice.store.tallies import count_call, count_turn, index, number_of, tell
from voice.store.upserts import inserted

_COUNTED = ("turns", "doubtful", "missed", "marked")
# A call has a place too, which is the number that was called.
SPOKEN = (
    turns.c.seconds,
    turns.c.who,
    turns.c.text,
    turns.c.score,
    turns.c.meaning,
    turns.c.event,
    turns.c.place.label("said_at"),
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
            **dict.fromkeys(_COUNTED, 0),
        )
        async with self._database.writing() as connection:
            try:
                mine = await inserted(connection, row)
            except IntegrityError as fault:
                raise CallTakenError(call.id) from fault
            await tell(connection, mine, What.BEGAN)

    @to_the_end
    async def add(self, call: CallId, turn: Turn) -> None:
        """Append one turn."""
        async with self._database.writing() as connection:
            mine = await number_of(connection, call)
            number = await count_turn(connection, mine, turn)
            row = insert(turns).values(call=mine, number=number, **_row(turn))
            added = await inserted(connection, row)
            await index(connection, mine, turn.text)
            await tell(connection, mine, What.SPOKE, added)

    @to_the_end
    async def identify(self, call: CallId, caller: Extension) -> None:
        """Write who calls."""
        async with self._database.writing() as connection:
            mine = await number_of(connection, call)
            row = update(calls).where(calls.c.seq == mine)
            await connection.execute(row.values(caller=caller))
            await tell(connection, mine, What.IDENTIFIED)

    @to_the_end
    async def end(self, call: CallId, outcome: str, at: datetime) -> None:
        """Write how and when the call ended."""
        async with self._database.writing() as connection:
            mine = await number_of(connection, call)
            row = update(calls).where(calls.c.seq == mine)
            await count_call(connection, mine, outcome)
            await connection.execute(row.values(ended=at, outcome=outcome))
            await tell(connection, mine, What.ENDED)

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
            return tuple(map(call_from, rows.mappings()))

    @to_the_end
    async def unfinished(self) -> tuple[Call, ...]:
        """Return the calls that nobody has ended, oldest first."""
        open_calls = select(calls).where(calls.c.ended.is_(None))
        oldest = open_calls.order_by(calls.c.began, calls.c.seq)
        async with self._database.reading() as connection:
            rows = await connection.execute(oldest)
            return tuple(map(call_from, rows.mappings()))

    @to_the_end
    async def turns(self, call: CallId) -> tuple[Turn, ...]:
        """Return the turns of a call as they were added."""
        async with self._database.reading() as connection:
            return await turns_of(connection, call)


async def turns_of(
    connection: AsyncConnection, call: CallId, first: int = 0, limit: int | None = None
) -> tuple[Turn, ...]:
    """Return some turns of a call as they were added."""
    later = (turns.c.call == calls.c.seq) & (turns.c.number >= first)
    query = (
        select(calls.c.id, *SPOKEN)
        .join_from(calls, turns, later, isouter=True)
        .where(calls.c.id == call)
        .order_by(turns.c.number)
    )
    rows = (await connection.execute(query.limit(limit))).mappings().all()
    if not rows:
        raise UnknownCallError(call)
    return tuple(turn_from(row) for row in rows if row["seconds"] is not None)


def _row(turn: Turn) -> dict[str, object]:
    return {
        "seconds": turn.t,
        "who": turn.who.value,
        "text": turn.text,
        "score": turn.score,
        "meaning": turn.meaning,
        "event": turn.event,
        "place": turn.place,
    }


def call_from(row: RowMapping) -> Call:
    """Read a call from its row."""
    return Call(
        id=CallId(row["id"]),
        place=row["place"],
        caller=None if row["caller"] is None else Extension(row["caller"]),
        began=row["began"],
        ended=row["ended"],
        outcome=row["outcome"],
    )


def turn_from(row: RowMapping) -> Turn:
    """Read a turn from its row, in which its place has a name of its own."""
    return Turn(
        t=row["seconds"],
        who=Who(row["who"]),
        text=row["text"],
        score=row["score"],
        meaning=row["meaning"],
        event=row["event"],
        place=row["said_at"],
    )
