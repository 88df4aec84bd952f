"""Lines of the directory as people write them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from voice.divert.model import Extension
from voice.errors import VoiceError
from voice.numbering import NumberPlan, normal
from voice.store.listings import is_mail
from voice.store.port import Listing

# Nobody has more of any of these, and a page or a list has room for them.
_LONGEST_NUMBER, _LONGEST, _SHOWN = 20, 200, 40
# What stands for bytes that were no text, when they were read.
_NO_TEXT = "\ufffd"


class Wrong(StrEnum):
    """What keeps something from being in the directory, as words of pages name it."""

    NUMBER = "number"
    NAME = "name"
    MAIL = "mail"
    MOBILE = "mobile"
    SEARCH = "search"
    ENCODING = "encoding"
    NOBODY = "nobody"
    COLUMNS = "columns"
    TWICE = "twice"
    CSV = "csv"
    CELLS = "cells"
    TAKEN = "taken"
    LONG = "long"
    SIGNS = "signs"
    OTHER = "other"


class DirectoryError(VoiceError):
    """The directory was given something that cannot be in it."""

    def __init__(self, text: str, wrong: Wrong = Wrong.OTHER, what: str = "") -> None:
        super().__init__(text)
        self.wrong, self.what = wrong, what


@dataclass(frozen=True, slots=True)
class Written:
    """What is written of an extension; what is None is left as it is."""

    extension: Extension
    name: str | None = None
    unit: str | None = None
    mail: str | None = None
    mobiles: tuple[str, ...] | None = None
    search: tuple[str, ...] | None = None
    line: int = 0
    """Where it stands in a list, from 1; nowhere, where it stands in none."""

    def on(self, known: Listing | None) -> Listing:
        """Return the line of the directory, after what is known already."""
        line = known or Listing(self.extension, "")
        return replace(
            line,
            name=line.name if self.name is None else self.name,
            unit=line.unit if self.unit is None else self.unit,
            mail=line.mail if self.mail is None else self.mail,
            mobiles=line.mobiles if self.mobiles is None else self.mobiles,
            search=line.search if self.search is None else self.search,
        )


@dataclass(frozen=True, slots=True)
class Cells:
    """What stands in the cells of a line; a cell that is None is not there."""

    name: str | None = None
    unit: str | None = None
    mail: str | None = None
    mobiles: Sequence[str] | None = None
    search: Sequence[str] | None = None


def written(number: str, cells: Cells, plan: NumberPlan) -> Written:
    """Read what is written of one extension; DirectoryError says what is wrong."""
    number, name = number.strip(), cells.name
    is_number = number.isascii() and number.isdecimal()
    if not is_number or len(number) > _LONGEST_NUMBER:
        shown = number[:_LONGEST_NUMBER]
        text = f"'{shown}' is no extension: write digits only."
        raise DirectoryError(text, Wrong.NUMBER, shown)
    if name is not None and not name.strip():
        raise DirectoryError(f"{number} has no name: write one.", Wrong.NAME, number)
    return Written(
        Extension(number),
        name=None if name is None else _text(name),
        unit=None if cells.unit is None else _text(cells.unit),
        mail=None if cells.mail is None else _mail(cells.mail),
        mobiles=None if cells.mobiles is None else _mobiles(cells.mobiles, plan),
        search=None if cells.search is None else _search(cells.search),
    )


def _text(text: str) -> str:
    """Return a text on one line; DirectoryError where nobody could see or say it."""
    line = " ".join(text.split())
    if len(line) > _LONGEST:
        shown = f"{line[:_SHOWN]}..."
        told = f"'{shown}' is too long: write {_LONGEST} signs at most."
        raise DirectoryError(told, Wrong.LONG, shown)
    if not line.isprintable() or _NO_TEXT in line:
        shown = "".join(s if s.isprintable() else _NO_TEXT for s in line)
        told = f"'{shown}' has a sign that cannot be seen: write it anew."
        raise DirectoryError(told, Wrong.SIGNS, shown)
    return line


def _mail(text: str) -> str:
    mail = _text(text).lower()
    if mail and not is_mail(mail):
        raise DirectoryError(
            f"'{text.strip()}' is no mail address: write it as anna.berg@example.se.",
            Wrong.MAIL,
            text.strip(),
        )
    return mail


def _mobiles(texts: Sequence[str], plan: NumberPlan) -> tuple[str, ...]:
    # Each once: as it is kept, so that the same list again is no change.
    found = (_mobile(_text(text), plan) for text in texts if text.strip())
    return tuple(dict.fromkeys(found))


def _mobile(text: str, plan: NumberPlan) -> str:
    number = normal(text, plan)
    if number is None:
        text = text.strip()
        told = f"'{text}' is no mobile: write it as 070-123 45 67 or +46701234567."
        raise DirectoryError(told, Wrong.MOBILE, text)
    return number


def _search(texts: Sequence[str]) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(_text(text) for text in texts if text.strip()))
    for word in words:
        if not any(sign.isalpha() for sign in word):
            text = f"'{word}' is no search word: write what callers say."
            raise DirectoryError(text, Wrong.SEARCH, word)
    return words


def as_record(listing: Listing) -> dict[str, str | list[str]]:
    """Write a line of the directory as a record that JSON can hold."""
    return {
        "extension": listing.extension,
        "name": listing.name,
        "unit": listing.unit,
        "mail": listing.mail,
        "mobiles": list(listing.mobiles),
        "search": list(listing.search),
    }
