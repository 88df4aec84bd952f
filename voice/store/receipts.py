"""What the audit trail tells of calls and of people let go of: it is no extension's."""

from collections.abc import Mapping
from datetime import datetime

from voice.divert.model import Extension
from voice.store.access_trail import NOBODYS
from voice.store.audit_port import AuditEntry
from voice.store.calls_port import CallId
from voice.store.values import in_utc

SOMEBODY = "somebody"
"""By whom something was done, when that is to be told no more."""


def marked(
    call: CallId, turn: int, at: datetime, by: str, event: str = "TurnMarked"
) -> AuditEntry:
    """Return what the trail tells of a mark: not what was said."""
    detail = f"turn {turn}"
    return AuditEntry(in_utc(at), NOBODYS, by, event, (), (), call, detail)


def erased_before(before: datetime, now: datetime, by: str, calls: int) -> AuditEntry:
    """Return the receipt for calls that were erased because they were old."""
    until = f"calls that ended before {in_utc(before).isoformat()}"
    detail = f"{calls} calls"
    return AuditEntry(in_utc(now), NOBODYS, by, "CallsErased", (), (), until, detail)


def changes_erased(
    before: datetime, now: datetime, by: str, changes: int
) -> AuditEntry:
    """Return the receipt for changes that were erased because they were old."""
    until = f"changes made before {in_utc(before).isoformat()}"
    detail = f"{changes} changes"
    return AuditEntry(in_utc(now), NOBODYS, by, "ChangesErased", (), (), until, detail)


def person_erased(
    extension: Extension, now: datetime, by: str, detail: str
) -> AuditEntry:
    """Return the receipt for all that was held on a person."""
    event = "PersonErased"
    return AuditEntry(in_utc(now), extension, by, event, (), (), detail=detail)


def person_exported(
    extension: Extension, now: datetime, by: str, is_masked: bool
) -> AuditEntry:
    """Return what the trail tells of somebody who was given all that is held."""
    event, detail = "PersonExported", "masked" if is_masked else ""
    return AuditEntry(in_utc(now), extension, by, event, (), (), detail=detail)


def directory_synced(now: datetime, by: str, counts: Mapping[str, int]) -> AuditEntry:
    """Return the receipt for a directory made as a site's directory server has it."""
    detail = ", ".join(f"{count} {what}" for what, count in counts.items())
    event = "DirectorySynced"
    return AuditEntry(in_utc(now), NOBODYS, by, event, (), (), detail=detail)
