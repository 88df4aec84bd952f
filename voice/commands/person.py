"""`person`: all that is held on one person, exported for them or erased."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, TypeAlias

import typer

from voice.calls.recording import Tapes
from voice.commands.calendar_ways import take_leave
from voice.commands.options import Json, StoreUrl, answer, settings, store_at
from voice.commands.people import BY, Number
from voice.divert.model import Extension
from voice.house import read_catalog
from voice.personal import hand_over, let_go, mask_of
from voice.store.person import Erased
from voice.store.retention_port import Named

Name: TypeAlias = Annotated[
    str,
    typer.Option(
        "--name",
        metavar="NAME",
        help="The whole name of somebody who has left the directory.",
    ),
]
person = typer.Typer(help="All that is held on one person.", no_args_is_help=True)


@person.command(epilog="Example: telefonist person export 1234 > 1234.json")
def export(
    number: Number,
    mask: Annotated[
        bool,
        typer.Option("--mask", help="Strike out what tells who anybody is."),
    ] = False,
    name: Name = "",
    store: StoreUrl = None,
) -> None:
    """Print all that is held on a person, for the person, as one JSON object.

    No PIN, password or other secret is in it. With --mask it can be shown to others:
    every name of the directory and every personal number is struck out of all texts,
    and so are addresses, logins and mobiles. That it was asked for is on the trail.
    """
    catalog = read_catalog(settings().grammar) if mask else None

    async def run() -> str:
        async with store_at(store) as opened:
            veil = None if catalog is None else await mask_of(opened, catalog)
            now = datetime.now(UTC)
            whose = Named(Extension(number), name)
            return await hand_over(opened, whose, veil, now, BY)

    typer.echo(asyncio.run(run()))


@person.command(
    epilog="Example: telefonist person erase 1234 --yes\n\n"
    'Example: telefonist person erase 1234 --name "Anna Berg"'
)
def erase(
    number: Number,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    name: Name = "",
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Erase all that is held on a person, with their line of the directory.

    It cannot be undone. What the audit trail tells of them tells of nobody afterwards,
    but for the receipt; what we wrote into their calendar is taken out there.
    """
    if not yes:
        question = f"Erase all that is held on {number}? It cannot be undone."
        typer.confirm(question, abort=True, err=True)
    tapes = Tapes(settings().recording)

    async def run() -> Erased:
        async with store_at(store) as opened:
            now, whose = datetime.now(UTC), Named(Extension(number), name)
            gone, parted = await let_go(opened, tapes, whose, now, BY)
            await take_leave(parted, opened)
            return gone

    gone = asyncio.run(run())
    done = {"erased": number, "calls": gone.calls}
    done |= {"mentions": gone.mentions, "changes": gone.changes}
    told = (
        f"{number} is erased, with {gone.calls} calls; {gone.mentions} turns of other "
        f"calls and {gone.changes} lines of the trail tell of nobody now."
    )
    answer(done, told, as_json)
