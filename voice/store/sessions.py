"""Sessions in a database."""

from datetime import datetime

from sqlalchemy import RowMapping, delete, insert, or_, select, update

from voice.divert.model import Extension
from voice.store.access_faults import UnknownAccountError
from voice.store.access_tables import accounts, sessions
from voice.store.accounts import claimed_account, end_sessions
from voice.store.accounts_port import Login, Role
from voice.store.digests import digest
from voice.store.engine import Database, to_the_end
from voice.store.sessions_port import SEEN_EVERY, Limits, Session, SessionId, is_over
from voice.store.values import in_utc

_SESSIONS = select(
    sessions, accounts.c.roles, accounts.c.extension, accounts.c.disabled
).join_from(sessions, accounts, sessions.c.login == accounts.c.login)


class DatabaseSessions:
    """Those who are logged in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def begin(
        self, id: SessionId, login: Login, csrf: str, now: datetime
    ) -> Session:
        """Keep a new one; UnknownAccountError where nobody may log in by that name."""
        at = in_utc(now)
        async with self._database.writing() as connection:
            account = await claimed_account(connection, login)
            if account is None or account.disabled:
                raise UnknownAccountError(login)
            row = {"login": login, "csrf": csrf, "began": at, "seen": at}
            await connection.execute(insert(sessions).values(digest=digest(id), **row))
        return Session(login, account.roles, account.extension, csrf, at, at)

    @to_the_end
    async def find(
        self, id: SessionId, limits: Limits, now: datetime
    ) -> Session | None:
        """Return the session; None where there is none, or it is over."""
        query = _SESSIONS.where(sessions.c.digest == digest(id))
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        if row is None or row["disabled"]:
            return None
        session = _session(row)
        return None if is_over(session, limits, now) else session

    @to_the_end
    async def of(self, login: Login) -> tuple[Session, ...]:
        """Return those of an account, also if they are over; the first one first."""
        query = _SESSIONS.where(sessions.c.login == login).order_by(sessions.c.began)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return tuple(map(_session, rows))

    @to_the_end
    async def touch(self, id: SessionId, now: datetime) -> None:
        """Say that it is used; this is written down at most once a minute."""
        mine = sessions.c.digest == digest(id)
        late = mine & (sessions.c.seen <= in_utc(now) - SEEN_EVERY)
        async with self._database.reading() as connection:
            query = select(sessions.c.digest).where(late)
            if await connection.scalar(query) is None:
                return
        async with self._database.writing() as connection:
            await connection.execute(update(sessions).where(late).values(seen=now))

    @to_the_end
    async def end(self, id: SessionId) -> None:
        """End one session; ending it twice is not an error."""
        mine = sessions.c.digest == digest(id)
        async with self._database.writing() as connection:
            await connection.execute(delete(sessions).where(mine))

    @to_the_end
    async def end_all(self, login: Login) -> None:
        """End all sessions of an account."""
        async with self._database.writing() as connection:
            await end_sessions(connection, login)

    @to_the_end
    async def sweep(self, limits: Limits, now: datetime) -> int:
        """Forget those that are over, and return how many they were."""
        at = in_utc(now)
        over = or_(
            sessions.c.seen <= at - limits.idle,
            sessions.c.began <= at - limits.longest,
        )
        async with self._database.writing() as connection:
            return (await connection.execute(delete(sessions).where(over))).rowcount


def _session(row: RowMapping) -> Session:
    number = row["extension"]
    return Session(
        login=Login(row["login"]),
        roles=frozenset(map(Role, row["roles"])),
        extension=None if number is None else Extension(number),
        csrf=row["csrf"],
        began=row["began"],
        seen=row["seen"],
    )
