"""What happens in calls, told from a database."""

from sqlalchemy import RowMapping, Select, func, or_, select

from voice.store.call_tables import feed
from voice.store.engine import Database, to_the_end
from voice.store.live_port import News, Told, What
from voice.store.positions import KEPT, Position, read_on
from voice.store.tables import calls, turns
from voice.store.transcripts import SPOKEN, call_from, turn_from

_NEWS = (
    select(feed.c.seq.label("told"), feed.c.what, calls, turns.c.number, *SPOKEN)
    .join_from(feed, calls, feed.c.call == calls.c.seq)
    .join(turns, feed.c.turn == turns.c.seq, isouter=True)
    .order_by(feed.c.seq)
)


class DatabaseLive:
    """What happens in all calls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def position(self) -> Position:
        """Return where we are now."""
        last = select(func.max(feed.c.seq)).scalar_subquery()
        latest = select(feed.c.seq).where(feed.c.seq > last - KEPT)
        async with self._database.reading() as connection:
            seen = (await connection.scalars(latest.order_by(feed.c.seq))).all()
        return read_on(Position(), seen)

    @to_the_end
    async def after(self, position: Position, limit: int = 200) -> Told:
        """Return what happened after a position, each thing once."""
        query = _since(position).limit(limit)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
        after = read_on(position, [row["told"] for row in rows])
        return Told(tuple(map(_news, rows)), after)


def _since(position: Position) -> Select[tuple[object, ...]]:
    later = feed.c.seq > position.last
    if not position.passed_over:
        return _NEWS.where(later)
    # Told apart, so that no more is looked at than may be new.
    earliest = feed.c.seq >= min(position.passed_over)
    return _NEWS.where(earliest, or_(later, feed.c.seq.in_(position.passed_over)))


def _news(row: RowMapping) -> News:
    what = What(row["what"])
    if row["seconds"] is None:
        return News(what, call_from(row))
    return News(what, call_from(row), turn_from(row), row["number"])
