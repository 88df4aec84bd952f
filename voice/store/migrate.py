"""Brings a database up to the tables that this version of the program knows."""

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from voice.store.engine import Database, to_the_end
from voice.store.port import StoreError
from voice.store.tables import NEWEST, VERSION_TABLE


@to_the_end
async def bring_up(database: Database) -> None:
    """Make or change the tables; two programs starting at once do it once.

    A database that a newer version or another program has filled is left as it is.
    """
    async with database.reading() as connection:
        version = await connection.run_sync(_version, database.where)
        if version is None and database.is_file:
            # Readers and the writer need not wait for each other; the file
            # remembers this. https://www.sqlite.org/wal.html
            await _let_readers_in(connection)
    if version != NEWEST:
        async with database.writing(alone=True) as connection:
            await connection.run_sync(_upgrade, database.where)


async def _let_readers_in(connection: AsyncConnection) -> None:
    try:
        await connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    except OperationalError as fault:
        # SQLite does not wait here. Who holds the file is opening it as we are, and
        # does the same.
        if getattr(fault.orig, "sqlite_errorname", "") != "SQLITE_BUSY":
            raise


def _version(connection: Connection, where: str) -> str | None:
    names = inspect(connection).get_table_names()
    if VERSION_TABLE not in names:
        if names:
            raise StoreError(
                f"The store {where} holds another program's tables: "
                "name an empty database, or a new file."
            )
        return None
    version = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
    if version is None or version > NEWEST:
        raise StoreError(
            f"The store {where} is of version {version} and this program knows only "
            f"{NEWEST}: install a newer telefonist, or name another store."
        )
    return str(version)


def _upgrade(connection: Connection, where: str) -> None:
    # Another program may have done it while we waited for our turn.
    if _version(connection, where) == NEWEST:
        return
    # Loaded only when there is something to do: it takes a quarter of a second.
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "voice.store:migrations")
    command.upgrade(config, NEWEST)
