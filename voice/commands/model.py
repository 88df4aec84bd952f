"""`model`: the steps by which the ear is made and measured, each with its own words."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from voice.commands.options import settings
from voice.errors import VoiceError

# This program keeps to one core, but a network is taught on all of them.
_ONE_CORE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class RecipeError(VoiceError):
    """The recipe is not beside the model."""


def model(
    step: Annotated[
        list[str] | None,
        typer.Argument(metavar="STEP ...", help="A step, and what it is told."),
    ] = None,
) -> None:
    """Make and measure the ear, one step at a time; without a STEP they are listed.

    What a step takes: telefonist model STEP --help. The steps are those of
    `python -m recipe`.
    """
    chosen = settings()
    models = chosen.models
    if not (models / "recipe" / "__main__.py").is_file():
        raise RecipeError(
            f"There is no recipe in {models}: it comes with the source code, not with "
            "the installed program; fetch the source and call this there."
        )
    command = [sys.executable, "-m", "recipe", *(step or ["--help"])]
    if ended := subprocess.call(command, env=_environment(models, chosen.file)):
        raise typer.Exit(ended)


def _environment(models: Path, file: Path | None) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in _ONE_CORE}
    if file is not None:
        kept["TELEFONIST_SETTINGS"] = str(file)
    search = [str(models.resolve()), str(Path(__file__).resolve().parents[2])]
    if before := os.environ.get("PYTHONPATH"):
        search.append(before)
    return kept | {"PYTHONPATH": os.pathsep.join(search)}
