"""What we ask of any database about who may log in, as what, and by what password."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType, Protocol, TypeAlias

from voice.divert.model import Extension
from voice.store.credentials_port import Count, Credential

Login = NewType("Login", str)
"""The name that somebody logs in by, in small letters."""


class Role(StrEnum):
    """What somebody may do; each may do all that those before it may."""

    PERSON = "person"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"


def may(roles: frozenset[Role], wanted: Role) -> bool:
    """Tell whether these roles include what another may do."""
    order = list(Role)
    return any(order.index(role) >= order.index(wanted) for role in roles)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is to an identity provider: a `sub` means nothing elsewhere."""

    issuer: str
    subject: str


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may log in, by a password or by an identity elsewhere."""

    login: Login
    roles: frozenset[Role]
    created: datetime
    extension: Extension | None = None
    """Whose page is their own; nobody's, when the extension has been removed."""
    identity: Identity | None = None
    disabled: bool = False


def is_administrator(account: Account) -> bool:
    """Tell whether somebody may log in now, and do all there is to do."""
    return not account.disabled and may(account.roles, Role.ADMINISTRATOR)


def granted(account: Account) -> tuple[str, ...]:
    """Say in words of our own what an account may do, as the audit trail tells it."""
    own = () if account.extension is None else (account.extension,)
    if account.disabled:
        return ("disabled", *own)
    return (*sorted(account.roles), *own)


AccountCheck: TypeAlias = Callable[[Sequence[Account]], None]
"""Is shown all accounts in the same moment, and raises to stop a change of one."""


class Accounts(Protocol):
    """Who may log in; each change is on the audit trail."""

    async def put(
        self,
        account: Account,
        now: datetime,
        by: str,
        check: AccountCheck | None = None,
    ) -> None:
        """Add or change one; when it changes, its sessions end.

        One that is there keeps the instant that it was created. Nothing is changed
        where the check raises.
        """
        ...

    async def find(self, login: Login) -> Account | None:
        """Return one account; None where there is none."""
        ...

    async def of(self, identity: Identity) -> Account | None:
        """Return whose identity this is; None is nobody's."""
        ...

    async def list(self) -> tuple[Account, ...]:
        """Return every account, by login."""
        ...

    async def remove(
        self,
        login: Login,
        now: datetime,
        by: str,
        check: AccountCheck | None = None,
    ) -> None:
        """Remove one with its password and sessions; removing it twice is no error."""
        ...


PasswordCheck: TypeAlias = Callable[[Credential | None], None]
"""Is shown what is kept in the same moment, and raises to stop a change of it."""


class Passwords(Protocol):
    """The password of each account that has one; they go when the account goes."""

    async def find(self, login: Login) -> Credential | None:
        """Return what the password is checked against; None where there is none."""
        ...

    async def of(self, logins: Collection[Login]) -> Mapping[Login, Credential]:
        """Return what there is of some; who has no password is left out."""
        ...

    async def put(
        self,
        login: Login,
        kept: str,
        now: datetime,
        by: str,
        check: PasswordCheck | None = None,
    ) -> None:
        """Keep the hash of a new password; earlier tries and sessions are ended.

        Nothing is changed where the check raises.
        """
        ...

    async def count(
        self, login: Login, count: Count, now: datetime, by: str
    ) -> Credential | None:
        """Change the tries, and return what there was before; None where there is none.

        One account's tries are counted one after the other, in every process that
        shares the store.
        """
        ...
