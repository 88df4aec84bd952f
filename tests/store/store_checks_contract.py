"""The promises of any store about checks, which see what a change is made of."""

from dataclasses import replace

import pytest
from store_access_contract import BOSSE, OSA, told
from store_samples import ANNA, BO, NOW


class CheckPromises:
    """A subclass gives `store`."""

    async def test_a_check_sees_the_directory_and_can_stop_a_change(self, store):
        def refuse(known):
            assert known[ANNA.extension] == ANNA
            raise LookupError

        changed, gone = [replace(ANNA, name="Anna Dahl")], frozenset({BO.extension})
        with pytest.raises(LookupError):
            await store.directory.put(changed, NOW, "test", gone, refuse)
        assert await store.directory.find(ANNA.extension) == ANNA
        assert await store.directory.find(BO.extension) == BO

    async def test_a_check_sees_every_account_and_can_stop_a_change(self, store):
        await store.accounts.put(OSA, NOW, "test")
        await store.accounts.put(BOSSE, NOW, "test")

        def refuse(everybody):
            assert list(everybody) == [OSA, BOSSE]
            raise LookupError

        with pytest.raises(LookupError):
            await store.accounts.put(replace(OSA, disabled=True), NOW, "test", refuse)
        with pytest.raises(LookupError):
            await store.accounts.remove(BOSSE.login, NOW, "test", refuse)
        assert await store.accounts.list() == (OSA, BOSSE)
        assert len(await told(store)) == 2
