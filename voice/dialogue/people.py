"""Who can be asked for, what is said to find them, and who was found."""

from dataclasses import dataclass

from voice.divert.model import Extension


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the directory; `search` is what else they are called."""

    extension: Extension
    name: str
    unit: str = ""
    search: tuple[str, ...] = ()


def spoken(name: str) -> str:
    """Return a name as it is said: "Berg, Anna", as lists have it, is Anna Berg."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else name


@dataclass(frozen=True, slots=True)
class Sought:
    """A name or a unit was said: everybody it can mean, nobody where none is known."""

    persons: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Picked:
    """One of those who were told was chosen, by its number from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class Several:
    """Some who are called alike, in the order in which they are told."""

    persons: tuple[Person, ...]
