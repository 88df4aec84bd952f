"""`extension`: the staff directory."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from rich.table import Table
from rich.text import Text

from voice.commands.calendar_ways import take_leave
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
from voice.coupling.parting import Parting, partings
from voice.divert.model import Extension
from voice.staff import Cells, DirectoryError, as_record, written
from voice.staff_import import Import, carry_out, check_gone, counts, planned
from voice.staff_lists import COLUMNS, read_csv
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
Mail: TypeAlias = Annotated[
    str | None,
    typer.Option("--mail", metavar="ADDRESS", help="Their mail address."),
]


@extensions.command(
    epilog=f"{_EXAMPLE}\n\n"
    'Example: telefonist extension add 2345 "Bo Ek" --mobile 070-1234567 --search Bosse'
)
def add(
    number: Number,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose it is.")],
    unit: Annotated[str, typer.Option(metavar="UNIT", help="Department.")] = "",
    mail: Mail = None,
    mobile: Mobiles = None,
    search: Search = None,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Add one extension."""
    plan = settings().numbering
    listing = written(number, Cells(name, unit, mail, mobile, search), plan).on(None)

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
    mail: Mail = None,
    mobile: Mobiles = None,
    search: Search = None,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Change what is given of an extension; all else, and its diverts, are left.

    Mobiles and search words replace those there are; '' alone takes them away, and
    the mail address likewise.
    """
    # Some versions of the library give an empty list where nothing is given.
    mobiles, words = mobile or None, search or None
    if all(given is None for given in (name, unit, mail, mobiles, words)):
        raise DirectoryError(
            "There is nothing to change: give --name, --unit, --mail, --mobile or "
            "--search."
        )
    plan = settings().numbering
    line = written(number, Cells(name, unit, mail, mobiles, words), plan)

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
    """Remove an extension, its PIN and diverts; its calls and the audit trail stay.

    What we wrote into its owner's calendar is taken out there.
    """
    extension = Extension(number)

    async def run() -> None:
        async with store_at(store) as opened:
            parted = await partings(opened, [extension])
            await opened.directory.remove(extension, datetime.now(UTC), BY)
            await take_leave(parted, opened)

    asyncio.run(run())
    answer({"removed": number}, f"{number} is removed.", as_json)


@extensions.command(
    "import",
    epilog="Example: telefonist extension import staff.csv --dry-run\n\n"
    "Example: telefonist extension import staff.csv --remove-missing",
)
def import_csv(
    file: Annotated[Path, typer.Argument(metavar="CSV", help="A text in UTF-8.")],
    remove_missing: Annotated[
        bool,
        typer.Option("--remove-missing", help="Remove those whom the list lacks."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would do, and do nothing.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Remove more than a tenth, if need be.")
    ] = False,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Add or change many, all or none, by a CSV with the columns extension and name.

    It may have the columns unit, mail, mobiles and search too; what it has no column
    for is left as it is. The columns may stand in any order, with commas or semicolons
    between them; several mobiles or words in one cell likewise, in quotes.
    """
    staff = read_csv(file, settings().numbering)

    async def run() -> Import:
        async with store_at(store) as opened:
            with notes.status(f"Importing {len(staff.lines)} extensions"):
                known = {each.extension: each for each in await opened.directory.list()}
                plan = planned(staff, known, remove_missing)
                if not force:
                    check_gone(plan, known)
                parted: tuple[Parting, ...] = ()
                if not dry_run:
                    now = datetime.now(UTC)
                    parted = await carry_out(plan, known, opened, now, BY)
            await take_leave(parted, opened)
            return plan

    plan = asyncio.run(run())
    if staff.unread:
        notes.print(f"Not read: {', '.join(staff.unread)}.", markup=False)
    show(plan, dry_run, as_json)


def show(plan: Import, dry_run: bool, as_json: bool, **more: object) -> None:
    """Print what was done; of what would be done, each line as well."""
    imported = 0 if dry_run else len(plan.added) + len(plan.changed) + plan.same
    if dry_run and not as_json:
        kinds = {"added": plan.added, "changed": plan.changed, "removed": plan.gone}
        for kind, listings in kinds.items():
            for each in listings:
                console.print(f"{kind}: {each.extension} {each.name}", markup=False)
    told = ", ".join(f"{count} {kind}" for kind, count in counts(plan).items())
    would = "; it would be" if dry_run else ""
    done = f"{imported} extensions are imported{would}: {told}, {plan.same} as before."
    values = {"imported": imported, **counts(plan), "same": plan.same, **more}
    answer(values, done, as_json)
