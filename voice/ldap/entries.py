"""What an entry of a directory server says of a person, as texts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from voice.ldap.settings import LdapSettings

_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Entry:
    """A person as the server tells of them."""

    dn: str
    values: Mapping[str, Sequence[bytes]]
    """By the names of attributes, in small letters (RFC 4512 §2.5)."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is said of a person; what no attribute is named for is None."""

    who: str
    """What the person is called, or else where the entry stands."""
    number: str
    name: str
    unit: str | None
    mail: str | None
    mobiles: tuple[str, ...] | None
    search: tuple[str, ...] | None


def row_of(entry: Entry, settings: LdapSettings) -> Row:
    """Read one entry."""
    name = _first(entry, settings.name)
    return Row(
        who=_seen(name or entry.dn),
        number=_first(entry, settings.number),
        name=name,
        unit=_first(entry, settings.unit) if settings.unit else None,
        mail=_first(entry, settings.mail) if settings.mail else None,
        mobiles=tuple(_all(entry, settings.mobiles)) if settings.mobiles else None,
        search=tuple(_all(entry, settings.search)) if settings.search else None,
    )


def _seen(text: str) -> str:
    """Return what a line of a screen can show of a text."""
    return "".join(s if s.isprintable() else "\ufffd" for s in text[:_LONGEST_SHOWN])


def _first(entry: Entry, names: Sequence[str]) -> str:
    """Return the first that the entry has; of several values, always the same."""
    for joined in names:
        found = [_values(entry, name)[:1] for name in joined.split()]
        if all(found):
            return " ".join(value for values in found for value in values)
    return ""


def _all(entry: Entry, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield from _values(entry, name)


def _values(entry: Entry, name: str) -> list[str]:
    # Values stand in no order (RFC 4512 §2.3), and may come in another next time.
    # What is no UTF-8 is seen by its signs, which nothing in the directory may have.
    texts = (value.decode(errors="replace").strip() for value in _raw(entry, name))
    return sorted(filter(None, texts), key=lambda text: (len(text), text))


def _raw(entry: Entry, name: str) -> Sequence[bytes]:
    return entry.values.get(name.lower(), ())
