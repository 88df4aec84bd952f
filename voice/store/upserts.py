"""Inserts of rows that may be there already, or whose number is to be known."""

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_into(
    connection: AsyncConnection, table: Table
) -> postgresql.Insert | sqlite.Insert:
    """Return an insert that can say what is to be done with a row that is there.

    Each database has a statement of its own for it.
    """
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


async def inserted(connection: AsyncConnection, row: Insert) -> int:
    """Insert one row, and return the number that it was given."""
    key = (await connection.execute(row)).inserted_primary_key
    assert key is not None, "the table numbers its rows"
    return int(key[0])
