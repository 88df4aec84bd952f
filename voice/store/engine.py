"""Connections and transactions, the same for SQLite and PostgreSQL."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import (
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
    nullcontext,
    suppress,
)
from copy import copy
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeAlias, TypeVar

from sqlalchemy import URL, event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from voice.store.address import Postgresql, SqliteFile, check_file, make_file
from voice.store.faults import SILENT, UNREACHABLE, told, told_plainly
from voice.store.outages import READING, WRITING, Outages
from voice.store.port import StoreAwayError, StoreError
from voice.store.silence import Answers, Silence

# Its debugging writes down every value that is stored: speech, names, numbers.
logging.getLogger("aiosqlite").setLevel(logging.WARNING)

# Seconds to wait for a server, or for another program's transaction.
PATIENCE = 10.0

# A server that is well lets somebody in sooner.
_CONNECT_SECONDS = 6.0
_ANSWER_SECONDS = 2.0

# Milliseconds that those who read may keep a log from being emptied: nobody can
# write meanwhile.
_BRIEFLY = 500

# Any number will do, so long as every version of the program has the same.
_ALONE = text("SELECT pg_advisory_xact_lock(4949)")

Waiting: TypeAlias = Callable[[], AbstractContextManager[None]]
"""Is entered by whoever waits for a database."""
Check: TypeAlias = Callable[[AsyncConnection], Awaitable[None]]
"""Lets a transaction go on, or raises."""
_P = ParamSpec("_P")
_T = TypeVar("_T")


def to_the_end(
    work: Callable[_P, Coroutine[Any, Any, _T]],
) -> Callable[_P, Coroutine[Any, Any, _T]]:
    """Let work on a database come to its end, also when who asked for it is cancelled.

    A driver that is cancelled between two of its own steps may leave a connection
    behind, and its transaction open: then nobody could write any more.
    """

    @wraps(work)
    async def whole(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        task = asyncio.ensure_future(work(*args, **kwargs))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            while not task.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([task])
            # What went wrong has nobody left to hear it.
            task.exception()
            raise

    return whole


class Database:
    """One database with its pool of connections."""

    def __init__(
        self, engine: AsyncEngine, where: str, waiting: Waiting = nullcontext
    ) -> None:
        self.where = where
        self.is_file = engine.dialect.name == "sqlite"
        self._engine = self._writing = engine
        if not self.is_file:
            self._writing = engine.execution_options(isolation_level="READ COMMITTED")
        # SQLite has one writer at a time. Its own waiting is unfair, so those of
        # this process stand in line here instead.
        self._line = asyncio.Lock()
        self._check: Check | None = None
        self._waiting, self._outages = waiting, Outages(where)

    def checked(self, check: Check) -> "Database":
        """Give the same database, whose transactions pass a check before all else."""
        other = copy(self)
        other._check = check
        return other

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection to read with; every statement sees one moment."""
        with self._asked(READING):
            async with self._engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self, alone: bool = False) -> AsyncIterator[AsyncConnection]:
        """Give a transaction that is kept when the block ends, and undone if it fails.

        With `alone`, no other such transaction runs meanwhile, in any process.
        """
        with self._asked(WRITING):
            if self.is_file:
                async with self._line, self._begun() as connection:
                    await connection.exec_driver_sql("BEGIN IMMEDIATE")
                    await self._passed(connection)
                    yield connection
            else:
                async with self._begun() as connection:
                    if alone:
                        await connection.execute(_ALONE)
                    await self._passed(connection)
                    yield connection

    async def forget(self) -> None:
        """Empty a file's log of changes, which holds what was erased until then.

        While others read in it, it stays, and the next erasure empties it.
        """
        if not self.is_file:
            return
        with self._asked(WRITING):
            async with self._line, self._engine.connect() as connection:
                await connection.exec_driver_sql(f"PRAGMA busy_timeout = {_BRIEFLY}")
                try:
                    await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                finally:
                    patience = f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}"
                    await connection.exec_driver_sql(patience)

    @contextmanager
    def _asked(self, doing: str) -> Iterator[None]:
        """Turn whatever goes wrong into a StoreError, of which the log is told once."""
        with self._outages.told(doing), self._waiting(), told_plainly(self.where):
            yield

    async def _passed(self, connection: AsyncConnection) -> None:
        if self._check is not None:
            await self._check(connection)

    @asynccontextmanager
    async def _begun(self) -> AsyncIterator[AsyncConnection]:
        async with self._writing.connect() as connection, connection.begin():
            yield connection


@asynccontextmanager
async def connected(address: SqliteFile | Postgresql) -> AsyncIterator[Database]:
    """Give the database at an address, and close its connections afterwards."""
    match address:
        case SqliteFile(path):
            async with _disposed(_sqlite(path)) as engine:
                yield Database(engine, str(path))
        case Postgresql(dsn, where):
            silence = Silence(where, _answers(dsn))
            connect = _connector(dsn, where, silence)
            async with _disposed(_postgresql(connect)) as engine, _watched(silence):
                yield Database(engine, where, silence.waiting)


@asynccontextmanager
async def _disposed(engine: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    try:
        yield engine
    finally:
        await engine.dispose()


@asynccontextmanager
async def _watched(silence: Silence) -> AsyncIterator[None]:
    # No group of tasks: it would put what its block raises into another error.
    watching = asyncio.ensure_future(silence.watch())
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


def _sqlite(path: Path) -> AsyncEngine:
    check_file(path)
    make_file(path)
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        # None: the driver begins no transaction that we did not ask for.
        connect_args={"timeout": PATIENCE, "isolation_level": None},
        # What people said has no place in an error's text.
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def heed_references(connection: Any, record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        # What is erased is overwritten, and not only let go of.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    return engine


def _postgresql(connect: Callable[[], Awaitable[Any]]) -> AsyncEngine:
    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        hide_parameters=True,
        # A server that was restarted meanwhile is not our caller's concern.
        pool_pre_ping=True,
        pool_timeout=PATIENCE,
        # Whoever reads one thing is answered at once, instead of asking for a
        # transaction first, and for its end afterwards. Those who write ask for it.
        isolation_level="AUTOCOMMIT",
    )


def _connector(dsn: str, where: str, silence: Silence) -> Callable[[], Awaitable[Any]]:
    # Loaded only by those who have a server.
    import asyncpg  # type: ignore[import-untyped]  # it carries no types

    async def connect() -> Any:
        silence.check()
        try:
            made = await asyncpg.connect(
                dsn,
                timeout=_CONNECT_SECONDS,
                command_timeout=2 * PATIENCE,
                server_settings={"lock_timeout": f"{PATIENCE * 1000:.0f}ms"},
            )
        except asyncpg.PostgresError as fault:
            raise told(where, fault) from fault
        except TimeoutError as fault:
            raise StoreAwayError(f"The store {where} {SILENT}") from fault
        except OSError as fault:
            raise StoreAwayError(f"The store {where} {UNREACHABLE}") from fault
        except (asyncpg.InterfaceError, ValueError):
            # Its text may hold a part of the address that is the password.
            raise StoreError(
                f"The address {where} cannot be understood: "
                "write postgresql://user:password@host/database."
            ) from None
        silence.keep(made)
        return made

    return connect


def _answers(dsn: str) -> Answers:
    import asyncpg

    async def answers() -> bool:
        try:
            made = await asyncpg.connect(dsn, timeout=_ANSWER_SECONDS)
        except TimeoutError:
            return False
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, ValueError):
            # Those who wait are told of it, too.
            return True
        made.terminate()
        return True

    return answers
