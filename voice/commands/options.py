"""Options that several commands share, and how their texts are read."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from rich.console import Console

from voice.divert.model import Extension
from voice.divert.walltime import STOCKHOLM

SOUNDS = (".wav", ".flac")
console = Console(highlight=False)

Json: TypeAlias = Annotated[
    bool, typer.Option("--json", help="One JSON object a line, for programs.")
]
From: TypeAlias = Annotated[
    str | None, typer.Option("--from", metavar="EXT", help="The extension that calls.")
]
Now: TypeAlias = Annotated[
    str | None,
    typer.Option("--now", metavar="ISO", help="When it takes place, Swedish time."),
]
StoreUrl: TypeAlias = Annotated[
    str | None,
    typer.Option("--store", metavar="URL", help="sqlite:///FILE or postgresql://..."),
]
Files: TypeAlias = Annotated[list[Path], typer.Argument(metavar="FILE...")]


def instant(text: str | None) -> datetime:
    """Read an ISO time, Swedish where no zone is given; without one, it is now."""
    if text is None:
        return datetime.now(UTC)
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"'{text}' is no ISO time: write 2026-03-05T11:40", param_hint="--now"
        ) from None
    return (read if read.tzinfo else read.replace(tzinfo=STOCKHOLM)).astimezone(UTC)


def extension(text: str | None) -> Extension:
    """Return the extension that was given, or the one that examples are told of."""
    return Extension(text or "1234")


def tell(values: object) -> None:
    """Print one JSON object on a line of its own."""
    typer.echo(json.dumps(values, ensure_ascii=False))


def expanded(files: list[Path], suffixes: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files, and those of the wanted kinds in the folders."""
    for file in files:
        if file.is_dir():
            found = (f for f in file.rglob("*") if f.suffix.lower() in suffixes)
            yield from sorted(found)
        else:
            yield file
