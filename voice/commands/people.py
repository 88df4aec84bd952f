"""`extension` and `divert`: the directory, and diverts set from the command line."""

import asyncio
import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from voice.commands.options import Json, Now, StoreUrl, console, instant, tell
from voice.config import settings
from voice.divert.model import (
    ClearDivert,
    Command,
    Extension,
    Mode,
    ReasonCode,
    Refused,
    SetDivert,
    Source,
    Standing,
)
from voice.errors import VoiceError
from voice.house import read_catalog, site
from voice.language.template import Slot, matches
from voice.language.times import Moment, absence
from voice.obey import Door
from voice.screenplay import written
from voice.store.database import open_store
from voice.store.port import Listing

_EXAMPLE = 'Example: telefonist extension add 1234 "Anna Berg" --unit Bygglov'
extensions = typer.Typer(help="The staff directory.", no_args_is_help=True)
diverts = typer.Typer(help="Diverts, by hand.", no_args_is_help=True)
_BY = "command line"

Number = Annotated[str, typer.Argument(metavar="EXT")]


class CommandError(VoiceError):
    """A command was refused, or given something that cannot be used."""


@extensions.command(epilog=_EXAMPLE)
def add(
    number: Number,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    unit: Annotated[str, typer.Option(help="Department.")] = "",
    store: StoreUrl = None,
) -> None:
    """Add one extension."""
    listing = _listing(number, name, unit)

    async def run() -> None:
        async with open_store(store or settings().store) as opened:
            await opened.directory.add(listing, datetime.now(UTC), _BY)

    asyncio.run(run())
    console.print(f"{number} {name} is added.")


@extensions.command("list", epilog="Example: telefonist extension list --json")
def list_extensions(store: StoreUrl = None, as_json: Json = False) -> None:
    """List all extensions."""

    async def run() -> tuple[Listing, ...]:
        async with open_store(store or settings().store) as opened:
            return await opened.directory.list()

    listings = asyncio.run(run())
    table = Table("extension", "name", "unit")
    for listing in listings:
        if as_json:
            number, name, unit = listing.extension, listing.name, listing.unit
            tell({"extension": number, "name": name, "unit": unit})
        table.add_row(listing.extension, listing.name, listing.unit)
    if not as_json:
        console.print(table if listings else f"No extensions yet. {_EXAMPLE}")


@extensions.command(epilog="Example: telefonist extension remove 1234")
def remove(number: Number, store: StoreUrl = None) -> None:
    """Remove one extension and its diverts; its calls and the audit trail stay."""

    async def run() -> None:
        async with open_store(store or settings().store) as opened:
            await opened.directory.remove(Extension(number), datetime.now(UTC), _BY)

    asyncio.run(run())
    console.print(f"{number} is removed.")


@extensions.command("import", epilog="Example: telefonist extension import staff.csv")
def import_csv(
    file: Annotated[Path, typer.Argument(metavar="CSV")], store: StoreUrl = None
) -> None:
    """Add or change many, all or none: a CSV with the columns extension,name[,unit]."""
    listings = _read_csv(file)

    async def run() -> None:
        async with open_store(store or settings().store) as opened:
            await opened.directory.put(listings, datetime.now(UTC), _BY)

    asyncio.run(run())
    console.print(f"{len(listings)} extensions are imported.")


def _read_csv(file: Path) -> list[Listing]:
    try:
        rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(
            f"{file} cannot be read as CSV in UTF-8: {error}."
        ) from error
    if not rows or not {"extension", "name"} <= set(rows[0]):
        raise CommandError(f"{file} must begin with the line: extension,name,unit")
    listings = []
    for number, row in enumerate(rows, 2):
        try:
            listings.append(
                _listing(row["extension"], row["name"], row.get("unit") or "")
            )
        except CommandError as error:
            raise CommandError(
                f"{file}:{number}: {error} Nothing is imported."
            ) from None
    return listings


def _listing(number: str | None, name: str | None, unit: str) -> Listing:
    number, name = (number or "").strip(), (name or "").strip()
    if not number.isdecimal():
        raise CommandError(f"'{number}' is no extension: write digits only.")
    if not name:
        raise CommandError(f"{number} has no name: write one.")
    return Listing(Extension(number), name, unit.strip())


@diverts.command("set", epilog='Example: telefonist divert set 1234 SAM "till 15:30"')
def set_divert(
    number: Number,
    reason: Annotated[str, typer.Argument(help="SAM, TJÄ, SEM, LDG ...")],
    time: Annotated[
        str, typer.Argument(metavar="[TIME]", help='As it is said: "till halv tre".')
    ] = "",
    informing: Annotated[
        bool, typer.Option("--informing", help="Calls still ring.")
    ] = False,
    now: Now = None,
    store: StoreUrl = None,
) -> None:
    """Set a divert."""
    at = instant(now)
    catalog = read_catalog(settings().grammar)
    code = ReasonCode(reason.upper().rstrip(":;"))
    until = start = None
    if time:
        words = catalog.speller.words(time)
        readings = matches(Slot("time"), words, catalog.rules)
        if not readings:
            raise CommandError(f"'{time}' is no time: say it as in \"till halv tre\".")
        moment = Moment(at, site(catalog, at).red_days, catalog.parts)
        away = absence(readings[0][0], moment)
        until, start = away.until, away.start
    mode = Mode.INFORMING if informing else Mode.CLOSED
    command = SetDivert(Extension(number), code, until, start, mode, Source.WEB)
    _obey(command, at, store)


@diverts.command(epilog="Example: telefonist divert clear 1234")
def clear(
    number: Number,
    reason: Annotated[str, typer.Argument(help="Only this reason.")] = "",
    now: Now = None,
    store: StoreUrl = None,
) -> None:
    """Open a phone again."""
    code = ReasonCode(reason.upper()) if reason else None
    _obey(ClearDivert(Extension(number), code), instant(now), store)


def _obey(command: Command, now: datetime, url: str | None) -> None:
    catalog = read_catalog(settings().grammar)

    async def run() -> str:
        async with open_store(url or settings().store) as opened:
            await opened.directory.find(command.extension)
            door = Door(opened, site(catalog, now))
            event = await door.obey(command, now, Source.WEB)
            if isinstance(event, Refused):
                raise CommandError(catalog.prompts[event.why])
            counts = await door.standing(command.extension, now)
            return written(counts, now) if counts else "nothing"

    console.print(f"{command.extension}: {asyncio.run(run())}")


@diverts.command("list", epilog="Example: telefonist divert list --json")
def list_diverts(
    number: Annotated[str, typer.Argument(metavar="[EXT]")] = "",
    now: Now = None,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """List what stands, on one extension or all."""
    at = instant(now)
    table = Table("extension", "divert", "source")
    for extension, standing in sorted(asyncio.run(_everyone(number, store)).items()):
        for divert in standing.diverts:
            if divert.opened or (divert.until is not None and divert.until <= at):
                continue
            text = written(divert, at)
            if as_json:
                source = divert.source.value
                tell({"extension": extension, "divert": text, "source": source})
            table.add_row(extension, text, divert.source.value)
    if not as_json:
        console.print(table if table.rows else "No diverts stand.")


async def _everyone(number: str, url: str | None) -> dict[Extension, Standing]:
    async with open_store(url or settings().store) as opened:
        if number:
            await opened.directory.find(Extension(number))
            extension = Extension(number)
            return {extension: await opened.diverts.standing(extension)}
        return dict(await opened.diverts.everyone())
