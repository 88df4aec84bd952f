"""Inställningar: the ways to all that administrators can set."""

from collections.abc import Container
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Way:
    """A way to a page of settings: what it is called, and said to be, in words."""

    path: str
    name: str
    text: str


WAYS = (
    Way("/installningar/anknytningar", "settings.people", "settings.people_text"),
    Way("/installningar/katalog/lista", "settings.staff", "settings.staff_text"),
    Way("/installningar/katalog", "synced.title", "synced.text"),
    Way("/installningar/konton", "settings.accounts", "settings.accounts_text"),
    Way("/installningar/orsaker", "settings.reasons", "settings.reasons_text"),
    Way("/installningar/program", "settings.programs", "settings.programs_text"),
    Way("/installningar/tjansten", "settings.site", "settings.site_text"),
    Way("/installningar/spar", "settings.trail", "settings.trail_text"),
)


def ways(there: Container[str]) -> tuple[Way, ...]:
    """Return the ways there are."""
    return tuple(way for way in WAYS if way.path in there)


def seal(shown: object) -> str:
    """Return what tells that a form was made of this, and not of a later self."""
    return sha256(repr(shown).encode()).hexdigest()[:32]
