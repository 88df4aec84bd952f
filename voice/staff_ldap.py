"""People of a directory server as lines of a staff list, and what of them cannot be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from voice.divert.model import Extension
from voice.ldap.entries import Entry, Row, row_of
from voice.ldap.settings import LdapSettings
from voice.numbering import NumberPlan, closed_up
from voice.staff import Cells, DirectoryError, Written, Wrong, written
from voice.staff_lists import Fault

# RFC 3966 §3: an extension that is told beside the number.
_EXTENSION = ";ext="
_CELLS = ("unit", "mail", "mobiles", "search")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that is left as it is in the directory, and whose it is."""

    who: str
    fault: Fault

    def __str__(self) -> str:
        return f"{self.who}: {self.fault.text}"


@dataclass(frozen=True, slots=True)
class Listed:
    """What can be read of everybody who has a number."""

    people: int
    lines: tuple[Written, ...]
    who: Mapping[Extension, str]
    """What those are called of whom the lines tell."""
    left_out: tuple[LeftOut, ...]
    unread: frozenset[Extension]
    """The numbers of those of whom nothing can be read."""
    unread_mails: frozenset[str]
    """The mail addresses of those: their numbers may be no numbers."""


def listed(
    entries: Iterable[Entry], settings: LdapSettings, plan: NumberPlan
) -> Listed:
    """Read everybody; what is wrong of somebody is left out."""
    rows = _rows(entries, settings)
    of_number: dict[str, list[Row]] = {}
    for row in rows:
        of_number.setdefault(row.number, []).append(row)
    lines, left_out, unread = [], [], []
    for row in rows:
        line, faults = _read(row, plan)
        others = [each for each in of_number[row.number][:2] if each is not row]
        if line is not None and others:
            line, faults = None, [_shared(row, others[0].who)]
        left_out += [LeftOut(row.who, fault) for fault in faults]
        if line is None:
            unread.append(row)
        else:
            lines.append(line)
    return Listed(
        people=len(rows),
        lines=tuple(lines),
        who={Extension(row.number): row.who for row in rows},
        left_out=tuple(left_out),
        unread=frozenset(Extension(row.number) for row in unread),
        unread_mails=frozenset(row.mail.lower() for row in unread if row.mail),
    )


def extension_in(number: str, last_digits: int) -> str:
    """Return the extension of a number; where it has none, the number as it is."""
    text = number.lower().removeprefix("tel:")
    bare, _, beside = text.partition(_EXTENSION)
    if beside:
        return beside.partition(";")[0].strip()
    digits = closed_up(bare.partition(";")[0])
    plain = digits.removeprefix("+")
    if not (plain.isascii() and plain.isdecimal()):
        return number
    if last_digits:
        return plain[-last_digits:]
    return digits if digits == plain else number


def _rows(entries: Iterable[Entry], settings: LdapSettings) -> list[Row]:
    """Return those who have a number, in an order of which the server knows nothing."""
    rows = (row_of(entry, settings) for entry in entries)
    numbered = (
        replace(row, number=extension_in(row.number, settings.last_digits))
        for row in rows
        if row.number
    )
    return sorted(numbered, key=lambda row: (row.number, row.who))


def _read(row: Row, plan: NumberPlan) -> tuple[Written | None, list[Fault]]:
    """Read a person: a wrong number or name is all of them, else it is one cell."""
    try:
        line = written(row.number, Cells(name=row.name), plan)
    except DirectoryError as error:
        return None, [_fault(error)]
    faults = []
    for cell in _CELLS:
        try:
            read = written(row.number, Cells(**{cell: getattr(row, cell)}), plan)
            line = replace(line, **{cell: getattr(read, cell)})
        except DirectoryError as error:
            faults.append(_fault(error))
    return line, faults


def _fault(error: DirectoryError) -> Fault:
    return Fault(0, str(error), error.wrong, error.what)


def _shared(row: Row, other: str) -> Fault:
    text = f"{row.number} is that of {other} too: leave it with one of them."
    return Fault(0, text, Wrong.TAKEN, row.number, other)
