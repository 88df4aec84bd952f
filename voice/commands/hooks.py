"""`hook`: the addresses that are called when a divert begins, changes or ends."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from voice.commands.options import Json, StoreUrl, answer, console, store_at, tell
from voice.commands.people import BY
from voice.divert.walltime import local
from voice.hook_addresses import new_hook
from voice.store.access_faults import UnknownHookError
from voice.store.hooks_port import Hooked, HookEvent, HookId

hooks = typer.Typer(
    help="Addresses that are called when a divert begins, changes or ends.",
    no_args_is_help=True,
)
_EXAMPLE = "telefonist hook add https://tavla.example.se/hooks/telefonist"


@hooks.command(epilog=f"Example: {_EXAMPLE} --event divert.begun")
def add(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="Over https; http on this machine.")
    ],
    event: Annotated[
        list[HookEvent] | None,
        typer.Option("--event", help="What it is called for; else for each."),
    ] = None,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Call an address from now on, and show once what the calls are signed with."""
    hook = new_hook(url.strip(), event or HookEvent)

    async def run() -> None:
        async with store_at(store) as opened:
            await opened.hooks.put(hook, datetime.now(UTC), BY)

    asyncio.run(run())
    made = {
        "id": hook.id,
        "url": hook.url,
        "events": sorted(hook.events),
        "secret": hook.secret,
    }
    answer(made, f"{hook.id} {hook.secret}", as_json)


@hooks.command("list", epilog="Example: telefonist hook list --json")
def list_hooks(store: StoreUrl = None, as_json: Json = False) -> None:
    """List the addresses, and how telling them goes; no secret is shown again."""

    async def run() -> tuple[Hooked, ...]:
        async with store_at(store) as opened:
            return await opened.hooks.list()

    found = asyncio.run(run())
    table = Table("id", "address", "called for", "told until", "what is wrong")
    for hooked in found:
        if as_json:
            tell(_record(hooked))
        hook, delivery = hooked.hook, hooked.delivery
        events = ", ".join(sorted(hook.events)) if hook.enabled else "off"
        until = f"{local(delivery.clock):%Y-%m-%d %H:%M}"
        row = (hook.id, hook.url, events, until, delivery.fault)
        table.add_row(*map(Text, row))
    if not as_json:
        console.print(table if found else f"Nobody is called yet. Example: {_EXAMPLE}")


@hooks.command(epilog="Example: telefonist hook remove 3f9a1c07")
def remove(
    id: Annotated[str, typer.Argument(metavar="ID", help="As `hook list` shows it.")],
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Call an address no more; what it has not been told yet is dropped."""

    async def run() -> None:
        async with store_at(store) as opened:
            await opened.hooks.remove(HookId(id), datetime.now(UTC), BY)

    asyncio.run(run())
    answer({"id": id, "hook": "removed"}, f"{id} is removed.", as_json)


@hooks.command(epilog="Example: telefonist hook resume 3f9a1c07")
def resume(
    id: Annotated[str, typer.Argument(metavar="ID", help="As `hook list` shows it.")],
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Call a paused address again, and tell it all that it was not told."""

    async def run() -> None:
        async with store_at(store) as opened:
            there = {each.hook.id: each.hook for each in await opened.hooks.list()}
            hook = there.get(HookId(id))
            if hook is None:
                raise UnknownHookError(HookId(id))
            await opened.hooks.put(replace(hook, enabled=True), datetime.now(UTC), BY)

    asyncio.run(run())
    answer({"id": id, "hook": "resumed"}, f"{id} is called again.", as_json)


def _record(hooked: Hooked) -> dict[str, object]:
    hook, delivery = hooked.hook, hooked.delivery
    due = delivery.due
    return {
        "id": hook.id,
        "url": hook.url,
        "events": sorted(hook.events),
        "enabled": hook.enabled,
        "told_until": local(delivery.clock).isoformat(),
        "attempts": delivery.attempts,
        "due": None if due is None else local(due).isoformat(),
        "fault": delivery.fault or None,
    }
