"""The pages that every page leads to."""

from collections.abc import Container
from dataclasses import dataclass

from voice.store.accounts_port import Role
from voice.web.visitors import Visitor


@dataclass(frozen=True, slots=True)
class Entry:
    """A way to a page: its name is a key of words, its icon a macro of icons.html."""

    path: str
    name: str
    icon: str
    role: Role


ENTRIES = (
    Entry("/", "nav.start", "phone", Role.PERSON),
    Entry("/katalog", "nav.directory", "people", Role.PERSON),
    Entry("/samtal", "nav.calls", "talk", Role.OPERATOR),
    Entry("/lage", "nav.health", "chart", Role.OPERATOR),
    Entry("/installningar", "nav.settings", "gear", Role.ADMINISTRATOR),
)


def entries(visitor: Visitor, there: Container[str]) -> tuple[Entry, ...]:
    """Return the ways that somebody may go, among the pages there are."""
    return tuple(e for e in ENTRIES if visitor.may(e.role) and e.path in there)


def is_at(entry: Entry, path: str) -> bool:
    """Tell whether a page belongs to an entry."""
    is_below = entry.path != "/" and path.startswith(f"{entry.path}/")
    return path == entry.path or is_below
