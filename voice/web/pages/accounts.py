"""Konton: who may log in, as what, and by what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import urlencode

from voice.divert.model import Extension
from voice.store.accounts_port import Account, Login, Role, is_administrator
from voice.store.credentials_port import Credential
from voice.web.pages.settings import seal

PATH = "/installningar/konton"

AT_ONCE = 50
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Sought:
    """Some of the accounts, by login."""

    asked: str
    accounts: tuple[Account, ...]
    first: str
    """Where the first are; empty where these are they."""
    more: str
    """Where those after these are; empty where there are none."""


@dataclass(frozen=True, slots=True)
class Row:
    """An account as it is shown; nothing of its password."""

    login: Login
    path: str
    role: Role | None
    extension: Extension | None
    is_disabled: bool
    has_password: bool
    has_identity: bool
    locked_until: datetime | None
    seal: str


def sought(accounts: Sequence[Account], given: Mapping[str, str]) -> Sought:
    """Return those that are looked for, from a login on."""
    asked = given.get("q", "").replace("\0", "").strip()[:_LONGEST]
    after = given.get("efter", "")
    fitting = (
        each
        for each in accounts
        if each.login > after and _fits(each, asked.casefold())
    )
    # One more than is shown, to know whether there is more.
    found = tuple(islice(fitting, AT_ONCE + 1))
    shown = found[:AT_ONCE]
    return Sought(
        asked=asked,
        accounts=shown,
        first=_address(asked) if after else "",
        more=_address(asked, shown[-1].login) if len(found) > AT_ONCE else "",
    )


def _fits(account: Account, asked: str) -> bool:
    return asked in account.login or asked == account.extension


def _address(asked: str, after: str = "") -> str:
    fields = {"q": asked, "efter": after}
    given = urlencode({name: text for name, text in fields.items() if text})
    return f"{PATH}?{given}" if given else PATH


def row(account: Account, password: Credential | None, now: datetime) -> Row:
    """Return what is shown of an account."""
    locked = None if password is None else password.tries.locked_until
    return Row(
        login=account.login,
        path=path_of(account.login),
        role=highest(account.roles),
        extension=account.extension,
        is_disabled=account.disabled,
        has_password=password is not None,
        has_identity=account.identity is not None,
        locked_until=locked if locked is not None and locked > now else None,
        seal=seal(account),
    )


def path_of(login: Login) -> str:
    """Return where an account is looked after."""
    return f"{PATH}/{login}"


def highest(roles: frozenset[Role]) -> Role | None:
    """Return the role that includes all the others."""
    return next((role for role in reversed(tuple(Role)) if role in roles), None)


def is_last(login: Login, accounts: Sequence[Account]) -> bool:
    """Tell whether nobody else can look after the house."""
    return not any(is_administrator(each) for each in accounts if each.login != login)


def role_of(text: str) -> Role | None:
    """Return the role of this name; None where there is none."""
    return _ROLES.get(text)


_ROLES: Mapping[str, Role] = {role.value: role for role in Role}
