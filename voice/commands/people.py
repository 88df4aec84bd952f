"""`extension`: the staff directory."""

import asyncio
import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from voice.commands.options import (
    Json,
    StoreUrl,
    answer,
    console,
    notes,
    store_at,
    tell,
)
from voice.divert.model import Extension
from voice.errors import VoiceError
from voice.store.port import Listing

_EXAMPLE = 'Example: telefonist extension add 1234 "Anna Berg" --unit Bygglov'
_COLUMNS = ("extension", "name", "unit")
extensions = typer.Typer(help="The staff directory.", no_args_is_help=True)
_BY = "command line"

Number = Annotated[
    str, typer.Argument(metavar="EXT", help="The extension, in digits: 1234.")
]


class DirectoryError(VoiceError):
    """The directory was given something that cannot be in it."""


@extensions.command(epilog=_EXAMPLE)
def add(
    number: Number,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose it is.")],
    unit: Annotated[str, typer.Option(metavar="UNIT", help="Department.")] = "",
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Add one extension."""
    listing = _listing(number, name, unit)

    async def run() -> None:
        async with store_at(store) as opened:
            await opened.directory.add(listing, datetime.now(UTC), _BY)

    asyncio.run(run())
    done = f"{listing.extension} {listing.name} is added."
    answer(_as_record(listing), done, as_json)


@extensions.command("list", epilog="Example: telefonist extension list --json")
def list_extensions(store: StoreUrl = None, as_json: Json = False) -> None:
    """List all extensions."""

    async def run() -> tuple[Listing, ...]:
        async with store_at(store) as opened:
            return await opened.directory.list()

    listings = asyncio.run(run())
    table = Table(*_COLUMNS)
    for listing in listings:
        if as_json:
            tell(_as_record(listing))
        table.add_row(*map(Text, _as_record(listing).values()))
    if not as_json:
        console.print(table if listings else f"No extensions yet. {_EXAMPLE}")


@extensions.command(epilog="Example: telefonist extension remove 1234")
def remove(number: Number, store: StoreUrl = None, as_json: Json = False) -> None:
    """Remove one extension and its diverts; its calls and the audit trail stay."""

    async def run() -> None:
        async with store_at(store) as opened:
            await opened.directory.remove(Extension(number), datetime.now(UTC), _BY)

    asyncio.run(run())
    answer({"removed": number}, f"{number} is removed.", as_json)


@extensions.command("import", epilog="Example: telefonist extension import staff.csv")
def import_csv(
    file: Annotated[Path, typer.Argument(metavar="CSV", help="A text in UTF-8.")],
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Add or change many, all or none: a CSV with the columns extension,name[,unit].

    The columns may stand in any order, with commas or semicolons between them.
    """
    listings = _read_csv(file)

    async def run() -> None:
        async with store_at(store) as opened:
            with notes.status(f"Importing {len(listings)} extensions"):
                await opened.directory.put(listings, datetime.now(UTC), _BY)

    asyncio.run(run())
    done = f"{len(listings)} extensions are imported."
    answer({"imported": len(listings)}, done, as_json)


def _read_csv(file: Path) -> list[Listing]:
    """Read every line; DirectoryError tells all that is wrong in them."""
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        fault = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise DirectoryError(
            f"{file} cannot be read ({fault}): save the list as CSV in UTF-8."
        ) from error
    # Excel writes semicolons where a comma is the sign of decimals, as in Sweden.
    between = ";" if lines and ";" in lines[0] else ","
    rows = csv.DictReader(lines, delimiter=between)
    rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
    if not {"extension", "name"} <= set(rows.fieldnames):
        raise DirectoryError(f"{file}:1: begin with the line: extension,name,unit")
    return _listings(rows, file)


def _listings(rows: "csv.DictReader[str]", file: Path) -> list[Listing]:
    found: dict[Extension, Listing] = {}
    faults: list[str] = []
    try:
        for row in rows:
            try:
                listing = _listing(*(row.get(name) for name in _COLUMNS))
                if listing.extension in found:
                    twice = f"{listing.extension} stands here twice: keep one of them."
                    raise DirectoryError(twice)
                found[listing.extension] = listing
            except DirectoryError as error:
                faults.append(f"{file}:{rows.line_num}: {error}")
    except csv.Error as error:
        faults.append(f"{file}:{rows.line_num}: {error}: write it in plain CSV.")
    if not found and not faults:
        faults.append(f"{file} lists nobody: write a line for each extension.")
    if faults:
        raise DirectoryError("\n".join([*faults, "Nothing is imported."]))
    return list(found.values())


def _listing(number: str | None, name: str | None, unit: str | None) -> Listing:
    number, name, unit = ((text or "").strip() for text in (number, name, unit))
    if not (number.isascii() and number.isdecimal()):
        raise DirectoryError(f"'{number}' is no extension: write digits only.")
    if not name:
        raise DirectoryError(f"{number} has no name: write one.")
    return Listing(Extension(number), name, unit)


def _as_record(listing: Listing) -> dict[str, str]:
    values = (listing.extension, listing.name, listing.unit)
    return dict(zip(_COLUMNS, values, strict=True))
