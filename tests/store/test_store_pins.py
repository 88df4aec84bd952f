"""PINs in a shared store: nobody gets more tries by racing, and none is written."""

import asyncio
import json
import sys

import pytest
from argon2 import PasswordHasher
from store_samples import ANNA, NOW, STRANGER

from voice.lockout import FREE_TRIES, Verdict
from voice.pins import Pins
from voice.store.database import open_store

PIN, OTHER = "730916", "284075"
# As the real one in all but the work.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

# Ready, it waits for a line, so that all begin at once.
TRY_TEN = """
import asyncio, json, sys
from test_store_pins import ANNA, NOW, QUICK
from voice.pins import Pins
from voice.store.database import open_store

async def main():
    async with open_store(sys.argv[1]) as store:
        pins = Pins(store, QUICK)
        print("ready", flush=True)
        sys.stdin.readline()
        tried = (pins.verify(ANNA.extension, f"28407{n}", NOW) for n in range(10))
        print(json.dumps(await asyncio.gather(*tried)))

asyncio.run(main())
"""


async def racer(address):
    """Start a program that tries ten wrong PINs when it is told to."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", TRY_TEN, address),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert await process.stdout.readline() == b"ready\n"
    return process


class SharedPinPromises:
    """A subclass gives `address`."""

    @pytest.fixture
    async def store(self, address):
        async with open_store(address) as store:
            await store.directory.add(ANNA, NOW, "test")
            yield store

    async def test_processes_that_race_get_no_more_tries(self, store, address):
        pins = Pins(store, QUICK)
        await pins.set(ANNA.extension, PIN, NOW, "test")
        racers = await asyncio.gather(*(racer(address) for _ in range(2)))
        told = await asyncio.gather(*(each.communicate(b"\n") for each in racers))
        verdicts = [verdict for out, _ in told for verdict in json.loads(out)]
        assert len(verdicts) == 20
        assert verdicts.count(Verdict.WRONG) == FREE_TRIES
        assert verdicts.count(Verdict.LOCKED) == 20 - FREE_TRIES
        assert await pins.verify(ANNA.extension, PIN, NOW) is Verdict.LOCKED
        entries = await store.audit.entries(ANNA.extension)
        assert [each.event for each in entries].count("PinLocked") == 1

    async def test_hanging_up_does_not_give_the_try_back(self, store):
        pins = Pins(store, QUICK)
        await pins.set(ANNA.extension, PIN, NOW, "test")
        for patience in range(0, 10 * FREE_TRIES, 10):
            trying = asyncio.ensure_future(pins.verify(ANNA.extension, OTHER, NOW))
            for _ in range(1 + patience):
                await asyncio.sleep(0)
            trying.cancel()
            await asyncio.wait([trying])
        assert await pins.verify(ANNA.extension, PIN, NOW) is Verdict.LOCKED
        (last, *_) = await store.audit.entries(ANNA.extension)
        assert last.event == "PinLocked"

    async def test_the_right_pin_is_known_in_every_process(self, store, address):
        await Pins(store, QUICK).set(ANNA.extension, PIN, NOW, "test")
        async with open_store(address) as other:
            pins = Pins(other, QUICK)
            assert await pins.verify(ANNA.extension, PIN, NOW) is Verdict.RIGHT
            assert await pins.verify(STRANGER, PIN, NOW) is Verdict.WRONG


class TestSqlitePins(SharedPinPromises):
    @pytest.fixture
    def address(self, tmp_path):
        return str(tmp_path / "store.db")

    async def test_no_pin_is_in_any_file_of_the_store(self, address, tmp_path):
        async with open_store(address) as store:
            await store.directory.add(ANNA, NOW, "test")
            pins = Pins(store, QUICK)
            await pins.set(ANNA.extension, PIN, NOW, "test")
            for pin in (PIN, OTHER, *[OTHER] * FREE_TRIES):
                await pins.verify(ANNA.extension, pin, NOW)
            files = {file: file.read_bytes() for file in tmp_path.iterdir()}
        assert any(b"$argon2id$" in held for held in files.values())
        for held in files.values():
            assert PIN.encode() not in held
            assert OTHER.encode() not in held


class TestPostgresqlPins(SharedPinPromises):
    @pytest.fixture
    def address(self, schema):
        return schema
