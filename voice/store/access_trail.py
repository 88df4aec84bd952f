"""How a change of who may do what is told on the audit trail: it is no extension's."""

from datetime import datetime

from voice.divert.model import Extension
from voice.store.port import AuditEntry
from voice.store.values import in_utc

NOBODYS = Extension("")


def told(now: datetime, by: str, event: str, subject: str) -> AuditEntry:
    """Return what the trail says of a change to the account, key or hook `subject`."""
    return AuditEntry(in_utc(now), NOBODYS, by, event, (), ())
