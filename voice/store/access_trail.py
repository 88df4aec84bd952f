"""How a change of who may do what is told on the audit trail: it is no extension's."""

from collections.abc import Iterable
from datetime import datetime

from voice.divert.model import Extension, Source
from voice.store.audit_port import AuditEntry
from voice.store.values import in_utc

NOBODYS = Extension("")


def hands_of(login: str) -> tuple[str, ...]:
    """Return all that the trail may call somebody who has done something."""
    return (login, *(f"{source.value}: {login}" for source in Source))


def told(
    now: datetime, by: str, event: str, subject: str, detail: Iterable[str] = ()
) -> AuditEntry:
    """Return what the trail says of a change to the account, key or hook `subject`."""
    details = " ".join(sorted(detail))
    return AuditEntry(in_utc(now), NOBODYS, by, event, (), (), subject, details)
