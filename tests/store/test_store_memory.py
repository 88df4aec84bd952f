"""The twin keeps the promises of any store."""

from contextlib import asynccontextmanager

import pytest
from store_contract import StorePromises

from voice.store.memory import memory_store


class TestMemoryStore(StorePromises):
    @pytest.fixture
    def store(self):
        return memory_store()

    @pytest.fixture
    def open_again(self, store):
        @asynccontextmanager
        async def again():
            yield store

        return again
