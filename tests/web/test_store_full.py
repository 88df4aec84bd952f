"""A store that can be read and not written: pages are shown, and what is sent waits."""

import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from web_database import database_server
from web_house import ANNA, PASSWORD, Web, hidden, opened_web

from voice.language.catalog import Catalog
from voice.store.database import open_store
from voice.store.port import Store, StoreError

AWAY = "Det går inte att läsa eller spara just nu"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "telefonist.db"


@pytest.fixture
async def web(catalog: Catalog, file: Path) -> AsyncIterator[Web]:
    async with (
        open_store(f"sqlite:///{file}") as store,
        opened_web(catalog, store) as opened,
    ):
        yield opened


@contextmanager
def no_room(file: Path) -> Iterator[None]:
    """Let no file of this process grow beyond what the store is now."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_on_a_full_disk_pages_are_read_and_what_is_sent_is_not_lost(
    web: Web, file: Path, caplog: pytest.LogCaptureFixture
):
    anna = await web.logged_in("anna")
    await anna.opens("/")
    with no_room(file):
        await full(web.store)
        # Long enough for the store to be told that somebody is still there.
        web.clock.goes(minutes=5)
        for path in ("/", "/katalog", "/katalog/1300"):
            assert (await anna.opens(path)).status_code == 200
        await anna.opens("/")
        for _ in range(3):
            answer = await anna.sends("/hanvisning", reason="KUR", until="23:58")
            assert (answer.status_code, AWAY in anna.page) == (503, True)
        stranger = web.browser()
        answer = await stranger.logs_in("bo")
        assert (answer.status_code, AWAY in stranger.page) == (503, True)
        assert PASSWORD not in stranger.page
    assert [each.levelname for each in caplog.records].count("ERROR") == 1
    assert (await web.store.diverts.standing(ANNA)).diverts == ()
    await anna.sends("/hanvisning", **hidden(anna.page, "/hanvisning"))
    assert "Klart: kurs" in anna.page
    assert "is well again" in caplog.text


async def full(store: Store) -> None:
    """Write until nothing more can be written."""
    (last, *_) = await store.audit.entries(limit=1)
    long = replace(last, detail="x" * 2000)
    try:
        for _ in range(10_000):
            await store.audit.note(long)
    except StoreError:
        return
    raise AssertionError("there is always room")


async def test_a_copy_that_cannot_be_written_shows_what_there_is(catalog: Catalog):
    with database_server() as server:
        database = await server.database()
        async with (
            open_store(database) as store,
            opened_web(catalog, store) as web,
        ):
            anna = await web.logged_in("anna")
            await anna.opens("/")
            await only_read(database, "on")
            web.clock.goes(minutes=5)
            assert (await anna.opens("/")).status_code == 200
            answer = await anna.sends("/hanvisning", reason="KUR", until="23:58")
            assert (answer.status_code, AWAY in anna.page) == (503, True)
            await only_read(database, "off")
            await anna.sends("/hanvisning", **hidden(anna.page, "/hanvisning"))
            assert "Klart: kurs" in anna.page


async def only_read(database: str, how: str) -> None:
    """Let a database be a copy of another, or be the first one again."""
    name = database.rpartition("?")[0].rpartition("/")[2]
    asking = await asyncpg.connect(database)
    await asking.execute("SET default_transaction_read_only = off")
    await asking.execute(
        f"ALTER DATABASE {name} SET default_transaction_read_only = {how}"
    )
    await asking.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await asking.close()
