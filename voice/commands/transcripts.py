"""`calls`: the transcripts of calls."""

import asyncio
import json
from typing import Annotated

import typer
from rich.table import Table

from voice.commands.options import Json, StoreUrl, console, tell
from voice.config import settings
from voice.divert.model import Extension
from voice.divert.walltime import local
from voice.store.database import open_store
from voice.store.port import Call, CallId, Turn

calls = typer.Typer(help="The transcripts of calls.", no_args_is_help=True)


@calls.command("list", epilog="Example: telefonist calls list --from 1234")
def list_calls(
    caller: Annotated[str | None, typer.Option("--from", metavar="EXT")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """List the latest calls."""

    async def run() -> tuple[Call, ...]:
        async with open_store(store or settings().store) as opened:
            extension = Extension(caller) if caller else None
            return await opened.transcripts.calls(limit, extension)

    table = Table("call", "began", "from", "outcome")
    found = asyncio.run(run())
    for call in found:
        began = local(call.began)
        if as_json:
            record = {"call": call.id, "began": began.isoformat()}
            tell(record | {"from": call.caller, "outcome": call.outcome})
        row = (
            call.id,
            f"{began:%Y-%m-%d %H:%M}",
            call.caller or "",
            call.outcome or "",
        )
        table.add_row(*row)
    if not as_json:
        console.print(table if found else "No calls yet. Try: telefonist demo")


@calls.command(epilog="Example: telefonist calls show ID")
def show(
    call: Annotated[str, typer.Argument(metavar="ID")],
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Show one call as it was spoken."""

    async def run() -> tuple[Turn, ...]:
        async with open_store(store or settings().store) as opened:
            return await opened.transcripts.turns(CallId(call))

    for turn in asyncio.run(run()):
        if as_json:
            tell(as_record(turn))
        else:
            show_turn(turn)


def as_record(turn: Turn) -> dict[str, object]:
    """Return a turn as the values of one JSON line."""
    return {
        "t": turn.t,
        "who": turn.who.value,
        "text": turn.text,
        "score": turn.score,
        "meaning": json.loads(turn.meaning) if turn.meaning else None,
        "event": turn.event,
    }


_COLOURS = {"attendant": "cyan", "caller": "green", "keys": "magenta"}


def show_turn(turn: Turn) -> None:
    """Print a turn as a line of a conversation."""
    colour = _COLOURS[turn.who.value]
    score = "" if turn.score is None else f"  [dim]{turn.score:.2f}[/dim]"
    event = f"  [yellow]{turn.event}[/yellow]" if turn.event else ""
    text = turn.text or "[dim](nothing)[/dim]"
    console.print(
        f"[dim]{turn.t:6.1f}[/dim]  [{colour}]{turn.who.value:9}[/{colour}]  "
        f"{text}{score}{event}"
    )
