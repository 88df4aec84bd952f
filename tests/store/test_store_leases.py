"""Processes that want one lease: one gets it, and one that is killed loses it."""

import asyncio
import signal
import sys
import threading
from datetime import timedelta

import pytest
from store_leases_contract import LONG, MINE, NO_TIME, THEIRS
from store_samples import ANNA, NOW, adds_one

from voice.store.database import open_store

TAKE = """
import asyncio, sys
from datetime import timedelta
from voice.store.database import open_store
from voice.store.leases_port import Lease

async def main():
    async with open_store(sys.argv[1]) as store:
        # All of them begin together.
        sys.stdin.readline()
        lease = Lease("calendars", sys.argv[2])
        print(await store.leases.take(lease, timedelta(hours=1)))

asyncio.run(main())
"""

DIE = """
import asyncio, os, signal, sys
from datetime import timedelta
from sqlalchemy import Engine, event
from voice.store.database import open_store
from voice.store.leases_port import Lease

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

async def main():
    async with open_store(sys.argv[1]) as store:
        event.listen(Engine, "commit", die)
        await store.leases.take(Lease("calendars", "killed"), timedelta(hours=1))

asyncio.run(main())
"""
# Far more than any of these waits takes; only a fault makes them last.
PATIENCE = 60


async def begun(text, *arguments):
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", text, *arguments),
        env={"PYTHONPATH": ":".join(sys.path)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


class SlowChange:
    """A change under a lease, in a thread, that waits within its transaction."""

    def __init__(self, address):
        self._address = address
        self._inside, self.release = threading.Event(), threading.Event()

    async def begun(self):
        """Begin it; return what ends with it."""
        slow = asyncio.ensure_future(asyncio.to_thread(asyncio.run, self._made()))
        assert await asyncio.to_thread(self._inside.wait, PATIENCE)
        return slow

    async def _made(self):
        async with open_store(self._address) as store:
            under = store.under(MINE)
            await under.diverts.apply(ANNA.extension, self._decide, NOW, "test")

    def _decide(self, standing):
        self._inside.set()
        assert self.release.wait(PATIENCE)
        return adds_one(standing)


class LeaseRacePromises:
    """A subclass gives `address`."""

    async def test_of_processes_that_try_at_once_one_gets_it(self, address):
        async with open_store(address):
            pass
        names = [f"process {nth}" for nth in range(3)]
        processes = [await begun(TAKE, address, name) for name in names]
        told = await asyncio.gather(*(each.communicate(b"\n") for each in processes))
        (holder,) = {out.decode().strip() for out, _ in told}
        assert holder in names
        async with open_store(address) as store:
            assert await store.leases.take(MINE, LONG) == holder

    async def test_one_that_is_killed_in_the_middle_has_not_got_it(self, address):
        assert await (await begun(DIE, address)).wait() == -signal.SIGKILL
        async with open_store(address) as store:
            assert await store.leases.take(MINE, LONG) == MINE.holder

    async def test_who_is_changing_something_is_not_overtaken_meanwhile(self, address):
        change = SlowChange(address)
        async with open_store(address) as store:
            await store.directory.add(ANNA, NOW, "test")
            await store.leases.take(MINE, NO_TIME)
            slow = await change.begun()
            taking = asyncio.ensure_future(
                store.leases.take(THEIRS, timedelta(seconds=20))
            )
            done, _ = await asyncio.wait([taking], timeout=0.2)
            assert not done
            change.release.set()
            assert await taking == THEIRS.holder
            await slow
            assert len((await store.diverts.standing(ANNA.extension)).diverts) == 1


class TestSqliteLeases(LeaseRacePromises):
    @pytest.fixture
    def address(self, tmp_path):
        return str(tmp_path / "store.db")


class TestPostgresqlLeases(LeaseRacePromises):
    @pytest.fixture
    def address(self, schema):
        return schema

    async def test_renewing_waits_for_nobody_who_changes_something(self, schema):
        change = SlowChange(schema)
        async with open_store(schema) as store:
            await store.directory.add(ANNA, NOW, "test")
            await store.leases.take(MINE, LONG)
            slow = await change.begun()
            assert await store.leases.take(MINE, LONG) == MINE.holder
            change.release.set()
            await slow
