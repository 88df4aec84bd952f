"""The filter that people are looked for with, as RFC 4515 writes it."""

import re

from voice.ldap.settings import LdapSettings

# RFC 4515 §3: these stand for themselves only when they are written as \XX; NUL too.
# So are blanks round a value, which are taken for none of it.
_SPECIAL = re.compile(r"[*()\\\x00]|\A\s+|\s+\Z")
# Attribute, rule and value; in a value, * stands for anything.
_ITEM = re.compile(
    r"[a-zA-Z0-9.;:-]+(=|~=|>=|<=)([^()\\\x00]|\\[0-9a-fA-F]{2})*", re.ASCII
)
_DEEPEST = 20


def escaped(value: str) -> str:
    """Return a value that means nothing but itself in a filter."""

    def written(found: re.Match[str]) -> str:
        return "".join(f"\\{byte:02x}" for byte in found[0].encode())

    return _SPECIAL.sub(written, value)


def is_filter(text: str) -> bool:
    """Tell whether a text is one whole filter."""
    return _after(text, 0, _DEEPEST) == len(text)


def wanted(settings: LdapSettings) -> str:
    """Return the filter of those who are to be in the directory."""
    parts = [settings.filter or _with_number(settings)]
    if settings.group:
        parts.append(f"(memberOf={escaped(settings.group)})")
    return parts[0] if len(parts) == 1 else f"(&{''.join(parts)})"


def _with_number(settings: LdapSettings) -> str:
    # A server that does not know an attribute finds nobody by it, and goes on.
    has_one = "".join(f"({each}=*)" for each in " ".join(settings.number).split())
    return f"(&(objectClass=person)(|{has_one}))"


def _after(text: str, at: int, depth: int) -> int:
    """Return where the filter ends that begins here; -1 where none does."""
    if text[at : at + 1] != "(" or not depth:
        return -1
    at += 1
    if text[at : at + 1] not in ("&", "|", "!"):
        item = _ITEM.match(text, at)
        return _closed(text, item.end()) if item else -1
    least, most = (1, 1) if text[at] == "!" else (1, len(text))
    at, found = at + 1, 0
    while text[at : at + 1] == "(" and found < most:
        at, found = _after(text, at, depth - 1), found + 1
        if at < 0:
            return -1
    return _closed(text, at) if found >= least else -1


def _closed(text: str, at: int) -> int:
    return at + 1 if text[at : at + 1] == ")" else -1
