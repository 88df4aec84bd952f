"""Long lists are read from an index, so that a big store is as quick as a small one."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event
from store_samples import ANNA, NOW

from voice.store.database import open_store

CALLS = """
INSERT INTO calls (id, place, caller, began)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 4999)
SELECT 'k' || i, '4949', i % 50, datetime('2025-03-05 10:00', i || ' minutes')
       || '.000000' FROM n
"""


@pytest.fixture
async def path(tmp_path):
    path = tmp_path / "store.db"
    async with open_store(str(path)):
        pass
    with closing(sqlite3.connect(path)) as other, other:
        other.execute(CALLS)
    return path


@pytest.fixture
def plans(path):
    """How SQLite goes about each question that the store asks it."""
    asked = []

    def note(connection, cursor, statement, parameters, *rest):
        asked.append((statement, parameters))

    def explained():
        with closing(sqlite3.connect(path)) as other:
            return [
                " ".join(row[3] for row in other.execute(f"EXPLAIN QUERY PLAN {s}", p))
                for s, p in asked
                if " calls" in s or " turns" in s or " audit" in s
            ]

    event.listen(Engine, "before_cursor_execute", note)
    yield explained
    event.remove(Engine, "before_cursor_execute", note)


async def test_thousands_of_calls_are_listed_from_an_index(path, plans):
    async with open_store(str(path)) as store:
        latest = await store.transcripts.calls(limit=3)
        assert [call.id for call in latest] == ["k4999", "k4998", "k4997"]
        assert latest[0].began - latest[2].began == timedelta(minutes=2)
        of_one = await store.transcripts.calls(2, "49")
        assert [call.id for call in of_one] == ["k4999", "k4949"]
        await store.transcripts.turns(latest[0].id)
        await store.audit.entries()
        await store.audit.entries(ANNA.extension)
        assert latest[0].began > NOW
    indexed = plans()
    assert len(indexed) == 5
    for plan in indexed:
        assert "TEMP B-TREE" not in plan
    by_time, by_caller, turns, _, of_extension = indexed
    assert "USING INDEX calls_by_time" in by_time
    assert "USING INDEX calls_by_caller" in by_caller
    assert "USING INDEX turns_by_call" in turns
    assert "USING INDEX audit_by_extension" in of_extension
