"""How the reading of all calendars goes, in a database."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from voice.store.engine import Database, to_the_end
from voice.store.links import LINKS, linked_from
from voice.store.readings_port import ReadingsFound
from voice.store.tables import extensions, links
from voice.store.values import in_utc


class DatabaseReadings:
    """How the reading of all calendars goes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def of_all(self, stale: datetime, limit: int = 100) -> ReadingsFound:
        """Return how it goes; what was read before an instant is too old."""
        wrong, read_at = _is_wrong(stale), links.c.read_at
        counts = (
            select(
                func.count().label("links"),
                func.count(read_at).label("read"),
                func.min(read_at).label("oldest"),
                func.count().filter(wrong).label("wrong"),
            )
            .join_from(links, extensions, links.c.extension == extensions.c.number)
            .where(extensions.c.coupled)
        )
        failing = links.c.failing_since
        worst = (
            LINKS.where(extensions.c.coupled, wrong)
            .order_by(failing.is_(None), failing, links.c.extension)
            .limit(limit)
        )
        async with self._database.reading() as connection:
            found = (await connection.execute(counts)).one()
            rows = (await connection.execute(worst)).mappings().all()
        return ReadingsFound(
            count=found.links,
            unread=found.links - found.read,
            oldest=found.oldest,
            wrong=found.wrong,
            worst=tuple(map(linked_from, rows)),
        )


def _is_wrong(stale: datetime) -> ColumnElement[bool]:
    return or_(
        links.c.fault != "",
        links.c.doubted_at.is_not(None),
        links.c.read_at.is_(None),
        links.c.read_at < in_utc(stale),
    )
