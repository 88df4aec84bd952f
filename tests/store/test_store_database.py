"""SQLite and PostgreSQL keep the promises of any store."""

from functools import partial

import pytest
from store_contract import StorePromises

from voice.store.database import open_store


class DatabasePromises(StorePromises):
    """A subclass gives `address`."""

    @pytest.fixture
    async def store(self, address):
        async with open_store(address) as store:
            yield store

    @pytest.fixture
    def open_again(self, store, address):
        return partial(open_store, address)


class TestSqliteStore(DatabasePromises):
    @pytest.fixture
    def address(self, empty_file):
        return empty_file


class TestPostgresqlStore(DatabasePromises):
    @pytest.fixture
    def address(self, schema):
        return schema
