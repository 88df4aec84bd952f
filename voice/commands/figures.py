"""Figures that were measured, and what they should be, on which machine and day."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.table import Table

from voice.commands.options import console, tell


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured, and what it should at most be."""

    name: str
    value: float
    unit: str
    at_most: float

    @property
    def is_met(self) -> bool:
        """Tell whether the target was reached."""
        return self.value <= self.at_most


def show(figures: Sequence[Figure], as_json: bool) -> None:
    """Print the figures for a program or for a person."""
    when = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load": round(os.getloadavg()[0], 1),
    }
    if as_json:
        for figure in figures:
            told = {"name": figure.name, "value": figure.value, "unit": figure.unit}
            tell(told | {"at_most": figure.at_most, "met": figure.is_met} | when)
        return
    table = Table(
        "measured", "value", "at most", "", title=" · ".join(map(str, when.values()))
    )
    for figure in figures:
        mark = "[green]met[/green]" if figure.is_met else "[red]missed[/red]"
        value = f"{figure.value:g} {figure.unit}"
        table.add_row(figure.name, value, f"{figure.at_most:g} {figure.unit}", mark)
    console.print(table)
