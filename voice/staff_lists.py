"""Staff lists in CSV, read whole or refused with every fault by its line."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import TypeAlias

from voice.divert.model import Extension
from voice.numbering import NumberPlan
from voice.staff import Cells, DirectoryError, Written, Wrong, written

_ID = "extension"
COLUMNS = (_ID, "name", "unit", "mail", "mobiles", "search")
# As others call them.
_CALLED = {"number": _ID, "mobile": "mobiles"}
# What stands between several in one cell.
_BETWEEN = re.compile(r"[,;\n]")
# So much is told of columns that are not read: a file that is no list can have many.
_MOST_UNREAD, _SHOWN = 10, 40
_BEYOND = "more cells than the first line: put what has a comma in it in quotes."
Row: TypeAlias = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong on a line of a list; on none, what is wrong with all of it."""

    line: int
    text: str
    wrong: Wrong
    what: str = ""
    other: str = ""
    """Whose it is already, or on which line it stood before."""


class StaffListError(DirectoryError):
    """A list cannot be imported; nothing of it is."""

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        told = (f"{name}:{each.line}: {each.text}" for each in faults if each.line)
        whole = (f"{name} {each.text}" for each in faults if not each.line)
        super().__init__("\n".join([*told, *whole, "Nothing is imported."]))


@dataclass(frozen=True, slots=True)
class StaffList:
    """The lines of a list, each extension once, and what the list is called."""

    name: str
    lines: tuple[Written, ...]
    unread: tuple[str, ...] = ()
    """Columns that it has too, and that nothing is taken from."""


def read_csv(file: Path, plan: NumberPlan) -> StaffList:
    """Read every line of a file; StaffListError tells all that is wrong in them."""
    try:
        return read_list(file.read_bytes(), str(file), plan)
    except OSError as error:
        raise DirectoryError(
            f"{file} cannot be read ({error.strerror}): save the list as CSV in UTF-8."
        ) from error


def read_list(content: bytes, name: str, plan: NumberPlan) -> StaffList:
    """Read every line of a list; StaffListError tells all that is wrong in them."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        told = "cannot be read (it is no text in UTF-8): save the list as CSV in UTF-8."
        raise StaffListError(name, [Fault(0, told, Wrong.ENCODING)]) from error
    # Excel writes semicolons where a comma is the sign of decimals, as in Sweden.
    between = ";" if ";" in text.partition("\n")[0] else ","
    # Not lines, because a cell can hold lines of its own. Strictly, because a quotation
    # mark that nobody closed would make one person of all who follow.
    rows = csv.DictReader(StringIO(text, newline=""), delimiter=between, strict=True)
    faults: list[Fault] = []
    lines = tuple(_lines(rows, plan, faults))
    if not lines and not faults:
        told = "lists nobody: write a line for each extension."
        faults.append(Fault(0, told, Wrong.NOBODY))
    if faults:
        raise StaffListError(name, faults)
    return StaffList(name, lines, _unread(rows.fieldnames or ()))


def _lines(
    rows: "csv.DictReader[str]", plan: NumberPlan, faults: list[Fault]
) -> Iterator[Written]:
    first: dict[Extension, int] = {}
    for row in _rows(rows, faults):
        found = _faults(row, plan, rows.line_num)
        faults.extend(found)
        if found:
            continue
        line = replace(_line(row, plan), line=rows.line_num)
        before = first.setdefault(line.extension, line.line)
        if before != line.line:
            twice = f"{line.extension} stands on line {before} too: keep one."
            number, first_line = line.extension, str(before)
            faults.append(Fault(line.line, twice, Wrong.TWICE, number, first_line))
        yield line


def _rows(rows: "csv.DictReader[str]", faults: list[Fault]) -> Iterator[Row]:
    """Yield the rows that can be read and in which something stands."""
    read = 0
    try:
        rows.fieldnames = list(map(_column, rows.fieldnames or ()))
        if not {_ID, "name"} <= set(rows.fieldnames):
            columns = ",".join(COLUMNS)
            told = f"begin with the line: {columns}"
            faults.append(Fault(1, told, Wrong.COLUMNS, columns))
            return
        read = rows.line_num
        for row in rows:
            read = rows.line_num
            # All that follows a comma too many stands in a wrong column.
            if any(map(str.strip, row.pop(None, ()))):
                faults.append(Fault(read, _BEYOND, Wrong.CELLS))
            # Spreadsheets write rows in which nothing stands.
            elif any(cell and cell.strip() for cell in row.values()):
                yield row
    except csv.Error as error:
        told = f"{error}: look at its quotation marks, and write it in plain CSV."
        faults.append(Fault(read + 1, told, Wrong.CSV))


def _column(name: str) -> str:
    name = name.strip().lower()
    return _CALLED.get(name, name)


def _unread(columns: Iterable[str]) -> tuple[str, ...]:
    """Return the columns that nothing is taken from, as they can be shown."""
    others = dict.fromkeys(each for each in columns if each and each not in COLUMNS)
    return tuple(repr(each[:_SHOWN])[1:-1] for each in others)[:_MOST_UNREAD]


def _faults(row: Row, plan: NumberPlan, at: int) -> list[Fault]:
    """Return what is wrong in each cell, each fault once."""
    found: dict[str, Fault] = {}
    for column in COLUMNS:
        alone = {each: cell for each, cell in row.items() if each in (_ID, column)}
        try:
            _line(alone, plan)
        except DirectoryError as error:
            text = str(error)
            found.setdefault(text, Fault(at, text, error.wrong, error.what))
    return list(found.values())


def _line(row: Row, plan: NumberPlan) -> Written:
    """Read one row; a column that the list has not got leaves things as they are."""
    cells = {column: row[column] or "" for column in COLUMNS if column in row}
    mobiles, search = (cells.get(column) for column in ("mobiles", "search"))
    return written(
        cells[_ID],
        Cells(
            name=cells.get("name"),
            unit=cells.get("unit"),
            mail=cells.get("mail"),
            mobiles=None if mobiles is None else _BETWEEN.split(mobiles),
            search=None if search is None else _BETWEEN.split(search),
        ),
        plan,
    )
