"""Questions that may come twice, in a database."""

from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, delete, select, update

from voice.divert.model import Extension
from voice.store.access_tables import repeats
from voice.store.engine import Database, to_the_end
from voice.store.repeats_port import KEPT_FOR, Answer, Asked, Earlier, tells_of
from voice.store.upserts import insert_into
from voice.store.values import in_utc


class DatabaseRepeats:
    """The questions of a day, and their answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def begin(self, asked: Asked, now: datetime) -> Earlier | None:
        """Take a question up; or return the one that came before by its id."""
        row = {"key": asked.key, "id": asked.id, "digest": asked.digest, "at": now}
        async with self._database.writing() as connection:
            taken = insert_into(connection, repeats).values(row)
            made = await connection.execute(taken.on_conflict_do_nothing())
            if made.rowcount > 0:
                return None
            query = select(repeats).where(_is(asked))
            found = (await connection.execute(query)).mappings().one()
        return _earlier(found)

    @to_the_end
    async def answered(self, asked: Asked, answer: Answer) -> None:
        """Keep what a question was answered with."""
        told = {
            "status": answer.status,
            "body": answer.body,
            "media_type": answer.media_type,
        }
        async with self._database.writing() as connection:
            await connection.execute(update(repeats).where(_is(asked)).values(told))

    @to_the_end
    async def forget(self, asked: Asked) -> None:
        """Let a question be asked anew, because nothing came of it."""
        async with self._database.writing() as connection:
            await connection.execute(delete(repeats).where(_is(asked)))

    @to_the_end
    async def of(self, extension: Extension) -> tuple[Answer, ...]:
        """Return the answers that tell of a person, the first one first."""
        query = select(repeats).where(_tells_of(extension)).order_by(repeats.c.at)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return tuple(map(_answer, rows))

    @to_the_end
    async def let_go(self, extension: Extension) -> None:
        """Let go of the answers that tell of a person, with their questions."""
        async with self._database.writing() as connection:
            await connection.execute(delete(repeats).where(_tells_of(extension)))

    @to_the_end
    async def sweep(self, now: datetime) -> None:
        """Let go of what was asked more than a day ago."""
        old = repeats.c.at <= in_utc(now) - KEPT_FOR
        async with self._database.writing() as connection:
            await connection.execute(delete(repeats).where(old))


def _is(asked: Asked) -> ColumnElement[bool]:
    return (repeats.c.key == asked.key) & (repeats.c.id == asked.id)


def _tells_of(extension: Extension) -> ColumnElement[bool]:
    return repeats.c.body.contains(tells_of(extension), autoescape=True)


def _answer(row: RowMapping) -> Answer:
    return Answer(row["status"], row["body"], row["media_type"])


def _earlier(row: RowMapping) -> Earlier:
    answer = None if row["status"] is None else _answer(row)
    return Earlier(Asked(row["key"], row["id"], row["digest"]), answer)
