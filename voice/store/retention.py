"""Lets go of what a database holds on people."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from voice.divert.model import Extension
from voice.store.access_trail import NOBODYS, hands_of
from voice.store.audit import record, recorded
from voice.store.call_tables import misheard, words
from voice.store.engine import Database, to_the_end
from voice.store.mentions import is_mention, number_in, text_without, without
from voice.store.port import AuditEntry
from voice.store.receipts import SOMEBODY, changes_erased, erased_before
from voice.store.retention_port import Mention, Named
from voice.store.search import with_words
from voice.store.tables import audit, calls, turns
from voice.store.tallies import index
from voice.store.transcripts import SPOKEN, call_from, turn_from
from voice.store.values import in_utc
from voice.store.words import terms_of

# Erased in one transaction: a call that has something to write waits for so few. Those
# who write have their turn between two of them.
_AT_ONCE = 25
_CHANGES_AT_ONCE = 500
_BETWEEN = 0.02


class DatabaseRetention:
    """Lets go of what is held on people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def erasable(self, before: datetime) -> int:
        """Count the calls that ended before an instant."""
        query = select(func.count()).where(calls.c.ended < before)
        async with self._database.reading() as connection:
            return int(await connection.scalar(query) or 0)

    async def erase_before(self, before: datetime, now: datetime, by: str) -> int:
        """Erase the calls that ended before an instant, and return how many."""
        receipt = _Receipt(partial(erased_before, before, now, by))
        return await self._erase(calls.c.ended < before, receipt)

    async def erase_changes_before(
        self, before: datetime, now: datetime, by: str
    ) -> int:
        """Erase what the trail tells of before an instant; count the changes."""
        receipt = _Receipt(partial(changes_erased, before, now, by))
        erased = 0
        while some := await self._erase_changes(before, receipt):
            erased += some
            await asyncio.sleep(_BETWEEN)
        await self._forget()
        return erased

    @to_the_end
    async def _erase_changes(self, before: datetime, receipt: "_Receipt") -> int:
        old = select(audit.c.seq).where(audit.c.at < in_utc(before))
        some = old.order_by(audit.c.at, audit.c.seq).limit(_CHANGES_AT_ONCE)
        async with self._database.writing() as connection:
            found = (await connection.scalars(some)).all()
            if found:
                # Before the last is gone, whose number must not come again.
                await receipt.add(connection, len(found))
                gone = delete(audit).where(audit.c.seq.in_(found))
                await connection.execute(gone)
        return len(found)

    async def erase_calls(self, extension: Extension) -> int:
        """Erase the calls from an extension and those to it, and return how many."""
        theirs = or_(calls.c.caller == extension, calls.c.place == extension)
        return await self._erase(theirs & calls.c.ended.is_not(None))

    async def _erase(
        self, which: ColumnElement[bool], receipt: "_Receipt | None" = None
    ) -> int:
        erased = 0
        while some := await self._erase_some(which, receipt):
            erased += some
            await asyncio.sleep(_BETWEEN)
        await self._forget()
        return erased

    @to_the_end
    async def _erase_some(
        self, which: ColumnElement[bool], receipt: "_Receipt | None"
    ) -> int:
        some = select(calls.c.seq).where(which).order_by(calls.c.ended).limit(_AT_ONCE)
        async with self._database.writing() as connection:
            found = (await connection.scalars(some)).all()
            those = calls.c.seq.in_(found)
            # All that belongs to a call goes with it.
            gone = (await connection.execute(delete(calls).where(those))).rowcount
            if gone and receipt is not None:
                await receipt.add(connection, gone)
        return gone

    @to_the_end
    async def mentions(self, named: Named) -> tuple[Mention, ...]:
        """Return where a person is spoken of, in the order of calls and turns."""
        async with self._database.reading() as connection:
            found = await _spoken_of(connection, named)
        return tuple(Mention(call_from(row), turn_from(row)) for row in found)

    async def forget_mentions(self, named: Named) -> int:
        """Strike a person out of what was said, and of what was misheard."""
        async with self._database.reading() as connection:
            found = await _spoken_of(connection, named)
        for call in sorted({row["call"] for row in found}):
            theirs = [row for row in found if row["call"] == call]
            await self._strike_out(call, theirs, named)
        return len(found) + await self._strike_out_of_marks(named)

    @to_the_end
    async def _strike_out(
        self, call: int, rows: Sequence[RowMapping], named: Named
    ) -> None:
        async with self._database.writing() as connection:
            for row in rows:
                left = without(turn_from(row), named)
                mine = update(turns).where(turns.c.seq == row["turn_seq"])
                values = {"text": left.text, "meaning": left.meaning}
                await connection.execute(mine.values(values))
            await connection.execute(delete(words).where(words.c.call == call))
            said = select(turns.c.text).where(turns.c.call == call)
            for text in (await connection.scalars(said)).all():
                await index(connection, call, text)

    @to_the_end
    async def _strike_out_of_marks(self, named: Named) -> int:
        columns = (misheard.c.call, misheard.c.turn, misheard.c.said)
        count = 0
        async with self._database.writing() as connection:
            for call, turn, said in (await connection.execute(select(*columns))).all():
                left = text_without(said, named.name)
                if left != said:
                    mine = (misheard.c.call == call) & (misheard.c.turn == turn)
                    changed = update(misheard).where(mine).values(said=left)
                    await connection.execute(changed)
                    count += 1
        return count

    @to_the_end
    async def forget_changes(
        self, extension: Extension, logins: Collection[str], receipt: AuditEntry
    ) -> int:
        """Let what the trail tells of a person tell of nobody, and add a receipt."""
        theirs = audit.c.extension == extension
        owned = audit.c.subject.in_(logins)
        nothing = {"extension": NOBODYS, "before": [], "after": []}
        nothing |= {"subject": "", "detail": ""}
        async with self._database.writing() as connection:
            gone = await connection.execute(
                update(audit).where(theirs | owned).values(nothing)
            )
            for login in logins:
                await _forget_hands(connection, login)
            await record(connection, receipt)
        await self._database.forget()
        return gone.rowcount

    @to_the_end
    async def _forget(self) -> None:
        await self._database.forget()


async def _forget_hands(connection: AsyncConnection, login: str) -> None:
    """Let what somebody has done, and by which way, be done by nobody known."""
    for hand, nobodys in zip(hands_of(login), hands_of(SOMEBODY), strict=True):
        for table in (audit, misheard):
            mine = update(table).where(table.c.by == hand)
            await connection.execute(mine.values(by=nobodys))


class _Receipt:
    """Tells on the trail how much was erased, in the transactions that do it."""

    def __init__(self, told: Callable[[int], AuditEntry]) -> None:
        self._told = told
        self._row: int | None = None
        self._erased = 0

    async def add(self, connection: AsyncConnection, erased: int) -> None:
        """Count some more as erased."""
        self._erased += erased
        entry = self._told(self._erased)
        if self._row is None:
            self._row = await recorded(connection, entry)
            return
        mine = update(audit).where(audit.c.seq == self._row)
        await connection.execute(mine.values(detail=entry.detail))


async def _spoken_of(connection: AsyncConnection, named: Named) -> list[RowMapping]:
    # A meaning is no word of a call; this goes through all turns, and is seldom asked.
    meant = turns.c.meaning.contains(number_in(named), autoescape=True)
    spoken = calls.c.seq.in_(select(turns.c.call).where(meant))
    which: list[ColumnElement[bool]] = [spoken]
    if terms := terms_of(named.name):
        which.append(and_(*await with_words(connection, terms)))
    query = (
        select(calls, turns.c.seq.label("turn_seq"), turns.c.call, *SPOKEN)
        .join_from(calls, turns)
        .where(or_(*which))
        .order_by(calls.c.began, calls.c.seq, turns.c.number)
    )
    rows = (await connection.execute(query)).mappings().all()
    return [row for row in rows if is_mention(turn_from(row), named)]
