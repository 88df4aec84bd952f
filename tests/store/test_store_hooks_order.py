"""Changes are told in their order, whichever transaction is done first."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import asyncpg
import pytest
from store_hooks_contract import HOOK
from store_samples import ANNA, BO, LUNCH, NOW, sets

from voice.store import settled
from voice.store.database import open_store

BOS = replace(LUNCH, extension=BO.extension)
# A change of Anna's diverts, as a program writes it that takes its time.
ADDING = """
INSERT INTO audit (at, extension, "by", event, before, after, subject, detail)
SELECT at, extension, 'slow', event, before, after, subject, detail
FROM audit WHERE event = 'DivertSet' AND extension = '1234' LIMIT 1
"""


@pytest.fixture
async def store(schema):
    async with open_store(schema) as store:
        await store.directory.put([ANNA, BO], NOW, "test")
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        await store.hooks.put(HOOK, NOW, "test")
        yield store


@asynccontextmanager
async def adding(schema):
    """Give another program's transaction, in which a change was added."""
    connection = await asyncpg.connect(schema)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(ADDING)
    try:
        yield transaction
    finally:
        await connection.close()


async def told(store):
    """Return whose changes come next, and deliver them."""
    following = await store.hooks.next_events(HOOK.id, 10)
    await store.hooks.delivered(HOOK.id, following.reaches, NOW)
    return [change.extension for change in following.changes]


@pytest.fixture
def looked(monkeypatch):
    """Tell when a patient reader has looked who is adding changes."""
    looked, look = asyncio.Event(), settled._adding

    async def seen(*arguments):
        found = await look(*arguments)
        looked.set()
        return found

    monkeypatch.setattr(settled, "_adding", seen)
    monkeypatch.setattr(settled, "_PATIENCE", 60)
    return looked


async def test_a_change_that_is_not_done_is_not_passed_over(store, schema, monkeypatch):
    monkeypatch.setattr(settled, "_PATIENCE", 0.05)
    assert await told(store) == []
    async with adding(schema) as slow:
        await store.diverts.apply(BO.extension, sets(BOS), NOW, "voice")
        assert await told(store) == []
        await slow.commit()
        assert await told(store) == [ANNA.extension, BO.extension]
    assert await told(store) == []


async def test_a_change_that_is_undone_holds_nobody_back(store, schema, monkeypatch):
    monkeypatch.setattr(settled, "_PATIENCE", 0.05)
    async with adding(schema) as slow:
        await store.diverts.apply(BO.extension, sets(BOS), NOW, "voice")
        assert await told(store) == []
        await slow.rollback()
        assert await told(store) == [BO.extension]


async def test_a_change_that_is_soon_done_is_waited_for(store, schema, looked):
    async with adding(schema) as slow, asyncio.timeout(60):
        await store.diverts.apply(BO.extension, sets(BOS), NOW, "voice")
        telling = asyncio.ensure_future(told(store))
        await looked.wait()
        assert not telling.done()
        await slow.commit()
        assert await telling == [ANNA.extension, BO.extension]


async def test_those_who_come_later_are_not_waited_for(store, schema, looked):
    async with adding(schema) as slow, asyncio.timeout(60):
        telling = asyncio.ensure_future(told(store))
        await looked.wait()
        async with adding(schema):
            await slow.commit()
            assert await telling == []
    # What was not seen then comes now.
    assert await told(store) == [ANNA.extension]


async def test_who_only_reads_or_writes_elsewhere_holds_nobody_back(store, schema):
    connection = await asyncpg.connect(schema)
    try:
        async with connection.transaction():
            mine = "UPDATE extensions SET unit = 'x' WHERE number = '1234'"
            await connection.execute(mine)
            await connection.execute("SELECT * FROM audit FOR SHARE")
            await store.diverts.apply(BO.extension, sets(BOS), NOW, "voice")
            assert await told(store) == [BO.extension]
    finally:
        await connection.close()
