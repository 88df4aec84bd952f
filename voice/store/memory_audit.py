"""The audit trail in memory."""

from dataclasses import replace

from voice.divert.model import Extension
from voice.store.audit_port import AuditEntry, ChangesFound, ChangesWanted, Noted
from voice.store.memory_contents import Contents
from voice.store.values import diverts_in_utc, in_utc


class MemoryAudit:
    """Every change there has been."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def entries(
        self, extension: Extension | None = None, limit: int = 100
    ) -> tuple[AuditEntry, ...]:
        """Return the latest changes, the last one first."""
        entries = [
            entry
            for entry in reversed(self._contents.audit)
            if extension in (None, entry.extension) and entry.event
        ]
        return tuple(entries[:limit])

    async def find(
        self, wanted: ChangesWanted, before: int | None = None, limit: int = 50
    ) -> ChangesFound:
        """Return the latest changes that are sought, before one by its number."""
        every = (Noted(n, entry) for n, entry in enumerate(self._contents.audit, 1))
        # What was erased is nothing, in a place that is not given to another.
        noted = (each for each in every if each.entry.event)
        earlier = [n for n in noted if before is None or n.number < before]
        found = [n for n in reversed(earlier) if _is_sought(n.entry, wanted)]
        return ChangesFound(tuple(found[:limit]), more=len(found) > limit)

    async def note(self, entry: AuditEntry) -> None:
        """Write down a change that was made elsewhere than in the store."""
        before, after = diverts_in_utc(entry.before), diverts_in_utc(entry.after)
        at = in_utc(entry.at)
        self._contents.audit.append(replace(entry, at=at, before=before, after=after))


def _is_sought(entry: AuditEntry, wanted: ChangesWanted) -> bool:
    return (
        wanted.extension in (None, entry.extension)
        and wanted.by in (None, entry.by)
        and (wanted.hand is None or _is_hand(wanted.hand, entry.by))
        and wanted.event in (None, entry.event)
        and wanted.subject in (None, entry.subject)
        and (wanted.since is None or entry.at >= wanted.since)
        and (wanted.until is None or entry.at < wanted.until)
    )


def _is_hand(hand: str, by: str) -> bool:
    return by == hand or by.startswith(f"{hand}: ") or by.endswith(f": {hand}")
