"""`user`: who may log in to the web, and as what."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, TypeAlias

import typer
from rich.table import Table
from rich.text import Text

from voice.accounts import (
    LONGEST,
    SHORTEST,
    AccountError,
    Logins,
    check_password,
    named,
    new_login,
)
from voice.commands.asking import asked
from voice.commands.options import Json, StoreUrl, answer, console, store_at, tell
from voice.commands.people import BY
from voice.divert.model import Extension
from voice.divert.walltime import local
from voice.lockout import is_locked
from voice.store.access_faults import UnknownAccountError
from voice.store.accounts_port import Account, Login, Role
from voice.store.credentials_port import Credential
from voice.store.port import Store

users = typer.Typer(
    help="Who may log in to the web, and as what.", no_args_is_help=True
)
# More than any password, in bytes.
_LONGEST = 4 * LONGEST + 2
_EXAMPLE = "telefonist user add anna.berg --role administrator"

Name = Annotated[
    str, typer.Argument(metavar="LOGIN", help="What one logs in by: anna.berg.")
]
Roles: TypeAlias = Annotated[
    list[Role] | None,
    typer.Option("--role", help="What one may do; can be given again."),
]
Number: TypeAlias = Annotated[
    str | None,
    typer.Option("--extension", metavar="EXT", help="Whose page is their own."),
]


@users.command(
    epilog=f"Example: {_EXAMPLE}\n\n"
    "Example: telefonist user add bo.ek --role person --extension 2345 < file"
)
def add(
    login: Name,
    role: Roles = None,
    extension: Number = None,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Let somebody log in by a password.

    It is asked for twice and not shown; where nobody is at a terminal, it is the first
    line of what comes in. It is no argument, because others can see those.
    """
    name, now = new_login(login), datetime.now(UTC)
    if not role:
        raise AccountError("Say what one may do: --role person is the least.")
    account = Account(name, frozenset(role), now, _number(extension))

    async def run() -> None:
        async with store_at(store) as opened:
            if await opened.accounts.find(name) is not None:
                raise AccountError(
                    f"There is an account {name} already: "
                    f"change it with `telefonist user change {name}`."
                )
            if account.extension is not None:
                await opened.directory.find(account.extension)
            password = _asked(name)
            await opened.accounts.put(account, now, BY)
            await Logins(opened).give(name, password, now, BY)

    asyncio.run(run())
    answer(_record(account, None), f"{name} may log in.", as_json)


@users.command(epilog="Example: telefonist user change anna.berg --role operator")
def change(
    login: Name,
    role: Roles = None,
    extension: Number = None,
    disable: Annotated[
        bool | None,
        typer.Option("--disable/--enable", help="Whether one may log in at all."),
    ] = None,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Change what is given of an account; whoever is logged in by it is logged out.

    Roles replace those there are; an extension of '' is nobody's.
    """
    # Some versions of the library give an empty list where nothing is given.
    roles = frozenset(role) if role else None
    if roles is None and extension is None and disable is None:
        raise AccountError(
            "There is nothing to change: give --role, --extension, --disable or "
            "--enable."
        )

    async def run() -> Account:
        async with store_at(store) as opened:
            before = await _found(opened, login)
            after = replace(
                before,
                roles=before.roles if roles is None else roles,
                extension=before.extension if extension is None else _number(extension),
                disabled=before.disabled if disable is None else disable,
            )
            await opened.accounts.put(after, datetime.now(UTC), BY)
            return after

    account = asyncio.run(run())
    answer(_record(account, None), f"{account.login} is changed.", as_json)


@users.command("list", epilog="Example: telefonist user list --json")
def list_users(store: StoreUrl = None, as_json: Json = False) -> None:
    """List who may log in, and who is locked out by wrong passwords."""

    async def run() -> list[tuple[Account, Credential | None]]:
        async with store_at(store) as opened:
            return [
                (account, await opened.passwords.find(account.login))
                for account in await opened.accounts.list()
            ]

    found = asyncio.run(run())
    table = Table("login", "may do", "extension", "by", "since")
    for account, password in found:
        if as_json:
            tell(_record(account, password))
        since = f"{local(account.created):%Y-%m-%d}"
        may = ", ".join(sorted(account.roles))
        row = (
            account.login,
            may,
            account.extension or "",
            _by(account, password),
            since,
        )
        table.add_row(*map(Text, row))
    if not as_json:
        console.print(table if found else f"Nobody may log in yet. Example: {_EXAMPLE}")


@users.command(epilog="Example: telefonist user remove anna.berg")
def remove(login: Name, store: StoreUrl = None, as_json: Json = False) -> None:
    """Let somebody log in no more; whoever is logged in is logged out."""

    async def run() -> Login:
        async with store_at(store) as opened:
            name = (await _found(opened, login)).login
            await opened.accounts.remove(name, datetime.now(UTC), BY)
            return name

    name = asyncio.run(run())
    answer({"login": name, "user": "removed"}, f"{name} is removed.", as_json)


@users.command(
    epilog="Example: telefonist user password anna.berg\n\n"
    "Example: telefonist user password anna.berg < file-with-one-line"
)
def password(login: Name, store: StoreUrl = None, as_json: Json = False) -> None:
    """Give an account a new password, which also unlocks it and logs it out."""

    async def run() -> Login:
        async with store_at(store) as opened:
            name = (await _found(opened, login)).login
            await Logins(opened).give(name, _asked(name), datetime.now(UTC), BY)
            return name

    name = asyncio.run(run())
    done = f"{name} has a new password."
    answer({"login": name, "password": "set"}, done, as_json)


@users.command(epilog="Example: telefonist user unlock anna.berg")
def unlock(login: Name, store: StoreUrl = None, as_json: Json = False) -> None:
    """Forget the wrong passwords that locked an account."""

    async def run() -> Login:
        async with store_at(store) as opened:
            name = (await _found(opened, login)).login
            await Logins(opened).unlock(name, datetime.now(UTC), BY)
            return name

    name = asyncio.run(run())
    done = f"{name}: the password can be tried again."
    answer({"login": name, "password": "unlocked"}, done, as_json)


def _asked(login: Login) -> str:
    """Ask for a password that will do, before anything is kept."""
    found = asked(f"New password of {login}, {SHORTEST} characters or more", _LONGEST)
    check_password(found, login)
    return found


async def _found(store: Store, login: str) -> Account:
    account = await store.accounts.find(named(login))
    if account is None:
        raise UnknownAccountError(new_login(login))
    return account


def _number(text: str | None) -> Extension | None:
    return Extension(text) if text else None


def _by(account: Account, password: Credential | None) -> str:
    if account.disabled:
        return "disabled"
    if password is not None and is_locked(password.tries, datetime.now(UTC)):
        return "password, locked"
    ways = {"password": password is not None, "identity": account.identity is not None}
    return ", ".join(way for way, there in ways.items() if there) or "no password"


def _record(account: Account, password: Credential | None) -> dict[str, object]:
    locked = None if password is None else password.tries.locked_until
    return {
        "login": account.login,
        "roles": sorted(account.roles),
        "extension": account.extension,
        "disabled": account.disabled,
        "created": local(account.created).isoformat(),
        "locked_until": None if locked is None else local(locked).isoformat(),
    }
