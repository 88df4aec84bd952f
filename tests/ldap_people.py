"""People as a directory server tells of them, for tests that run none."""

from voice.ldap.entries import Entry
from voice.ldap.settings import LdapSettings

USUAL = LdapSettings()


def entry(name: str | bytes, **values: str | bytes) -> Entry:
    """Return somebody of this name, with one value of each attribute."""
    texts = {"displayName": name, **values}
    told = {
        attribute.lower(): [value.encode() if isinstance(value, str) else value]
        for attribute, value in texts.items()
    }
    return Entry(f"cn={name!r},dc=example", told)
