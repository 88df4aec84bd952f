"""Questions that may come twice, in a database."""

from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, delete, select, update

from voice.store.access_tables import repeats
from voice.store.engine import Database, to_the_end
from voice.store.repeats_port import KEPT_FOR, Answer, Asked, Earlier
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
    async def sweep(self, now: datetime) -> None:
        """Let go of what was asked more than a day ago."""
        old = repeats.c.at <= in_utc(now) - KEPT_FOR
        async with self._database.writing() as connection:
            await connection.execute(delete(repeats).where(old))


def _is(asked: Asked) -> ColumnElement[bool]:
    return (repeats.c.key == asked.key) & (repeats.c.id == asked.id)


def _earlier(row: RowMapping) -> Earlier:
    answer = None
    if row["status"] is not None:
        answer = Answer(row["status"], row["body"], row["media_type"])
    return Earlier(Asked(row["key"], row["id"], row["digest"]), answer)
