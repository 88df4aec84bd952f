"""`understand` and `code`: what words and keys mean, without any sound."""

from typing import Annotated

import typer

from voice.commands.options import (
    From,
    Json,
    Now,
    console,
    extension,
    instant,
    settings,
    tell,
)
from voice.dialogue.heard import Happened, Heard, Meant
from voice.divert.codes import parse
from voice.divert.model import Command, Refused, Source
from voice.house import read_catalog, site
from voice.language.catalog import Catalog
from voice.language.meaning import Meaning, command_meaning, meaning
from voice.language.prompts import speaker
from voice.language.times import Moment
from voice.language.understand import Here
from voice.language.understand import understand as understand_words

PlaceName = Annotated[
    str,
    typer.Option("--place", metavar="NAME", help="start, divert, reason or confirm."),
]


def understand(
    text: Annotated[
        list[str], typer.Argument(metavar="TEXT", help="What is said, each in quotes.")
    ],
    place: PlaceName = "start",
    caller: From = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Say what words mean at a place of the dialogue; each TEXT is one utterance."""
    catalog = read_catalog(settings().grammar)
    known_place(place, catalog)
    at = instant(now)
    moment = Moment(at, site(catalog, at).red_days, catalog.parts)
    understood = True
    for said in text:
        here = Here(place, extension(caller), moment, Source.VOICE)
        heard = understand_words(said, here, catalog)
        told: Meaning = {"text": said, **meaning(heard)}
        understood = understood and told["command"] is not None
        _show(told, heard, as_json, catalog, moment)
    if not understood:
        raise typer.Exit(1)


def code(
    keys: Annotated[str, typer.Argument(metavar="CODE", help="Such as '*23*3*1530#'.")],
    caller: From = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Say what a keyed code means."""
    catalog = read_catalog(settings().grammar)
    at = instant(now)
    rules = site(catalog, at)
    parsed = parse(keys, catalog.codes, rules, extension(caller), at)
    heard: Heard
    match parsed:
        case Refused():
            heard, told = Happened(parsed), meaning(Happened(parsed))
        case command:
            heard, told = Meant(command, sure=True), command_meaning(command)
    moment = Moment(at, rules.red_days, catalog.parts)
    _show({"text": keys, **told}, heard, as_json, catalog, moment)
    if isinstance(parsed, Refused):
        raise typer.Exit(1)


def known_place(place: str, catalog: Catalog) -> None:
    """Refuse a place that the dialogue does not have, as a usage error."""
    if place not in catalog.places:
        raise typer.BadParameter(
            f"'{place}' is no place: use {', '.join(catalog.places)}",
            param_hint="--place",
        )


def _show(
    told: Meaning, heard: Heard, as_json: bool, catalog: Catalog, moment: Moment
) -> None:
    if as_json:
        tell(told)
        return
    console.print(str(told["text"]), style="bold", markup=False)
    if isinstance(heard, Meant):
        console.print(f"  {_read_back(heard.command, catalog, moment)}", markup=False)
    for name, value in told.items():
        if name != "text" and value is not None:
            console.print(f"  [dim]{name}[/dim] {value}")
    if told["command"] is None:
        console.print("  [yellow]nothing is done[/yellow]")


def _read_back(command: Command, catalog: Catalog, moment: Moment) -> str:
    return speaker(catalog, moment).command(command)
