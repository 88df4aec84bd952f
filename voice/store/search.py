"""Calls found in a database, by what was said in them and by how they went."""

from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    ScalarSelect,
    TextClause,
    and_,
    exists,
    false,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from voice.store.call_tables import words
from voice.store.engine import Database, to_the_end
from voice.store.port import CallId, Turn, UnknownCallError
from voice.store.search_port import CallsFound, CallsWanted, FoundCall
from voice.store.tables import MARKED, MISUNDERSTOOD, calls, turns
from voice.store.transcripts import call_from, turns_of
from voice.store.words import Term, terms_of

# A word, or a place, of fewer calls is looked up, and its calls are put in order; of
# more, the calls are gone through from the newest on, and soon enough of them have it.
_RARE = 5000
_IN_ORDER = (calls.c.began.desc(), calls.c.seq.desc())


class DatabaseSearch:
    """Calls, found by what was said in them and by how they went."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def find(
        self, wanted: CallsWanted, after: CallId | None = None, limit: int = 50
    ) -> CallsFound:
        """Return the newest calls that are sought, after a call if one is given."""
        async with self._database.reading() as connection:
            sought = [*_sought(wanted), *await _said(connection, wanted.text)]
            if wanted.at is not None:
                sought.append(await _at(connection, wanted.at))
            if after is not None:
                sought.append(await _after(connection, after))
            # One more than is wanted, to know whether there is more.
            query = select(calls).where(*sought).order_by(*_IN_ORDER).limit(limit + 1)
            rows = (await connection.execute(query)).mappings().all()
        return CallsFound(tuple(map(found_from, rows[:limit])), more=len(rows) > limit)

    @to_the_end
    async def call(self, call: CallId) -> FoundCall:
        """Return one call."""
        query = select(calls).where(calls.c.id == call)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        if row is None:
            raise UnknownCallError(call)
        return found_from(row)

    @to_the_end
    async def turns(
        self, call: CallId, first: int = 0, limit: int = 500
    ) -> tuple[Turn, ...]:
        """Return some turns of a call as they were added, from one of them on."""
        async with self._database.reading() as connection:
            return await turns_of(connection, call, first, limit)


def _sought(wanted: CallsWanted) -> list[ColumnElement[bool] | TextClause]:
    like = {
        "caller": wanted.extension,
        "place": wanted.place,
        "outcome": wanted.outcome,
    }
    sought: list[ColumnElement[bool] | TextClause] = [
        calls.c[name] == value for name, value in like.items() if value is not None
    ]
    if wanted.since is not None:
        sought.append(calls.c.began >= wanted.since)
    if wanted.until is not None:
        sought.append(calls.c.began < wanted.until)
    if wanted.below is not None:
        sought.append(calls.c.worst < wanted.below)
    if wanted.misunderstood:
        sought.append(MISUNDERSTOOD)
    if wanted.marked:
        sought.append(MARKED)
    if wanted.going_on is not None:
        ended = calls.c.ended
        sought.append(ended.is_(None) if wanted.going_on else ended.is_not(None))
    return sought


async def _said(connection: AsyncConnection, text: str) -> list[ColumnElement[bool]]:
    terms = terms_of(text)
    if not terms:
        # Signs alone are in no call; nothing at all is in every one.
        return [false()] if text.strip() else []
    return await with_words(connection, terms)


async def with_words(
    connection: AsyncConnection, terms: Sequence[Term]
) -> list[ColumnElement[bool]]:
    """Say how calls are found that have all of some words; there must be one."""
    counted = select(*(_counted(_is(term)) for term in terms))
    found = (await connection.execute(counted)).one()
    rarest = min(range(len(terms)), key=lambda place: found[place])
    if found[rarest] >= _RARE:
        return [_had_by_each(terms)]
    others = [term for term in terms if term is not terms[rarest]]
    return [_looked_up(terms[rarest]), *([_had_by_each(others)] if others else ())]


async def _at(connection: AsyncConnection, place: str) -> ColumnElement[bool]:
    """Say how calls are found that came to a place of the dialogue."""
    here = turns.c.place == place
    if int(await connection.scalar(select(_counted(here))) or 0) < _RARE:
        return calls.c.seq.in_(select(turns.c.call).where(here))
    return exists().where(turns.c.call == calls.c.seq, here).correlate(calls)


def _counted(which: ColumnElement[bool]) -> ScalarSelect[int]:
    """Count how many rows there are, as far as it matters."""
    some = select(literal(1)).where(which).limit(_RARE).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _is(term: Term) -> ColumnElement[bool]:
    if term.whole:
        return words.c.word == term.word
    return (words.c.word >= term.word) & (words.c.word < term.end)


def _looked_up(term: Term) -> ColumnElement[bool]:
    return calls.c.seq.in_(select(words.c.call).where(_is(term)))


def _had_by_each(terms: Sequence[Term]) -> ColumnElement[bool]:
    # Counted and not joined: a join of each word takes longer to plan than to do.
    whole = {term.word for term in terms if term.whole}
    demands = [_count(words.c.word.in_(sorted(whole))) == len(whole)] if whole else []
    unfinished = (_count(_is(term)) > 0 for term in terms if not term.whole)
    return and_(*demands, *unfinished)


def _count(which: ColumnElement[bool]) -> ScalarSelect[int]:
    of_this = (words.c.call == calls.c.seq) & which
    return select(func.count()).where(of_this).correlate(calls).scalar_subquery()


async def _after(connection: AsyncConnection, call: CallId) -> ColumnElement[bool]:
    last = select(calls.c.began, calls.c.seq).where(calls.c.id == call)
    row = (await connection.execute(last)).one_or_none()
    if row is None:
        raise UnknownCallError(call)
    began = literal(row.began, calls.c.began.type)
    return tuple_(calls.c.began, calls.c.seq) < tuple_(began, row.seq)


def found_from(row: RowMapping) -> FoundCall:
    """Read what was found from its row."""
    return FoundCall(
        call=call_from(row),
        turns=row["turns"],
        doubtful=row["doubtful"],
        missed=row["missed"],
        worst=row["worst"],
        marked=row["marked"],
    )
