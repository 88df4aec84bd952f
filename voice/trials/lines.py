"""The lines of a screenplay, and what can be read in any of them."""

from dataclasses import dataclass
from datetime import date, datetime, time

from voice.divert.model import Extension
from voice.divert.walltime import at, local
from voice.errors import VoiceError


class ScreenplayError(VoiceError):
    """A screenplay cannot be read."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what is done or must be, and with what."""

    number: int
    word: str
    rest: str


def fault(line: Line, name: str, what: str) -> ScreenplayError:
    """Return the error that names a line and what is wrong with it."""
    return ScreenplayError(f"{name}:{line.number}: {what}.")


def extension(line: Line, name: str) -> Extension:
    """Read a line that is an extension."""
    if not (line.rest.isascii() and line.rest.isdecimal()):
        what = f"'{line.rest}' is no extension: write digits only"
        raise fault(line, name, what)
    return Extension(line.rest)


def instant(line: Line, name: str, now: datetime, text: str = "") -> datetime:
    """Read `2026-03-05 11:40`, or `11:40` of the day of `now`."""
    written = (text or line.rest).replace("T", " ")
    day, _, clock = written.rpartition(" ")
    try:
        # Alone, Python would read four digits as a time too.
        if ":" not in clock:
            raise ValueError(clock)
        on = date.fromisoformat(day) if day else local(now).date()
        return at(on, time.fromisoformat(clock))
    except ValueError:
        what = f"'{written}' is no time: write 2026-03-05 11:40"
        raise fault(line, name, what) from None
