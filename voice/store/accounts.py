"""Accounts and their passwords in a database."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from voice.divert.model import Extension
from voice.store.access_faults import IdentityTakenError, UnknownAccountError
from voice.store.access_tables import accounts, passwords, sessions
from voice.store.access_trail import told
from voice.store.accounts_port import (
    Account,
    AccountCheck,
    Identity,
    Login,
    PasswordCheck,
    Role,
    granted,
)
from voice.store.audit import record
from voice.store.credentials_port import Count, Credential, Tries
from voice.store.diverts import claimed
from voice.store.engine import Database, to_the_end
from voice.store.values import tries_in_utc


class DatabaseAccounts:
    """Who may log in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def put(
        self,
        account: Account,
        now: datetime,
        by: str,
        check: AccountCheck | None = None,
    ) -> None:
        """Add or change one; when it changes, its sessions end."""
        async with self._database.writing(alone=True) as connection:
            if check is not None:
                check(await _all(connection))
            before = await _found(connection, _is(account.login))
            if before is not None:
                account = replace(account, created=before.created)
            if account == before:
                return
            await _check(connection, account)
            await _keep(connection, account, is_new=before is None)
            await end_sessions(connection, account.login)
            what = "AccountAdded" if before is None else "AccountChanged"
            await record(
                connection, told(now, by, what, account.login, granted(account))
            )

    @to_the_end
    async def find(self, login: Login) -> Account | None:
        """Return one account; None where there is none."""
        async with self._database.reading() as connection:
            return await _found(connection, _is(login))

    @to_the_end
    async def of(self, identity: Identity) -> Account | None:
        """Return whose identity this is; None is nobody's."""
        async with self._database.reading() as connection:
            return await _found(connection, _has(identity))

    @to_the_end
    async def list(self) -> tuple[Account, ...]:
        """Return every account, by login."""
        async with self._database.reading() as connection:
            return await _all(connection)

    @to_the_end
    async def remove(
        self,
        login: Login,
        now: datetime,
        by: str,
        check: AccountCheck | None = None,
    ) -> None:
        """Remove one with its password and sessions; removing it twice is no error."""
        async with self._database.writing(alone=True) as connection:
            if check is not None:
                check(await _all(connection))
            gone = await connection.execute(delete(accounts).where(_is(login)))
            if gone.rowcount > 0:
                await record(connection, told(now, by, "AccountRemoved", login))


class DatabasePasswords:
    """The password of each account that has one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_the_end
    async def find(self, login: Login) -> Credential | None:
        """Return what the password is checked against; None where there is none."""
        async with self._database.reading() as connection:
            return await _password(connection, login)

    @to_the_end
    async def of(self, logins: Collection[Login]) -> Mapping[Login, Credential]:
        """Return what there is of some; who has no password is left out."""
        query = select(passwords).where(passwords.c.login.in_(logins))
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return {Login(row["login"]): _credential(row) for row in rows}

    @to_the_end
    async def put(
        self,
        login: Login,
        kept: str,
        now: datetime,
        by: str,
        check: PasswordCheck | None = None,
    ) -> None:
        """Keep the hash of a new password; earlier tries and sessions are ended."""
        async with self._database.writing() as connection:
            if await claimed_account(connection, login) is None:
                raise UnknownAccountError(login)
            if check is not None:
                check(await _password(connection, login))
            mine = passwords.c.login == login
            await connection.execute(delete(passwords).where(mine))
            row = {"login": login, "hash": kept, "wrong": 0}
            await connection.execute(insert(passwords).values(row))
            await end_sessions(connection, login)
            await record(connection, told(now, by, "PasswordSet", login))

    @to_the_end
    async def count(
        self, login: Login, count: Count, now: datetime, by: str
    ) -> Credential | None:
        """Change the tries, and return what there was before; None where none is."""
        async with self._database.writing() as connection:
            # Whoever else tries this account waits here.
            await claimed_account(connection, login)
            before = await _password(connection, login)
            if before is None:
                return None
            counted = count(before.tries)
            tries = tries_in_utc(counted.tries)
            mine = update(passwords).where(passwords.c.login == login)
            await connection.execute(
                mine.values(wrong=tries.wrong, locked_until=tries.locked_until)
            )
            if counted.event is not None:
                await record(connection, told(now, by, counted.event, login))
        return before


async def claimed_account(connection: AsyncConnection, login: Login) -> Account | None:
    """Return the account, and keep others from changing it until we are done."""
    mine = select(accounts.c.login).where(_is(login))
    await connection.execute(mine.with_for_update())
    return await _found(connection, _is(login))


async def end_sessions(connection: AsyncConnection, login: Login) -> None:
    """End all sessions of an account, in the transaction that changes it."""
    await connection.execute(delete(sessions).where(sessions.c.login == login))


def _is(login: Login) -> ColumnElement[bool]:
    return accounts.c.login == login


def _has(identity: Identity) -> ColumnElement[bool]:
    same = accounts.c.issuer == identity.issuer
    return same & (accounts.c.subject == identity.subject)


async def _all(connection: AsyncConnection) -> tuple[Account, ...]:
    rows = (await connection.execute(select(accounts))).mappings().all()
    # Sorted here, because each database has an alphabet of its own.
    return tuple(map(_account, sorted(rows, key=lambda row: row["login"])))


async def _found(
    connection: AsyncConnection, which: ColumnElement[bool]
) -> Account | None:
    query = select(accounts).where(which)
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else _account(row)


async def _check(connection: AsyncConnection, account: Account) -> None:
    if account.extension is not None:
        await claimed(connection, account.extension)
    if account.identity is not None:
        holder = await _found(connection, _has(account.identity))
        if holder is not None and holder.login != account.login:
            raise IdentityTakenError(account.login, holder.login)


async def _keep(connection: AsyncConnection, account: Account, is_new: bool) -> None:
    if is_new:
        await connection.execute(insert(accounts).values(_row(account)))
    else:
        mine = update(accounts).where(_is(account.login))
        await connection.execute(mine.values(_row(account)))


async def _password(connection: AsyncConnection, login: Login) -> Credential | None:
    query = select(passwords).where(passwords.c.login == login)
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else _credential(row)


def _credential(row: RowMapping) -> Credential:
    return Credential(row["hash"], Tries(row["wrong"], row["locked_until"]))


def _row(account: Account) -> dict[str, object]:
    identity = account.identity
    return {
        "login": account.login,
        "roles": sorted(account.roles),
        "created": account.created,
        "extension": account.extension,
        "issuer": identity and identity.issuer,
        "subject": identity and identity.subject,
        "disabled": account.disabled,
    }


def _account(row: RowMapping) -> Account:
    identity, number = None, row["extension"]
    if row["issuer"] is not None:
        identity = Identity(row["issuer"], row["subject"])
    return Account(
        login=Login(row["login"]),
        roles=frozenset(map(Role, row["roles"])),
        created=row["created"],
        extension=None if number is None else Extension(number),
        identity=identity,
        disabled=row["disabled"],
    )
