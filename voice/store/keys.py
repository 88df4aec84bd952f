"""Keys of other programs in a database."""

from datetime import datetime

from sqlalchemy import RowMapping, delete, insert, or_, select, update

from voice.store.access_faults import KeyTakenError
from voice.store.access_tables import api_keys
from voice.store.access_trail import told
from voice.store.audit import record
from voice.store.digests import digest
from voice.store.engine import Database, to_the_end
from voice.store.keys_port import USED_EVERY, ApiKey, KeySecret, Scope
from voice.store.values import in_utc


class DatabaseKeys:
    """The keys of other programs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def add(self, key: ApiKey, secret: KeySecret, now: datetime, by: str) -> None:
        """Keep a new key; KeyTakenError where one has its name."""
        async with self._database.writing(alone=True) as connection:
            taken = select(api_keys.c.name).where(api_keys.c.name == key.name)
            if await connection.scalar(taken) is not None:
                raise KeyTakenError(key.name)
            row = {"digest": digest(secret), **_row(key)}
            await connection.execute(insert(api_keys).values(row))
            await record(connection, told(now, by, "KeyAdded", key.name, key.scopes))

    @to_the_end
    async def find(self, secret: KeySecret) -> ApiKey | None:
        """Return the key with this secret, also one that has expired; None is none."""
        query = select(api_keys).where(api_keys.c.digest == digest(secret))
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return None if row is None else _key(row)

    @to_the_end
    async def used(self, name: str, now: datetime) -> None:
        """Say that it is used; this is written down at most once an hour."""
        last = api_keys.c.last_used
        long_ago = or_(last.is_(None), last <= in_utc(now) - USED_EVERY)
        late = (api_keys.c.name == name) & long_ago
        async with self._database.reading() as connection:
            if await connection.scalar(select(api_keys.c.name).where(late)) is None:
                return
        async with self._database.writing() as connection:
            await connection.execute(update(api_keys).where(late).values(last_used=now))

    @to_the_end
    async def list(self) -> tuple[ApiKey, ...]:
        """Return every key, by name."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(api_keys))).mappings().all()
        # Sorted here, because each database has an alphabet of its own.
        return tuple(map(_key, sorted(rows, key=lambda row: row["name"])))

    @to_the_end
    async def remove(self, name: str, now: datetime, by: str) -> None:
        """Remove a key; removing it twice is not an error."""
        mine = delete(api_keys).where(api_keys.c.name == name)
        async with self._database.writing(alone=True) as connection:
            if (await connection.execute(mine)).rowcount > 0:
                await record(connection, told(now, by, "KeyRemoved", name))


def _row(key: ApiKey) -> dict[str, object]:
    return {
        "name": key.name,
        "scopes": sorted(key.scopes),
        "created": key.created,
        "expires": key.expires,
        "last_used": key.last_used,
    }


def _key(row: RowMapping) -> ApiKey:
    return ApiKey(
        name=row["name"],
        scopes=frozenset(map(Scope, row["scopes"])),
        created=row["created"],
        expires=row["expires"],
        last_used=row["last_used"],
    )
