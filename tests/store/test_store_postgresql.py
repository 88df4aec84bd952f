"""What only a server can do: turn us away, go away, and serve many at once."""

import asyncio
import threading
from contextlib import asynccontextmanager
from functools import partial

import asyncpg
import pytest
from sqlalchemy import text
from store_samples import ANNA, BO, CALL, LUNCH, NOW, TURNS, adds_one, sets

from voice.divert.model import Extension
from voice.store import engine
from voice.store.address import read_address
from voice.store.database import open_store
from voice.store.engine import connected
from voice.store.port import Listing, StoreError

# Far more than any of these waits takes; only a fault makes them last.
LONG = 60


@asynccontextmanager
async def administrator(database):
    connection = await asyncpg.connect(database)
    yield connection
    await connection.close()


async def refusal(address):
    """Say why a store cannot be opened."""
    with pytest.raises(StoreError) as caught:
        async with open_store(address):
            pass
    assert "s3cret" not in f"{caught.value} {caught.value.__cause__}"
    return str(caught.value)


async def test_a_wrong_password(database):
    async with administrator(database) as connection:
        await connection.execute("DROP ROLE IF EXISTS stranger")
        await connection.execute("CREATE ROLE stranger LOGIN PASSWORD 'right'")
    address = database.replace("//postgres:@", "//stranger:s3cret@")
    assert "lets nobody in by that name and password" in await refusal(address)
    # The right one lets us in, but not to make tables in another's schema.
    address = database.replace("//postgres:@", "//stranger:right@")
    assert "may not be changed by this user: grant" in await refusal(address)


async def test_a_database_that_does_not_exist(server):
    address = server.replace("//postgres:@/postgres?", "//postgres:s3cret@/nowhere?")
    assert "nowhere does not exist: create it with" in await refusal(address)


async def test_a_schema_that_does_not_exist(database):
    assert "has no schema" in await refusal(f"{database}&search_path=nowhere")


async def test_a_read_only_copy(database):
    copy = f"{database}&default_transaction_read_only=on"
    assert "is read-only: name the primary server" in await refusal(copy)
    async with open_store(database) as store:
        await store.directory.add(ANNA, NOW, "test")
    async with open_store(copy) as store:
        with pytest.raises(StoreError, match="is read-only: name the primary"):
            await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        assert await store.directory.list() == (ANNA,)


async def test_another_programs_database(database):
    async with administrator(database) as connection:
        await connection.execute("CREATE TABLE calls (number text)")
    assert "holds another program's tables: name an empty" in await refusal(database)


async def test_a_server_that_was_restarted_meanwhile(database):
    async with open_store(database) as store:
        await store.directory.add(ANNA, NOW, "test")
        async with administrator(database) as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert await store.directory.list() == (ANNA,)


async def test_text_that_no_database_can_hold(database):
    async with open_store(database) as store:
        for name in ("a\0b", "\udcff"):
            with pytest.raises(StoreError, match="cannot hold such text"):
                await store.directory.add(Listing(Extension("1"), name), NOW, "test")
        assert await store.directory.list() == ()


async def test_a_lock_that_is_never_let_go(database, monkeypatch):
    async with open_store(database) as store:
        await store.directory.add(ANNA, NOW, "test")
    monkeypatch.setattr(engine, "PATIENCE", 0.5)
    async with open_store(database) as store, administrator(database) as other:
        async with other.transaction():
            await other.execute("SELECT 1 FROM extensions FOR UPDATE")
            with pytest.raises(StoreError, match="is held by another program"):
                await store.diverts.apply(ANNA.extension, adds_one, NOW, "voice")
        await store.diverts.apply(ANNA.extension, adds_one, NOW, "voice")


async def test_one_extension_does_not_wait_for_another(database):
    inside, release = threading.Event(), threading.Event()

    def decide_slowly(standing):
        inside.set()
        assert release.wait(LONG)
        return adds_one(standing)

    async def elsewhere():
        async with open_store(database) as store:
            await store.diverts.apply(ANNA.extension, decide_slowly, NOW, "voice")

    async with open_store(database) as store:
        await store.directory.put([ANNA, BO], NOW, "test")
        slow = asyncio.ensure_future(asyncio.to_thread(asyncio.run, elsewhere()))
        assert await asyncio.to_thread(inside.wait, LONG)
        for_bo = partial(adds_one, owner=BO.extension)
        await store.diverts.apply(BO.extension, for_bo, NOW, "voice")
        await store.transcripts.begin(CALL)
        await store.transcripts.add(CALL.id, TURNS[0])
        assert (await store.diverts.standing(ANNA.extension)).diverts == ()
        assert not slow.done()
        second = asyncio.ensure_future(
            store.diverts.apply(ANNA.extension, adds_one, NOW, "voice")
        )
        release.set()
        await asyncio.gather(slow, second)
        stands = await store.diverts.standing(ANNA.extension)
        assert [divert.reason for divert in stands.diverts] == ["0", "1"]


async def test_a_reading_asks_for_no_transaction_of_its_own(database):
    asked = []
    async with connected(read_address(database)) as opened:
        async with opened.reading() as connection:
            raw = await connection.get_raw_connection()
            raw.driver_connection.add_query_logger(lambda query: asked.append(query))
        async with opened.reading() as connection:
            assert await connection.scalar(text("SELECT 4949")) == 4949
        # That its server is still there is all that is asked besides.
        assert [each.query for each in asked] == [";"]
        async with opened.writing() as connection:
            level = await connection.scalar(text("SHOW transaction_isolation"))
    words = [each.query.split(maxsplit=1)[0] for each in asked[1:]]
    assert (level, words) == ("read committed", [";", "BEGIN", "COMMIT;"])
