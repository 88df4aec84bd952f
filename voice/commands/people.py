"""`extension`: the staff directory."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from rich.table import Table
from rich.text import Text

from voice.commands.options import (
    Json,
    StoreUrl,
    answer,
    console,
    notes,
    settings,
    store_at,
    tell,
)
from voice.commands.staff import (
    COLUMNS,
    DirectoryError,
    as_record,
    read_csv,
    written,
)
from voice.divert.model import Extension
from voice.store.port import Listing

_EXAMPLE = 'Example: telefonist extension add 1234 "Anna Berg" --unit Bygglov'
extensions = typer.Typer(help="The staff directory.", no_args_is_help=True)
BY = "command line"

Number = Annotated[
    str, typer.Argument(metavar="EXT", help="The extension, in digits: 1234.")
]
Mobiles: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--mobile", metavar="NUMBER", help="A mobile of theirs; can be given again."
    ),
]
Search: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--search",
        metavar="WORD",
        help="Another name callers may ask for; can be given again.",
    ),
]


@extensions.command(
    epilog=f"{_EXAMPLE}\n\n"
    'Example: telefonist extension add 2345 "Bo Ek" --mobile 070-1234567 --search Bosse'
)
def add(
    number: Number,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose it is.")],
    unit: Annotated[str, typer.Option(metavar="UNIT", help="Department.")] = "",
    mobile: Mobiles = None,
    search: Search = None,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Add one extension."""
    plan = settings().numbering
    line = written(number, plan, name=name, unit=unit, mobiles=mobile, search=search)
    listing = line.on(None)

    async def run() -> None:
        async with store_at(store) as opened:
            await opened.directory.add(listing, datetime.now(UTC), BY)

    asyncio.run(run())
    done = f"{listing.extension} {listing.name} is added."
    answer(as_record(listing), done, as_json)


@extensions.command(epilog="Example: telefonist extension change 1234 --mobile ''")
def change(
    number: Number,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose it is.")
    ] = None,
    unit: Annotated[
        str | None, typer.Option(metavar="UNIT", help="Department.")
    ] = None,
    mobile: Mobiles = None,
    search: Search = None,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Change what is given of an extension; all else, and its diverts, are left.

    Mobiles and search words replace those there are; '' alone takes them away.
    """
    # Some versions of the library give an empty list where nothing is given.
    mobiles, words = mobile or None, search or None
    if all(given is None for given in (name, unit, mobiles, words)):
        raise DirectoryError(
            "There is nothing to change: give --name, --unit, --mobile or --search."
        )
    plan = settings().numbering
    line = written(number, plan, name=name, unit=unit, mobiles=mobiles, search=words)

    async def run() -> Listing:
        async with store_at(store) as opened:
            listing = line.on(await opened.directory.find(line.extension))
            await opened.directory.put([listing], datetime.now(UTC), BY)
            return listing

    listing = asyncio.run(run())
    answer(as_record(listing), f"{listing.extension} is changed.", as_json)


@extensions.command("list", epilog="Example: telefonist extension list --json")
def list_extensions(store: StoreUrl = None, as_json: Json = False) -> None:
    """List all extensions."""

    async def run() -> tuple[Listing, ...]:
        async with store_at(store) as opened:
            return await opened.directory.list()

    listings = asyncio.run(run())
    table = Table(*COLUMNS)
    for listing in listings:
        if as_json:
            tell(as_record(listing))
        table.add_row(*map(_cell, as_record(listing).values()))
    if not as_json:
        console.print(table if listings else f"No extensions yet. {_EXAMPLE}")


def _cell(value: str | list[str]) -> Text:
    return Text(value if isinstance(value, str) else ", ".join(value))


@extensions.command(epilog="Example: telefonist extension remove 1234")
def remove(number: Number, store: StoreUrl = None, as_json: Json = False) -> None:
    """Remove an extension, its PIN and diverts; its calls and the audit trail stay."""

    async def run() -> None:
        async with store_at(store) as opened:
            await opened.directory.remove(Extension(number), datetime.now(UTC), BY)

    asyncio.run(run())
    answer({"removed": number}, f"{number} is removed.", as_json)


@extensions.command("import", epilog="Example: telefonist extension import staff.csv")
def import_csv(
    file: Annotated[Path, typer.Argument(metavar="CSV", help="A text in UTF-8.")],
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Add or change many, all or none, by a CSV with the columns extension and name.

    It may have the columns unit, mobiles and search too; what it has no column for is
    left as it is. The columns may stand in any order, with commas or semicolons between
    them; several mobiles or words in one cell likewise, in quotes.
    """
    lines = read_csv(file, settings().numbering)

    async def run() -> None:
        async with store_at(store) as opened:
            with notes.status(f"Importing {len(lines)} extensions"):
                known = {each.extension: each for each in await opened.directory.list()}
                listings = [line.on(known.get(line.extension)) for line in lines]
                await opened.directory.put(listings, datetime.now(UTC), BY)

    asyncio.run(run())
    done = f"{len(lines)} extensions are imported."
    answer({"imported": len(lines)}, done, as_json)
