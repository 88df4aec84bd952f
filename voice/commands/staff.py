"""Lines of the directory as people write them, one by one or in a CSV."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

from voice.divert.model import Extension
from voice.errors import VoiceError
from voice.numbering import NumberPlan, normal
from voice.store.port import Listing

COLUMNS = ("extension", "name", "unit", "mobiles", "search")
# What stands between several in one cell.
_BETWEEN = re.compile(r"[,;\n]")


class DirectoryError(VoiceError):
    """The directory was given something that cannot be in it."""


@dataclass(frozen=True, slots=True)
class Written:
    """What is written of an extension; what is None is left as it is."""

    extension: Extension
    name: str | None = None
    unit: str | None = None
    mobiles: tuple[str, ...] | None = None
    search: tuple[str, ...] | None = None

    def on(self, known: Listing | None) -> Listing:
        """Return the line of the directory, after what is known already."""
        line = known or Listing(self.extension, "")
        return replace(
            line,
            name=line.name if self.name is None else self.name,
            unit=line.unit if self.unit is None else self.unit,
            mobiles=line.mobiles if self.mobiles is None else self.mobiles,
            search=line.search if self.search is None else self.search,
        )


def written(
    number: str,
    plan: NumberPlan,
    *,
    name: str | None = None,
    unit: str | None = None,
    mobiles: Sequence[str] | None = None,
    search: Sequence[str] | None = None,
) -> Written:
    """Read what is written of one extension; DirectoryError says what is wrong."""
    number = number.strip()
    if not (number.isascii() and number.isdecimal()):
        raise DirectoryError(f"'{number}' is no extension: write digits only.")
    if name is not None and not name.strip():
        raise DirectoryError(f"{number} has no name: write one.")
    return Written(
        Extension(number),
        name=None if name is None else name.strip(),
        unit=None if unit is None else unit.strip(),
        mobiles=None if mobiles is None else _mobiles(mobiles, plan),
        search=None if search is None else _search(search),
    )


def _mobiles(texts: Sequence[str], plan: NumberPlan) -> tuple[str, ...]:
    return tuple(_mobile(text, plan) for text in texts if text.strip())


def _mobile(text: str, plan: NumberPlan) -> str:
    number = normal(text, plan)
    if number is None:
        raise DirectoryError(
            f"'{text.strip()}' is no mobile: write it as 070-123 45 67 or +46701234567."
        )
    return number


def _search(texts: Sequence[str]) -> tuple[str, ...]:
    words = tuple(" ".join(text.split()) for text in texts if text.strip())
    for word in words:
        if not any(sign.isalpha() for sign in word):
            raise DirectoryError(f"'{word}' is no search word: write what callers say.")
    return words


def read_csv(file: Path, plan: NumberPlan) -> list[Written]:
    """Read every line; DirectoryError tells all that is wrong in them."""
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        fault = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise DirectoryError(
            f"{file} cannot be read ({fault}): save the list as CSV in UTF-8."
        ) from error
    # Excel writes semicolons where a comma is the sign of decimals, as in Sweden.
    between = ";" if ";" in text.partition("\n")[0] else ","
    # Not lines, because a cell can hold lines of its own.
    rows = csv.DictReader(StringIO(text), delimiter=between)
    rows.fieldnames = [_column(name) for name in rows.fieldnames or ()]
    if not {"extension", "name"} <= set(rows.fieldnames):
        raise DirectoryError(
            f"{file}:1: begin with the line: extension,name,unit,mobiles,search"
        )
    return _lines(rows, file, plan)


def _column(name: str) -> str:
    name = name.strip().lower()
    return "mobiles" if name == "mobile" else name


def _lines(rows: "csv.DictReader[str]", file: Path, plan: NumberPlan) -> list[Written]:
    found: dict[Extension, Written] = {}
    faults: list[str] = []
    try:
        for row in rows:
            try:
                line = _line(row, plan)
                if line.extension in found:
                    twice = f"{line.extension} stands here twice: keep one of them."
                    raise DirectoryError(twice)
                found[line.extension] = line
            except DirectoryError as error:
                faults.append(f"{file}:{rows.line_num}: {error}")
    except csv.Error as error:
        faults.append(f"{file}:{rows.line_num}: {error}: write it in plain CSV.")
    if not found and not faults:
        faults.append(f"{file} lists nobody: write a line for each extension.")
    if faults:
        raise DirectoryError("\n".join([*faults, "Nothing is imported."]))
    return list(found.values())


def _line(row: dict[str, str | None], plan: NumberPlan) -> Written:
    """Read one row; a column that the list has not got leaves things as they are."""
    cells = {column: row[column] or "" for column in COLUMNS if column in row}
    several = {
        column: _BETWEEN.split(cells[column])
        for column in ("mobiles", "search")
        if column in cells
    }
    return written(
        cells["extension"],
        plan,
        name=cells["name"],
        unit=cells.get("unit"),
        mobiles=several.get("mobiles"),
        search=several.get("search"),
    )


def as_record(listing: Listing) -> dict[str, str | list[str]]:
    """Write a line of the directory as a record that JSON can hold."""
    return {
        "extension": listing.extension,
        "name": listing.name,
        "unit": listing.unit,
        "mobiles": list(listing.mobiles),
        "search": list(listing.search),
    }
