"""Accounts and their passwords in memory: the twin of those in a database."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from voice.store.access_faults import IdentityTakenError, UnknownAccountError
from voice.store.access_trail import told
from voice.store.accounts_port import (
    Account,
    AccountCheck,
    Identity,
    Login,
    PasswordCheck,
    granted,
)
from voice.store.credentials_port import Count, Credential
from voice.store.memory_contents import Contents
from voice.store.port import UnknownExtensionError
from voice.store.values import in_utc, tries_in_utc


class MemoryAccounts:
    """Who may log in."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def put(
        self,
        account: Account,
        now: datetime,
        by: str,
        check: AccountCheck | None = None,
    ) -> None:
        """Add or change one; when it changes, its sessions end."""
        if check is not None:
            check(await self.list())
        before = self._contents.accounts.get(account.login)
        created = in_utc(account.created) if before is None else before.created
        account = replace(account, created=created)
        if account == before:
            return
        await self._check(account)
        what = "AccountAdded" if before is None else "AccountChanged"
        self._contents.audit.append(
            told(now, by, what, account.login, granted(account))
        )
        self._contents.accounts[account.login] = account
        self._contents.end_sessions(account.login)

    async def find(self, login: Login) -> Account | None:
        """Return one account; None where there is none."""
        return self._contents.accounts.get(login)

    async def of(self, identity: Identity) -> Account | None:
        """Return whose identity this is; None is nobody's."""
        everybody = self._contents.accounts.values()
        return next((each for each in everybody if each.identity == identity), None)

    async def list(self) -> tuple[Account, ...]:
        """Return every account, by login."""
        accounts = self._contents.accounts
        return tuple(accounts[login] for login in sorted(accounts))

    async def remove(
        self,
        login: Login,
        now: datetime,
        by: str,
        check: AccountCheck | None = None,
    ) -> None:
        """Remove one with its password and sessions; removing it twice is no error."""
        if check is not None:
            check(await self.list())
        if login in self._contents.accounts:
            self._contents.audit.append(told(now, by, "AccountRemoved", login))
            del self._contents.accounts[login]
            self._contents.passwords.pop(login, None)
            self._contents.end_sessions(login)

    async def _check(self, account: Account) -> None:
        number = account.extension
        if number is not None and number not in self._contents.listings:
            raise UnknownExtensionError(number)
        if account.identity is not None:
            holder = await self.of(account.identity)
            if holder is not None and holder.login != account.login:
                raise IdentityTakenError(account.login, holder.login)


class MemoryPasswords:
    """The password of each account that has one."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def find(self, login: Login) -> Credential | None:
        """Return what the password is checked against; None where there is none."""
        return self._contents.passwords.get(login)

    async def of(self, logins: Collection[Login]) -> Mapping[Login, Credential]:
        """Return what there is of some; who has no password is left out."""
        there = self._contents.passwords
        return {login: there[login] for login in logins if login in there}

    async def put(
        self,
        login: Login,
        kept: str,
        now: datetime,
        by: str,
        check: PasswordCheck | None = None,
    ) -> None:
        """Keep the hash of a new password; earlier tries and sessions are ended."""
        if login not in self._contents.accounts:
            raise UnknownAccountError(login)
        if check is not None:
            check(self._contents.passwords.get(login))
        self._contents.audit.append(told(now, by, "PasswordSet", login))
        self._contents.passwords[login] = Credential(kept)
        self._contents.end_sessions(login)

    async def count(
        self, login: Login, count: Count, now: datetime, by: str
    ) -> Credential | None:
        """Change the tries, and return what there was before; None where none is."""
        before = self._contents.passwords.get(login)
        if before is None:
            return None
        counted = count(before.tries)
        tries = tries_in_utc(counted.tries)
        if counted.event is not None:
            self._contents.audit.append(told(now, by, counted.event, login))
        self._contents.passwords[login] = replace(before, tries=tries)
        return before
