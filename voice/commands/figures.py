"""Figures that were measured, and what they should be, on which machine and day."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from rich.table import Table

from voice.commands.options import console, tell


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured, and what it should at most be."""

    name: str
    value: float
    unit: str
    at_most: float | None = None
    """None where nothing was promised, and it is only told."""

    @property
    def is_met(self) -> bool:
        """Tell whether the target was reached."""
        return self.at_most is None or self.value <= self.at_most


def show(figures: Sequence[Figure], as_json: bool) -> None:
    """Print the figures for a program or for a person."""
    when = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load": round(os.getloadavg()[0], 1),
        "versions": f"{_program()}Python {platform.python_version()}",
    }
    if as_json:
        for figure in figures:
            told = {"name": figure.name, "value": figure.value, "unit": figure.unit}
            tell(told | {"at_most": figure.at_most, "met": figure.is_met} | when)
        return
    heads = (f"load {each}" if name == "load" else each for name, each in when.items())
    table = Table("measured", "value", "at most", "", title=" · ".join(map(str, heads)))
    for figure in figures:
        value = f"{figure.value:g} {figure.unit}"
        table.add_row(figure.name, value, *_promised(figure))
    console.print(table)


def _promised(figure: Figure) -> tuple[str, str]:
    if figure.at_most is None:
        return "", ""
    mark = "[green]met[/green]" if figure.is_met else "[red]missed[/red]"
    return f"{figure.at_most:g} {figure.unit}", mark


def _program() -> str:
    try:
        return f"telefonist {version('telefonist')}, "
    except PackageNotFoundError:
        # Run beside its source, without being installed.
        return ""
