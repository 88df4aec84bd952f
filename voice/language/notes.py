"""What is written into owners' calendars about bookings that divert nothing."""

from collections.abc import Mapping

from voice.divert.advice import NOTED, Snag
from voice.language.faults import Faults, Table

# Longer subjects are cut where calendars show them.
_LONGEST = 80


def read_notes(table: Table, faults: Faults) -> Mapping[Snag, str]:
    """Read the note on each snag that owners are told of so."""
    for name in table:
        if name not in NOTED:
            known = ", ".join(NOTED)
            faults.add("notes.toml", name, f"{name} is no note: use {known}")
    notes: dict[Snag, str] = {}
    for snag in NOTED:
        text = table.get(snag)
        if not isinstance(text, str) or not 0 < len(text.strip()) <= _LONGEST:
            what = f"{snag}: write a note of at most {_LONGEST} letters"
            faults.add("notes.toml", snag, what)
        notes[snag] = str(text)
    return notes
