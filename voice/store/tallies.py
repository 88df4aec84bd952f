"""What a call is found by, told of and counted as, written with the call itself."""

from datetime import date

from sqlalchemy import case, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from voice.divert.walltime import local
from voice.store.call_tables import feed, outcomes, understanding, words
from voice.store.counts_port import Understanding
from voice.store.live_port import What
from voice.store.port import CallId, Turn, UnknownCallError, Who
from voice.store.tables import calls, turns
from voice.store.understanding import How, hearing, understandings
from voice.store.upserts import insert_into
from voice.store.words import words_of

_COUNTED = ("well", "doubtful", "missed", "scored", "score")


async def number_of(connection: AsyncConnection, call: CallId) -> int:
    """Return the number of the row of a call."""
    query = select(calls.c.seq).where(calls.c.id == call)
    found = (await connection.execute(query)).scalar_one_or_none()
    if found is None:
        raise UnknownCallError(call)
    return int(found)


async def tell(
    connection: AsyncConnection, call: int, what: What, turn: int | None = None
) -> None:
    """Tell those who follow calls what happens in one."""
    row = {"call": call, "what": what.value, "turn": turn}
    await connection.execute(insert(feed).values(row))


async def count_turn(connection: AsyncConnection, call: int, turn: Turn) -> int:
    """Keep how well a call goes, and return which of its turns this one is."""
    heard, table = hearing(turn), calls.c
    values: dict[str, object] = {"turns": table.turns + 1}
    if heard is not None and turn.score is not None:
        is_worst = table.worst.is_(None) | (table.worst > turn.score)
        values["worst"] = case((is_worst, turn.score), else_=table.worst)
    if heard is not None and heard.how is not How.WELL:
        values[heard.how.value] = table[heard.how.value] + 1
    mine = table.seq == call
    # Whoever else adds to this call waits here.
    await connection.execute(update(calls).where(mine).values(values))
    return int(await connection.scalar(select(table.turns).where(mine)) or 0) - 1


async def index(connection: AsyncConnection, call: int, text: str) -> None:
    """Let a call be found by the words of a text."""
    rows = [{"call": call, "word": word} for word in dict.fromkeys(words_of(text))]
    if rows:
        row = insert_into(connection, words).on_conflict_do_nothing()
        await connection.execute(row, rows)


async def count_call(connection: AsyncConnection, call: int, outcome: str) -> None:
    """Count how a call went, when it ends for the first time."""
    mine = (calls.c.seq == call) & calls.c.ended.is_(None)
    began = await connection.scalar(select(calls.c.began).where(mine))
    if began is None:
        return
    day = local(began).date()
    spoken = select(turns.c.meaning, turns.c.score, turns.c.place)
    by_caller = (turns.c.call == call) & (turns.c.who == Who.CALLER.value)
    heard = [
        Turn(0.0, Who.CALLER, "", row.score, row.meaning, place=row.place)
        for row in await connection.execute(spoken.where(by_caller))
    ]
    await _add(connection, understandings(day, heard))
    await _add_outcome(connection, day, outcome)


async def _add(connection: AsyncConnection, counts: tuple[Understanding, ...]) -> None:
    # In their order everywhere, so that no two wait for each other.
    rows = [
        {
            "day": each.day,
            "place": each.heard.place,
            "command": each.heard.command,
            "reason": each.heard.reason,
            **{name: getattr(each, name) for name in _COUNTED},
        }
        for each in counts
    ]
    if rows:
        row = insert_into(connection, understanding)
        more = {name: understanding.c[name] + row.excluded[name] for name in _COUNTED}
        key = list(understanding.primary_key)
        one = row.on_conflict_do_update(index_elements=key, set_=more)
        await connection.execute(one, rows)


async def _add_outcome(connection: AsyncConnection, day: date, outcome: str) -> None:
    row = insert_into(connection, outcomes)
    more = {"calls": outcomes.c.calls + 1}
    one = row.values(day=day, outcome=outcome, calls=1)
    key = list(outcomes.primary_key)
    await connection.execute(one.on_conflict_do_update(index_elements=key, set_=more))
