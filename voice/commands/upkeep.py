"""`prompts` and `check`: what to record, and whether everything is here."""

import asyncio
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from voice.commands.needs import Need, service_needs
from voice.commands.options import (
    Json,
    SettingsFile,
    StoreUrl,
    console,
    settings,
    store_at,
    tell,
)
from voice.config import Settings
from voice.errors import VoiceError
from voice.hearing import open_hearing
from voice.house import read_catalog
from voice.language.needs import UNSPOKEN
from voice.settings_file import EXAMPLE
from voice.sound.desk import portaudio
from voice.sound.models import open_model
from voice.sound.mouth import Mouth
from voice.sound.recorded import check as check_recordings
from voice.sound.recorded import file_name, has_slots


def prompts(
    folder: Annotated[
        Path | None, typer.Option("--check", help="A folder of recordings to check.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the lines that can be recorded, or check a folder of recordings."""
    texts = read_catalog(settings().grammar).prompts
    lines = {key: text for key, text in texts.items() if key not in UNSPOKEN}
    if folder is None:
        _list_lines(lines, as_json)
        return
    findings = check_recordings(folder, lines)
    for finding in findings:
        found = {"kind": finding.kind, "file": finding.file, "detail": finding.detail}
        if as_json:
            tell(found)
        else:
            colour = "red" if finding.is_fault else "dim"
            told = f"{finding.kind} {finding.file} {finding.detail}"
            console.print(told, style=colour, markup=False, soft_wrap=True)
    if any(finding.is_fault for finding in findings):
        raise typer.Exit(1)
    if not as_json:
        console.print("All recordings can be used.")


def _list_lines(lines: dict[str, str], as_json: bool) -> None:
    table = Table("file", "text")
    for key, text in lines.items():
        # A line with slots is spoken anew each time: it cannot be recorded whole.
        if has_slots(text):
            continue
        if as_json:
            tell({"file": file_name(key), "key": key, "text": text})
        table.add_row(file_name(key), text)
    if not as_json:
        console.print(table)


def check(
    settings_file: SettingsFile = None,
    example: Annotated[
        bool, typer.Option("--example", help="Print a settings file to begin with.")
    ] = False,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Try everything the program needs, and say how to mend what is missing."""
    if example:
        typer.echo(EXAMPLE.read_text(encoding="utf-8"), nl=False)
        return
    chosen = settings(settings_file)
    well = asyncio.run(_check_all(_needs(chosen, store), as_json))
    if not well:
        raise typer.Exit(1)


async def _check_all(needs: list[Need], as_json: bool) -> bool:
    well = True
    for need in needs:
        try:
            told, is_there = await need.trial(), True
        except (VoiceError, OSError) as error:
            told, is_there = str(error), False
        well = well and (is_there or need.optional)
        if as_json:
            told_as = {"need": need.name, "ok": is_there, "optional": need.optional}
            tell(told_as | {"detail": told})
            continue
        lacking = "[yellow]-[/yellow]" if need.optional else "[red]✗[/red]"
        mark = "[green]✓[/green]" if is_there else lacking
        console.print(f"{mark} {need.name}: {escape(told)}", soft_wrap=True)
    return well


def _needs(chosen: Settings, url: str | None) -> list[Need]:
    return [
        Need("grammar", partial(_grammar, chosen)),
        Need("model", partial(_model, chosen)),
        Need("cache folder", partial(_cache, chosen)),
        Need("ears", partial(_ears, chosen)),
        Need("mouth", _mouth),
        Need("store", partial(_store, url or chosen.store)),
        Need("clock", _clock),
        Need("microphone, for talk", _microphone, optional=True),
        *service_needs(chosen),
    ]


async def _grammar(chosen: Settings) -> str:
    catalog = read_catalog(chosen.grammar)
    return f"{len(catalog.words())} words, {len(catalog.reasons)} reasons"


async def _model(chosen: Settings) -> str:
    found = open_model(chosen.models)
    return f"{found.name}, whole, in {found.folder}"


async def _cache(chosen: Settings) -> str:
    chosen.cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=chosen.cache):
        return str(chosen.cache)


async def _ears(chosen: Settings) -> str:
    catalog, found = read_catalog(chosen.grammar), open_model(chosen.models)
    hearing = open_hearing(catalog, found, chosen.cache, chosen.waiting)
    return f"{len(hearing.places)} places of the dialogue"


async def _mouth() -> str:
    async with Mouth() as speaking:
        sound = await speaking.say("Telefonisten.")
    return f"{len(sound) / 16000:.1f} s of speech"


async def _store(url: str) -> str:
    async with store_at(url) as opened:
        return f"{len(await opened.directory.list())} extensions"


async def _clock() -> str:
    return f"{datetime.now(UTC).astimezone():%Y-%m-%d %H:%M %Z}"


async def _microphone() -> str:
    portaudio()
    return "PortAudio is here"
