"""`dialogue`: every place of the dialogue, what can be said there, and the keys."""

from typing import Annotated

import typer
from rich.table import Table

from voice.commands.options import Json, console, settings, tell
from voice.house import read_catalog
from voice.language.catalog import Catalog
from voice.language.told import rows


def dialogue(
    table: Annotated[
        bool, typer.Option("--table", help="What can be said and keyed at each.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Name the places of the dialogue, or show what each can be told."""
    catalog = read_catalog(settings().grammar)
    if not table:
        _name(catalog, as_json)
        return
    drawn = Table("place", "you say", "or press", "which is")
    before = ""
    for row in rows(catalog):
        if as_json:
            told = {"place": row.place, "intent": row.intent, "example": row.example}
            heard = catalog.places[row.place].listens
            tell(told | {"keys": row.keys, "spoken": heard})
            continue
        if before and row.place != before:
            drawn.add_section()
        listens = catalog.places[row.place].listens
        says = f'"{row.example}"' if listens else "-"
        named = "" if row.place == before else row.place
        drawn.add_row(named, says, "  ".join(row.keys), row.intent)
        before = row.place
    if not as_json:
        console.print(drawn)


def _name(catalog: Catalog, as_json: bool) -> None:
    for name, place in catalog.places.items():
        if as_json:
            tell({"place": name, "spoken": place.listens})
        else:
            console.print(name if place.listens else f"{name} (keys alone)")
