"""`calls`: the transcripts of calls."""

import asyncio
import json
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from voice.commands.options import Json, StoreUrl, console, extension, store_at, tell
from voice.divert.walltime import local
from voice.store.port import Call, CallId, Turn

calls = typer.Typer(help="The transcripts of calls.", no_args_is_help=True)


@calls.command("list", epilog="Example: telefonist calls list --from 1234")
def list_calls(
    caller: Annotated[
        str | None,
        typer.Option("--from", metavar="EXT", help="Only calls from an extension."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """List the latest calls, the newest first."""
    only = extension(caller) if caller else None

    async def run() -> tuple[Call, ...]:
        async with store_at(store) as opened:
            return await opened.transcripts.calls(limit, only)

    table = Table("call", "began", "from", "to", "outcome")
    found = asyncio.run(run())
    for call in found:
        began = local(call.began)
        if as_json:
            record = {"call": call.id, "began": began.isoformat()}
            record |= {"to": call.place}
            tell(record | {"from": call.caller, "outcome": call.outcome})
        row = (
            call.id,
            f"{began:%Y-%m-%d %H:%M}",
            call.caller or "",
            call.place,
            call.outcome or "not ended",
        )
        table.add_row(*map(Text, row))
    if not as_json:
        console.print(table if found else "No calls yet. Try: telefonist demo")


@calls.command(epilog="Example: telefonist calls show ID")
def show(
    call: Annotated[
        str, typer.Argument(metavar="ID", help="As `telefonist calls list` names it.")
    ],
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Show one call as it was spoken."""

    async def run() -> tuple[Turn, ...]:
        async with store_at(store) as opened:
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
_WORDLESS = {
    "hungup": "(hangs up)",
    "silent": "(says nothing)",
    "timeisup": "(the call has lasted too long)",
}


def show_turn(turn: Turn) -> None:
    """Print a turn as a line of a conversation, folded under its own words."""
    line = Table.grid(padding=(0, 2, 0, 0))
    line.add_column(width=6, justify="right", style="dim")
    line.add_column(width=9, style=_COLOURS[turn.who.value])
    line.add_column()
    line.add_row(f"{turn.t:.1f}", turn.who.value, _words(turn))
    console.print(line)


def _words(turn: Turn) -> Text:
    words = Text(turn.text) if turn.text else Text(_wordless(turn), style="dim")
    if turn.score is not None:
        words.append(f"  {turn.score:.2f}", style="dim")
    if turn.event:
        words.append(f"  {turn.event}", style="yellow")
    return words


def _wordless(turn: Turn) -> str:
    meant = json.loads(turn.meaning) if turn.meaning else {}
    return _WORDLESS.get(str(meant.get("why")), "(nothing)")
