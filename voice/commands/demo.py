"""`demo`: recorded calls through the whole road, told as they go."""

import asyncio
import re
from pathlib import Path
from typing import Annotated

import typer
from rich._export_format import CONSOLE_SVG_FORMAT

from voice.commands.options import console, settings
from voice.commands.transcripts import show_turn
from voice.divert.walltime import local
from voice.errors import VoiceError
from voice.house import House, desk, open_house, read_catalog
from voice.store.database import open_store
from voice.store.port import Turn
from voice.trials.replay import open_play, prepare
from voice.trials.replay import replay as replay_call
from voice.trials.screenplay import NOW, Screenplay, written

_PICTURE_WIDTH = 100
_NEXT = """
[bold]Where to go next[/bold]
  telefonist understand "semester till och med fredag"   what words would mean
  telefonist code '*23*3*1530#'                          what keys would mean
  telefonist demo --web                                  the pages, in a made-up town
  telefonist talk                                        speak to it yourself
  telefonist extension add 1234 "Anna Berg"              your own directory
  telefonist check                                       is everything here?
  telefonist --help                                      all commands
"""


class DemoError(VoiceError):
    """The demonstration's recordings are not there."""


def demo(
    picture: Annotated[
        Path | None, typer.Option(metavar="SVG", help="Draw the conversations too.")
    ] = None,
    web: Annotated[
        bool,
        typer.Option(
            "--web", help="Look around in a made-up town's pages, until Ctrl-C."
        ),
    ] = False,
    port: Annotated[
        int, typer.Option(min=1024, max=65535, help="Where the pages are, with --web.")
    ] = 9951,
) -> None:
    """Play recorded calls to 4949, and show what is heard, said and changed."""
    if web:
        # Loaded only where there are pages: it takes half a second.
        from voice.commands.demo_web import show_town

        asyncio.run(show_town(settings(), _plays(settings().demo), port))
        return
    if picture is not None:
        console.record, console.width = True, _PICTURE_WIDTH
    asyncio.run(_demo())
    if picture is not None:
        drawn = console.export_svg(title="telefonist demo", code_format=_offline())
        try:
            picture.write_text(drawn, encoding="utf-8")
        except OSError as error:
            raise DemoError(
                f"{picture} cannot be written ({error.strerror}): name another file."
            ) from error
    console.print(_NEXT)


def _offline() -> str:
    """Return rich's picture format without the fonts it would fetch from the web."""
    return re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


async def _demo() -> None:
    chosen = settings()
    plays = _plays(chosen.demo)
    catalog = read_catalog(chosen.grammar)
    console.print("[dim]Opening ears and mouth; the first time takes seconds.[/dim]")
    async with (
        open_store("memory:") as nothing,
        open_house(chosen, catalog, nothing, NOW) as house,
    ):
        for play in plays:
            await _play(play, house)


def _plays(folder: Path) -> list[Screenplay]:
    plays = [open_play(path, None, None) for path in sorted(folder.glob("*.call"))]
    if not plays:
        raise DemoError(f"No calls are in {folder}: install the program again.")
    return plays


async def _play(play: Screenplay, house: House) -> None:
    """Play one call to a phone of its own, and show what stands before and after."""
    title = play.title or play.name
    console.print(f"── {title} ──", style="bold", markup=False)
    stands = ", ".join(written(divert, play.now) for divert in play.standing)
    when = f"{local(play.now):%A %-d %B %H:%M}"
    console.print(f"[dim]{when}. {play.caller} calls 4949.[/dim]")
    console.print(f"[dim]Before the call: {stands or 'the phone is open'}.[/dim]\n")
    async with open_store("memory:") as store:
        await prepare(play, store, known=False)
        table = desk(house.desk.catalog, store, play.now)
        replayed = await replay_call(play, table, house, _tell)
    after = ", ".join(replayed.stands) or "the phone is open"
    console.print(f"\n[dim]After the call:[/dim] [bold]{after}[/bold]\n")


async def _tell(turn: Turn) -> None:
    if turn.text:
        show_turn(turn)
