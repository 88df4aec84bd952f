"""What can be set of a directory server: kinds of settings that nothing else has."""

import re
from urllib.parse import urlsplit

from voice.ldap.filters import is_filter
from voice.setting_kinds import PORTS, Kind, KindError

# RFC 4512 §2.5; several that are joined have a blank between them.
_ATTRIBUTE = r"[A-Za-z][A-Za-z0-9-]{0,62}(;[A-Za-z0-9-]{1,63})*"
_ATTRIBUTES = re.compile(rf"{_ATTRIBUTE}( {_ATTRIBUTE})*", re.ASCII)
_MOST_ATTRIBUTES = 10
_LONGEST = 500


def server(value: object) -> str:
    """Read the address of a directory server."""
    text = value if isinstance(value, str) else ""
    try:
        split = urlsplit(text)
        port = split.port
    except ValueError:
        split, port = urlsplit(""), None
    is_server = split.scheme in ("ldap", "ldaps") and split.hostname
    rest = (split.path.strip("/"), split.query, split.fragment, split.username)
    if not is_server or any(rest) or (port is not None and port not in PORTS):
        raise KindError(
            'this is no directory server: write "ldaps://HOST", or "ldap://HOST:PORT"'
        )
    return text.rstrip("/")


def name(value: object) -> str:
    """Read a name in the server: of a branch, a group or an account."""
    is_text = isinstance(value, str) and value.strip() == value != ""
    if not is_text or not str(value).isprintable() or len(str(value)) > _LONGEST:
        raise KindError(
            "this is no name in a directory server: write it as "
            '"OU=Personal,DC=example,DC=org"'
        )
    return str(value)


def search_filter(value: object) -> str:
    """Read a filter."""
    if not isinstance(value, str) or not is_filter(value):
        raise KindError(
            'this is no filter (RFC 4515): write it as "(objectClass=person)", and '
            "( ) * \\ within a value as \\28 \\29 \\2a \\5c"
        )
    return value


def attributes(least: int) -> Kind:
    """Return the kind of lists of attributes, with so many at least."""

    def read(value: object) -> tuple[str, ...]:
        named = value if isinstance(value, list) else [None]
        is_well = least <= len(named) <= _MOST_ATTRIBUTES and all(
            isinstance(each, str) and _ATTRIBUTES.fullmatch(each) for each in named
        )
        if not is_well:
            raise KindError(
                'these are no attributes: write them as ["displayName", "givenName sn"]'
            )
        return tuple(named)

    return read
