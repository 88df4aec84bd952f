"""A process killed in the middle of a change leaves all as it was."""

import asyncio
import signal
import sys

import pytest
from store_samples import ANNA, CALL, LUNCH, NOW, TURNS, adds_one, sets
from store_told import VACATION, call_of, told

from voice.divert.model import Standing
from voice.store.database import open_store
from voice.store.search_port import CallsWanted

CHANGE = """
import asyncio, os, signal, sys
from sqlalchemy import Engine, event
from voice.divert.model import DivertsCleared
from voice.store.database import open_store
from store_samples import ANNA, NOW

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def clear(standing):
    if sys.argv[2] == "decide":
        die()
    return DivertsCleared(standing.diverts)

async def main():
    async with open_store(sys.argv[1]) as store:
        if sys.argv[2] == "commit":
            event.listen(Engine, "commit", die)
        await store.diverts.apply(ANNA.extension, clear, NOW, "voice")

asyncio.run(main())
"""

TALK = """
import asyncio, os, signal, sys
from voice.store.database import open_store
from store_samples import CALL, TURNS

async def main():
    async with open_store(sys.argv[1]) as store:
        await store.transcripts.begin(CALL)
        for turn in TURNS:
            await store.transcripts.add(CALL.id, turn)
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""

CREATE = """
import asyncio, os, signal, sys
from sqlalchemy import Engine, event
from voice.store.database import open_store

def die(connection, cursor, statement, *rest):
    if "CREATE TABLE audit" in statement:
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    event.listen(Engine, "before_cursor_execute", die)
    async with open_store(sys.argv[1]):
        pass

asyncio.run(main())
"""

ERASE = """
import asyncio, os, signal, sys
from sqlalchemy import Engine, event
from voice.store.database import open_store
from store_samples import NOW
from datetime import timedelta

commits = []

def die_at_the_third(connection):
    commits.append(connection)
    if len(commits) == 3:
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    async with open_store(sys.argv[1]) as store:
        event.listen(Engine, "commit", die_at_the_third)
        later = NOW + timedelta(days=1)
        await store.retention.erase_before(later, later, "gallring")

asyncio.run(main())
"""

ADD_TEN = """
import asyncio, sys
from voice.store.database import open_store
from store_samples import ANNA, NOW, adds_one

async def main():
    async with open_store(sys.argv[1]) as store:
        for _ in range(10):
            await store.diverts.apply(ANNA.extension, adds_one, NOW, "voice")

asyncio.run(main())
"""


async def program(text, *arguments):
    """Run a program beside this one and say how it ended."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", text, *arguments, env={"PYTHONPATH": ":".join(sys.path)}
    )
    return await process.wait()


class KilledPromises:
    """A subclass gives `address`."""

    @pytest.mark.parametrize("moment", ["decide", "commit"])
    async def test_in_the_middle_of_a_change(self, address, moment):
        async with open_store(address) as store:
            await store.directory.add(ANNA, NOW, "test")
            await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
            stands = await store.diverts.standing(ANNA.extension)
            trail = await store.audit.entries()
        assert await program(CHANGE, address, moment) == -signal.SIGKILL
        async with open_store(address) as store:
            assert await store.diverts.standing(ANNA.extension) == stands
            assert await store.audit.entries() == trail
            await store.diverts.apply(ANNA.extension, adds_one, NOW, "voice")

    async def test_in_the_middle_of_a_call(self, address):
        assert await program(TALK, address) == -signal.SIGKILL
        async with open_store(address) as store:
            assert await store.transcripts.calls() == (CALL,)
            assert await store.transcripts.turns(CALL.id) == TURNS

    async def test_while_old_calls_are_erased(self, address):
        async with open_store(address) as store:
            for number in range(60):
                await told(store, call_of(number), VACATION)
        assert await program(ERASE, address) == -signal.SIGKILL
        async with open_store(address) as store:
            left = len(await store.transcripts.calls())
            assert 0 < left < 60
            (receipt,) = await store.audit.entries()
            assert receipt.detail == f"{60 - left} calls"
            page = await store.search.find(CallsWanted("fredag"), limit=100)
            assert len(page.calls) == left

    async def test_while_the_tables_are_made(self, address):
        assert await program(CREATE, address) == -signal.SIGKILL
        async with open_store(address) as store:
            await store.directory.add(ANNA, NOW, "test")
            assert await store.diverts.standing(ANNA.extension) == Standing()

    async def test_processes_take_turns(self, address):
        async with open_store(address) as store:
            await store.directory.add(ANNA, NOW, "test")
            ended = await asyncio.gather(*(program(ADD_TEN, address) for _ in range(2)))
            assert ended == [0, 0]
            stands = await store.diverts.standing(ANNA.extension)
        assert [each.reason for each in stands.diverts] == list(map(str, range(20)))


class TestSqliteKilled(KilledPromises):
    @pytest.fixture
    def address(self, tmp_path):
        return str(tmp_path / "store.db")


class TestPostgresqlKilled(KilledPromises):
    @pytest.fixture
    def address(self, database):
        return database
