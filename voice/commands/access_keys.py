"""`key`: the keys by which other programs ask and change diverts."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from voice.api_keys import give_key, has_expired
from voice.commands.options import Json, StoreUrl, answer, console, store_at, tell
from voice.commands.people import BY
from voice.divert.walltime import local
from voice.store.keys_port import ApiKey, Scope

keys = typer.Typer(
    help="Keys by which other programs ask and change diverts.", no_args_is_help=True
)
_EXAMPLE = "telefonist key add växeln --scope diverts:read --scope routes:read"
_MOST_DAYS = 3650

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="The program that asks by the key.")
]


@keys.command(epilog=f"Example: {_EXAMPLE} --days 365")
def add(
    name: Name,
    scope: Annotated[
        list[Scope] | None,
        typer.Option("--scope", help="What it opens; can be given again."),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(min=1, max=_MOST_DAYS, help="How long it lasts; else for ever."),
    ] = None,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Make a key, and show it this once: it is kept nowhere."""
    now = datetime.now(UTC)
    expires = None if days is None else now + timedelta(days=days)
    key = ApiKey(name.strip(), frozenset(scope or ()), now, expires)

    async def run() -> str:
        async with store_at(store) as opened:
            return await give_key(opened, key, now, BY)

    secret = asyncio.run(run())
    answer({**_record(key), "key": secret}, secret, as_json)


@keys.command("list", epilog="Example: telefonist key list --json")
def list_keys(store: StoreUrl = None, as_json: Json = False) -> None:
    """List the keys, what each opens and when it was used; none is shown again."""

    async def run() -> tuple[ApiKey, ...]:
        async with store_at(store) as opened:
            return await opened.keys.list()

    found, now = asyncio.run(run()), datetime.now(UTC)
    table = Table("name", "opens", "made", "used", "lasts until")
    for key in found:
        if as_json:
            tell(_record(key))
        until = Text(_day(key.expires), style="red" if has_expired(key, now) else "")
        opens = Text(", ".join(sorted(key.scopes)))
        made, used = _day(key.created), _day(key.last_used)
        table.add_row(Text(key.name), opens, made, used, until)
    if not as_json:
        console.print(table if found else f"No keys yet. Example: {_EXAMPLE}")


@keys.command(epilog="Example: telefonist key remove växeln")
def remove(name: Name, store: StoreUrl = None, as_json: Json = False) -> None:
    """Let a key open nothing any more, from now on."""

    async def run() -> None:
        async with store_at(store) as opened:
            await opened.keys.remove(name.strip(), datetime.now(UTC), BY)

    asyncio.run(run())
    answer({"name": name, "key": "removed"}, f"{name} is removed.", as_json)


def _day(at: datetime | None) -> str:
    return "" if at is None else f"{local(at):%Y-%m-%d %H:%M}"


def _record(key: ApiKey) -> dict[str, object]:
    expires, used = key.expires, key.last_used
    return {
        "name": key.name,
        "scopes": sorted(key.scopes),
        "created": local(key.created).isoformat(),
        "expires": None if expires is None else local(expires).isoformat(),
        "last_used": None if used is None else local(used).isoformat(),
    }
