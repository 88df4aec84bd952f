"""Whatever is wrong with a file is one clear sentence, and nothing is half done."""

import os
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from store_samples import ANNA, CALL, LUNCH, NOW, sets

from voice.store import engine
from voice.store.database import open_store
from voice.store.faults import remedy
from voice.store.port import StoreError, Turn, Who


async def fill(url):
    async with open_store(str(url)) as store:
        await store.directory.add(ANNA, NOW, "test")
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")


async def refusal(url):
    """Say why a store cannot be opened."""
    with pytest.raises(StoreError) as caught:
        async with open_store(str(url)):
            pass
    return str(caught.value)


@contextmanager
def a_plain_user(*places):
    """Act as one who may not do everything: root may write what is read-only."""
    root = os.geteuid() == 0
    if root:
        for place in places:
            os.chown(place, 65534, 65534)
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def folder():
    # Not tmp_path: another user may not look into that one.
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        yield place
        place.chmod(0o755)


async def test_a_read_only_file(folder):
    path = folder / "store.db"
    await fill(path)
    path.chmod(0o444)
    before = path.read_bytes()
    with a_plain_user(folder, path):
        assert "is read-only: make the file" in await refusal(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("filled", [True, False])
async def test_a_read_only_folder(folder, filled):
    path = folder / "store.db"
    if filled:
        await fill(path)
    folder.chmod(0o555)
    with a_plain_user(folder, *([path] if filled else [])):
        assert "is read-only: make the file" in await refusal(path)
    assert path.exists() == filled


async def test_a_folder_that_may_not_be_looked_into(folder):
    path = folder / "store.db"
    folder.chmod(0o000)
    with a_plain_user(folder):
        assert "is read-only: make the file" in await refusal(path)


async def test_a_missing_folder(tmp_path):
    path = tmp_path / "nowhere" / "store.db"
    assert "nowhere does not exist: create it" in await refusal(path)
    assert not path.parent.exists()


async def test_a_folder_instead_of_a_file(tmp_path):
    assert "is a folder: name a file" in await refusal(tmp_path)


@pytest.mark.parametrize("text", ["hej", "anknytning;namn\n" * 1000])
async def test_a_file_that_is_no_database(tmp_path, text):
    path = tmp_path / "people.csv"
    path.write_text(text)
    assert "is not a database: name another" in await refusal(path)
    assert path.read_text() == text
    assert list(tmp_path.iterdir()) == [path]


async def test_another_programs_database(tmp_path):
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE calls (number TEXT)")
    before = path.read_bytes()
    assert "holds another program's tables" in await refusal(path)
    assert path.read_bytes() == before


async def test_a_damaged_database(tmp_path):
    path = tmp_path / "store.db"
    await fill(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    assert "is damaged: put your latest backup" in await refusal(path)


async def test_a_full_disk_loses_nothing_that_was_written(tmp_path):
    path = tmp_path / "store.db"
    await fill(path)

    def leave_no_room(connection, _):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    event.listen(Engine, "connect", leave_no_room)
    said = []
    turn = Turn(0, Who.CALLER, "hänvisning " * 100)

    async def go_on(transcripts):
        while True:
            await transcripts.add(CALL.id, turn)
            said.append(turn)

    try:
        async with open_store(str(path)) as store:
            await store.transcripts.begin(CALL)
            with pytest.raises(StoreError, match="has no room left: free some space"):
                await go_on(store.transcripts)
    finally:
        event.remove(Engine, "connect", leave_no_room)
    async with open_store(str(path)) as store:
        assert said
        assert list(await store.transcripts.turns(CALL.id)) == said
        await store.transcripts.add(CALL.id, turn)


async def test_a_file_held_by_another_program(tmp_path, monkeypatch):
    path = tmp_path / "store.db"
    await fill(path)
    monkeypatch.setattr(engine, "PATIENCE", 0.0)
    async with open_store(str(path)) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="is held by another program: stop"):
                await store.directory.remove(ANNA.extension, NOW, "test")
            assert await store.directory.list() == (ANNA,)
        await store.directory.remove(ANNA.extension, NOW, "test")


async def test_text_that_no_database_can_hold(tmp_path):
    async with open_store(str(tmp_path / "store.db")) as store:
        await store.transcripts.begin(CALL)
        with pytest.raises(StoreError, match="cannot hold such text"):
            await store.transcripts.add(CALL.id, Turn(0, Who.CALLER, "\udcff"))
        assert await store.transcripts.turns(CALL.id) == ()


async def test_an_error_does_not_tell_what_was_said(tmp_path):
    path = tmp_path / "store.db"
    await fill(path)
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TABLE turns")
    async with open_store(str(path)) as store:
        await store.transcripts.begin(CALL)
        with pytest.raises(StoreError, match="SQLITE_ERROR") as caught:
            await store.transcripts.add(CALL.id, Turn(0, Who.CALLER, "förkyld"))
    assert "förkyld" not in str(caught.value) + str(caught.value.__cause__)


def test_a_read_only_disk_that_was_writable_when_we_began(tmp_path):
    path = tmp_path / "store.db"
    sqlite3.connect(path).close()
    with (
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection,
        pytest.raises(sqlite3.OperationalError) as caught,
    ):
        connection.execute("CREATE TABLE t (x)")
    assert "is read-only: make the file" in remedy(caught.value)
