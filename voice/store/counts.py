"""How calls went, day by day, in a database."""

from datetime import date

from sqlalchemy import select

from voice.store.call_tables import outcomes, understanding
from voice.store.counts_port import Heard, Outcome, Understanding
from voice.store.engine import Database, to_the_end


class DatabaseCounts:
    """What was counted when calls ended."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def understanding(
        self, since: date, until: date
    ) -> tuple[Understanding, ...]:
        """Return how well was understood, by day, place and meaning."""
        query = select(understanding).where(understanding.c.day.between(since, until))
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        found = (
            Understanding(
                row.day,
                Heard(row.place, row.command, row.reason),
                row.well,
                row.doubtful,
                row.missed,
                row.scored,
                row.score,
            )
            for row in rows
        )
        # Sorted here, because each database has an alphabet of its own.
        return tuple(sorted(found, key=lambda each: (each.day, each.heard)))

    @to_the_end
    async def outcomes(self, since: date, until: date) -> tuple[Outcome, ...]:
        """Return how calls ended, by day and outcome."""
        query = select(outcomes).where(outcomes.c.day.between(since, until))
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        found = (Outcome(row.day, row.outcome, row.calls) for row in rows)
        return tuple(sorted(found, key=lambda each: (each.day, each.outcome)))
