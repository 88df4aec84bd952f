"""Tables are made once, changed as a whole, and a newer version's left alone."""

import asyncio
import json
import sqlite3
import sys
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event, inspect
from store_samples import ANNA, BO, CALL, LUNCH, NOW, TURNS
from store_told import SILENT, SURE, UNCLEAR

from voice.divert.model import Change, Entry, EntryKey, Mark, Mode, ReasonCode, Standing
from voice.store.address import read_address
from voice.store.counts_port import Heard, Outcome
from voice.store.database import open_store
from voice.store.engine import connected
from voice.store.link_values import entry_record
from voice.store.port import CallId, StoreError
from voice.store.positions import Position
from voice.store.search_port import CallsWanted
from voice.store.tables import NEWEST, VERSION_TABLE, metadata
from voice.store.values import divert_records

OPEN = """
import asyncio, sys
from voice.store.counts_port import Heard, Outcome
from voice.store.database import open_store

async def main():
    async with open_store(sys.argv[1]) as store:
        await store.directory.list()

asyncio.run(main())
"""


_LUNCH = json.dumps(divert_records([LUNCH]))
_ENDED = "'ended'"
_NOW = "'2025-03-05 10:40:12.345678'"
# What the first version of the program would have written.
FIRST = (
    f"INSERT INTO extensions VALUES ('{ANNA.extension}', '{ANNA.name}', "
    f"'{ANNA.unit}', false, {_NOW}, '[]', '{_LUNCH}')",
    f"INSERT INTO extensions (number, name, unit, coupled) "
    f"VALUES ('{BO.extension}', '{BO.name}', '', true)",
    f"INSERT INTO diverts VALUES ('{ANNA.extension}', 0, 'LUN', {_NOW}, "
    f"'2025-03-05 11:40:12.345678', 'closed', 'voice', {_NOW}, NULL, false)",
    f"INSERT INTO calls (seq, id, place, caller, began) "
    f"VALUES (1, '{CALL.id}', '4949', '{ANNA.extension}', {_NOW})",
    f"INSERT INTO turns (call, seconds, who, text) "
    f"VALUES (1, 0, 'attendant', '{TURNS[0].text}')",
    f'INSERT INTO audit (at, extension, "by", event, before, after) '
    f"VALUES ({_NOW}, '{ANNA.extension}', 'voice', 'DivertSet', '[]', '{_LUNCH}')",
)


# Calls of the fourth version: more than are gone through at once lie between them.
CALLS = tuple(
    row
    for call in (1, 1000, 1001)
    for row in (
        f"INSERT INTO calls (seq, id, place, began, ended, outcome) VALUES ({call}, "
        f"'k{call}', '4949', {_NOW}, {_NOW if call > 1 else 'NULL'}, "
        f"{_ENDED if call > 1 else 'NULL'})",
        *(
            f"INSERT INTO turns (call, seconds, who, text, score, meaning) VALUES "
            f"({call}, 1.5, 'caller', '{text}', {score}, '{meaning}')"
            for text, score, meaning in (
                ("semester till fredag", 0.9, SURE),
                ("", 0.1, UNCLEAR),
                ("är du där", "NULL", SILENT),
            )
        ),
    )
)

MARK = Mark(ReasonCode("SAM"), Mode.CLOSED)
MEETING = Entry(EntryKey("a1"), MARK, NOW, NOW + timedelta(hours=1))
PERIOD = {"start": NOW.isoformat(), "end": NOW.isoformat()}
# More than are gone through at once.
FOLLOWED = 501


def following(nth):
    """Say what the seventh version would have written of one who has a meeting."""
    read = json.dumps([entry_record(MEETING), {"key": "a2", **PERIOD}])
    yield (
        "INSERT INTO extensions (number, name, unit, coupled, search, mail) "
        f"VALUES ('{nth:04}', '', '', true, '[]', '')"
    )
    yield (
        "INSERT INTO links (extension, kind, address, owner, fault, remedy, entries, "
        f"opted_out) VALUES ('{nth:04}', 'ics', '', '', '', '', '{read}', '[]')"
    )


def make_the_first(connection, version="0001"):
    """Make the tables of the first version, or of another."""
    if connection.dialect.name == "postgresql":
        # The instants in FIRST name no zone, and the server may be in any.
        connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "voice.store:migrations")
    command.upgrade(config, version)


class MigrationPromises:
    """A subclass gives `address`."""

    async def test_the_tables_are_those_that_the_program_knows(self, address):
        async with open_store(address):
            pass
        options = {"version_table": VERSION_TABLE, "compare_type": True}

        def differences(connection):
            context = MigrationContext.configure(connection, opts=options)
            return compare_metadata(context, metadata)

        assert await seen(address, differences) == []

    async def test_opening_again_keeps_what_is_there(self, address):
        async with open_store(address) as store:
            await store.directory.add(ANNA, NOW, "test")
        async with open_store(address) as store:
            assert await store.directory.list() == (ANNA,)

    async def test_programs_that_start_at_once_do_not_collide(self, address):
        programs = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-c", OPEN, address, stderr=asyncio.subprocess.PIPE
            )
            for _ in range(3)
        ]
        told = await asyncio.gather(*(each.communicate() for each in programs))
        assert [error for _, error in told] == [b""] * 3
        assert await seen(address, lambda c: inspect(c).has_table("audit"))

    async def test_openings_at_once_in_one_program(self, address):
        async def opened():
            async with open_store(address) as store:
                return await store.directory.list()

        assert await asyncio.gather(*(opened() for _ in range(5))) == [()] * 5

    async def test_a_change_that_fails_half_way_leaves_nothing(self, address):
        def fail(connection, cursor, statement, *rest):
            if "CREATE TABLE audit" in statement:
                raise ZeroDivisionError

        event.listen(Engine, "before_cursor_execute", fail)
        try:
            with pytest.raises(ZeroDivisionError):
                async with open_store(address):
                    pass
        finally:
            event.remove(Engine, "before_cursor_execute", fail)
        assert await seen(address, lambda c: inspect(c).get_table_names()) == []
        async with open_store(address) as store:
            assert await store.directory.list() == ()

    async def test_a_newer_store_is_left_alone(self, address):
        async with open_store(address) as store:
            await store.directory.add(ANNA, NOW, "test")
        newer = f"UPDATE {VERSION_TABLE} SET version_num = '0999'"
        async with (
            connected(read_address(address)) as database,
            database.writing() as connection,
        ):
            await connection.exec_driver_sql(newer)
        message = f"version 0999 and this program knows only {NEWEST}: install a newer"
        with pytest.raises(StoreError, match=message):
            async with open_store(address):
                pass
        query = f"SELECT version_num, name FROM {VERSION_TABLE}, extensions"

        def rows(connection):
            return [tuple(row) for row in connection.exec_driver_sql(query)]

        assert await seen(address, rows) == [("0999", ANNA.name)]

    async def test_a_store_of_the_first_version_keeps_all_it_holds(self, address):
        async with (
            connected(read_address(address)) as database,
            database.writing(alone=True) as connection,
        ):
            await connection.run_sync(make_the_first)
            for row in FIRST:
                await connection.exec_driver_sql(row)
        async with open_store(address) as store:
            assert await store.directory.list() == (ANNA, BO)
            stands = await store.diverts.standing(ANNA.extension)
            assert stands == Standing((LUNCH,), Change(NOW, (), (LUNCH,)))
            assert await store.transcripts.calls() == (CALL,)
            assert await store.transcripts.turns(CALL.id) == TURNS[:1]
            assert [each.event for each in await store.audit.entries()] == ["DivertSet"]
            assert await store.credentials.find(ANNA.extension) is None
            before = await store.directory.revision()
            known = replace(ANNA, mobiles=("+46701234567",), search=("Åsan",))
            await store.directory.put([known], NOW, "test")
            assert await store.directory.find(ANNA.extension) == known
            assert await store.directory.revision() == before + 1

    async def test_calls_from_before_they_could_be_found_are_found(self, address):
        async with (
            connected(read_address(address)) as database,
            database.writing(alone=True) as connection,
        ):
            await connection.run_sync(make_the_first, "0004")
            for row in CALLS:
                await connection.exec_driver_sql(row)
        async with open_store(address) as store:
            found = (await store.search.find(CallsWanted("till fre"))).calls
            assert [each.call.id for each in found] == ["k1001", "k1000", "k1"]
            assert found[0] == await store.search.call("k1001")
            assert (found[0].turns, found[0].missed, found[0].worst) == (3, 1, 0.1)
            assert (await store.search.turns("k1", 2))[0].text == "är du där"
            assert (await store.live.position()) == Position()
            day = NOW.date()
            (ended,) = await store.counts.outcomes(day, day)
            assert ended == Outcome(day, "ended", 2)
            missed, well = await store.counts.understanding(day, day)
            assert (missed.missed, missed.mean) == (2, 0.1)
            assert (well.well, well.heard) == (2, Heard("", "set_divert", "SEM"))
            await store.transcripts.add(CallId("k1"), TURNS[0])
            assert (await store.search.call("k1")).turns == 4

    async def test_bookings_from_before_they_could_be_found_are_found(self, address):
        async with (
            connected(read_address(address)) as database,
            database.writing(alone=True) as connection,
        ):
            await connection.run_sync(make_the_first, "0007")
            for nth in range(FOLLOWED):
                for row in following(nth):
                    await connection.exec_driver_sql(row)
        async with open_store(address) as store:
            found = await store.links.copies([MEETING.key])
            assert found == (MEETING,) * FOLLOWED


class TestSqliteMigrations(MigrationPromises):
    @pytest.fixture
    def address(self, tmp_path):
        return str(tmp_path / "store.db")


class TestPostgresqlMigrations(MigrationPromises):
    @pytest.fixture
    def address(self, database):
        return database


async def seen(address, look):
    """Look at a database as it is, without opening it as a store."""
    async with (
        connected(read_address(address)) as database,
        database.reading() as connection,
    ):
        return await connection.run_sync(look)


def test_the_newest_version_is_the_last_migration():
    config = Config()
    config.set_main_option("script_location", "voice.store:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


async def test_a_newer_file_stays_as_it_is_to_the_last_byte(tmp_path):
    path = tmp_path / "store.db"
    async with open_store(str(path)):
        pass
    with closing(sqlite3.connect(path)) as other, other:
        other.execute(f"UPDATE {VERSION_TABLE} SET version_num = '0999'")
    before = path.read_bytes()
    with suppress(StoreError):
        async with open_store(str(path)):
            pass
    assert path.read_bytes() == before


async def test_a_file_is_read_while_it_is_written(tmp_path):
    path = tmp_path / "store.db"
    async with open_store(str(path)) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            assert await store.directory.list() == ()
