"""Long lists are read from an index, so that a big store is as quick as a small one."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event
from store_samples import ANNA, NOW, TURNS

from voice.store.database import open_store
from voice.store.search_port import CallsWanted

CALLS = """
INSERT INTO calls (id, place, caller, began)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 4999)
SELECT 'k' || i, '4949', i % 50, datetime('2025-03-05 10:00', i || ' minutes')
       || '.000000' FROM n
"""


TABLES = ("calls", "turns", "audit", "feed", "misheard", "words")


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
                if s.startswith("SELECT") and any(f" {table}" in s for table in TABLES)
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


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (CallsWanted(), "calls_by_time"),
        (CallsWanted(since=NOW), "calls_by_time"),
        (CallsWanted(below=0.5), "calls_by_time"),
        (CallsWanted(extension="49"), "calls_by_caller"),
        (CallsWanted(place="1234"), "calls_by_place"),
        (CallsWanted(outcome="failed"), "calls_by_outcome"),
        (CallsWanted(misunderstood=True), "calls_misunderstood"),
        (CallsWanted(marked=True), "calls_marked"),
        (CallsWanted(going_on=True), "calls_by_end"),
    ],
)
async def test_calls_are_found_from_an_index_already_in_order(
    path, plans, wanted, index
):
    async with open_store(str(path)) as store:
        await store.search.find(wanted, limit=3)
        await store.search.find(wanted, "k2500", limit=3)
    *_, first, last, after = plans()
    for plan in (first, after):
        assert f"calls USING INDEX {index}" in plan
        assert "TEMP B-TREE" not in plan
    assert "sqlite_autoindex_calls" in last


async def test_a_rare_word_is_looked_up(path, plans):
    async with open_store(str(path)) as store:
        await store.transcripts.add("k7", TURNS[1])
        (found,) = (await store.search.find(CallsWanted("radera"))).calls
        assert found.call.id == "k7"
    *_, found = plans()
    assert "calls USING INTEGER PRIMARY KEY" in found
    assert "words USING COVERING INDEX words_by_word" in found


async def test_what_is_new_is_asked_for_without_reading_what_is_old(path, plans):
    async with open_store(str(path)) as store:
        await store.transcripts.add("k7", TURNS[1])
        place = await store.live.position()
        await store.live.after(place)
        await store.live.after(replace(place, passed_over=(1, 2)))
    *_, first, with_passed_over = plans()
    for plan in (first, with_passed_over):
        assert plan.startswith("SEARCH feed USING INTEGER PRIMARY KEY (rowid>")
        assert "SCAN" not in plan.replace("SCAN turns USING", "")
        assert "TEMP B-TREE" not in plan
