"""What is made to be measured is gone afterwards, and nobody's own is touched."""

import os
from pathlib import Path

import pytest
from sqlalchemy import text

from voice.store.address import Postgresql, read_address
from voice.store.database import open_store
from voice.store.engine import connected
from voice.trials.trial_stores import (
    NotEmptyError,
    NotSharedError,
    chosen,
    open_trial_store,
)

SCHEMAS = text(
    "SELECT count(*) FROM information_schema.schemata "
    "WHERE schema_name LIKE 'telefonist_bench%'"
)


def test_both_kinds_are_meant_by_one_word_and_a_file_by_none():
    assert chosen("both") == ("sqlite", "postgresql")
    assert (chosen(None), chosen("postgresql")) == (("sqlite",), ("postgresql",))
    assert chosen("/tmp/one.db") == ("/tmp/one.db",)


async def test_a_file_is_made_and_gone_with_what_is_beside_it(tmp_path: Path):
    async with open_trial_store(str(tmp_path / "one.db")) as made:
        async with open_store(made.url):
            assert made.name.startswith("SQLite 3.")
        assert os.listdir(tmp_path)
    assert os.listdir(tmp_path) == []


async def test_a_file_that_is_there_is_left_alone(tmp_path: Path):
    file = tmp_path / "one.db"
    file.write_bytes(b"somebody's")
    with pytest.raises(NotEmptyError):
        async with open_trial_store(str(file)):
            pass
    assert file.read_bytes() == b"somebody's"


async def test_what_one_program_alone_has_is_not_measured():
    with pytest.raises(NotSharedError):
        async with open_trial_store("memory:"):
            pass


async def test_a_place_in_somebodys_database_is_made_and_gone():
    async with open_trial_store("postgresql") as server:
        assert server.name.startswith("PostgreSQL ")
        address = read_address(server.url)
        assert isinstance(address, Postgresql)
        async with connected(address) as database:
            async with (
                open_trial_store(server.url) as own,
                open_store(own.url),
                database.reading() as connection,
            ):
                assert await connection.scalar(SCHEMAS) == 1
                tables = text("SELECT to_regclass('public.extensions')")
                assert await connection.scalar(tables) is None
            async with database.reading() as connection:
                assert await connection.scalar(SCHEMAS) == 0
