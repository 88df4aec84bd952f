"""Options that several commands share, how they are read, and how answers are shown."""

import json
import os
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias, TypeVar

import typer
from rich.console import Console
from rich.progress import track

from voice import config
from voice.config import Settings, default_database
from voice.divert.model import Extension
from voice.divert.walltime import STOCKHOLM
from voice.errors import VoiceError
from voice.store.database import open_store
from voice.store.port import Store

SOUNDS = (".wav", ".flac")
# What another program reads is not folded to the width of a screen.
_WIDTH = None if sys.stdout.isatty() else 1000
console = Console(highlight=False, width=_WIDTH)
# Progress goes beside the answers, so that these can be read by a program.
notes = Console(stderr=True, highlight=False)

Json: TypeAlias = Annotated[
    bool, typer.Option("--json", help="One JSON object a line, for programs.")
]
From: TypeAlias = Annotated[
    str | None,
    typer.Option("--from", metavar="EXT", help="The extension that calls."),
]
Now: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--now",
        metavar="ISO",
        help="When it takes place, Swedish time: 2026-03-05T11:40.",
    ),
]
StoreUrl: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--store", metavar="URL", help="A file, sqlite:///FILE or postgresql://..."
    ),
]
SettingsFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        metavar="FILE",
        help="The site's settings; else those of TELEFONIST_SETTINGS.",
    ),
]
Files: TypeAlias = Annotated[
    list[Path], typer.Argument(metavar="FILE", help="Files, and folders of them.")
]
_T = TypeVar("_T")


class FilesError(VoiceError):
    """The files that were named are not there."""


# What was named before the command; each command line names it anew, or nothing.
_named: ContextVar[Path | None] = ContextVar("settings_file", default=None)


def name_settings(file: SettingsFile = None) -> None:
    """Keep the name of the settings file for the command that follows."""
    _named.set(file)


def settings(file: Path | None = None) -> Settings:
    """Read the settings: of this file, else of the one named before the command."""
    return config.settings(file=file or _named.get())


def instant(text: str | None) -> datetime:
    """Read an ISO time, Swedish where no zone is given; without one, it is now."""
    if text is None:
        return datetime.now(UTC)
    try:
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=STOCKHOLM)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"'{text}' is no ISO time: write 2026-03-05T11:40", param_hint="--now"
        ) from None


def extension(text: str | None) -> Extension:
    """Return the extension that was given, or the one that examples are told of."""
    if text is not None and not (text.isascii() and text.isdecimal()):
        raise typer.BadParameter(
            f"'{text}' is no extension: write digits only", param_hint="--from"
        )
    return Extension(text or "1234")


def tell(values: object) -> None:
    """Print one JSON object on a line of its own."""
    typer.echo(json.dumps(values, ensure_ascii=False))


def answer(values: object, text: str, as_json: bool) -> None:
    """Print what was done, for a program or for a person."""
    if as_json:
        tell(values)
    else:
        console.print(text, markup=False)


def complain(text: str) -> None:
    """Print what is wrong, beside the answers; a terminal folds it by itself."""
    notes.print(text, style="red", markup=False, soft_wrap=True)


def watched(items: Sequence[_T], doing: str) -> Iterable[_T]:
    """Go through the items, with a bar where there is somebody to see it."""
    hidden = not notes.is_terminal
    return track(items, doing, console=notes, transient=True, disable=hidden)


def expanded(files: Sequence[Path], suffixes: tuple[str, ...]) -> list[Path]:
    """Return the files, and those of the wanted kinds in the folders.

    FilesError names everything that is not there, and a folder that holds nothing.
    """
    # That of os.path, because Path's raises where a folder may not be looked into.
    missing = [str(file) for file in files if not os.path.exists(file)]
    if missing:
        raise FilesError(
            f"There is no {', no '.join(missing)}: look at the name, and at the folder "
            "you are in."
        )
    found: list[Path] = []
    for file in files:
        held = _held(file, suffixes) if file.is_dir() else [file]
        if not held:
            kinds = ", ".join(suffixes)
            raise FilesError(f"The folder {file} holds no {kinds}: name another.")
        found += held
    return found


def _held(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    return sorted(f for f in folder.rglob("*") if f.suffix.lower() in suffixes)


@asynccontextmanager
async def store_at(url: str | None) -> AsyncIterator[Store]:
    """Open the store that was named, else the one of the settings."""
    named = url or settings().store
    if named == f"sqlite:///{default_database()}":
        # A new user has no folder for it yet; the store says so if it cannot be made.
        with suppress(OSError):
            default_database().parent.mkdir(parents=True, exist_ok=True)
    async with open_store(named) as opened:
        yield opened
