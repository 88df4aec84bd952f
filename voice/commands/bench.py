"""`bench`: speed and memory, measured on this machine, as a table or JSON."""

import typer

from voice.commands.options import Json


def bench(as_json: Json = False) -> None:
    """Measure loading, decoding, answering and memory."""
    raise typer.Exit(0)
