"""Follows the audit trail, to know whose diverts people have changed."""

from voice.divert.model import Extension, Source
from voice.store.audit_port import Audit, ChangesWanted, Noted

# As many as are looked at each time; one that was numbered before others, and kept
# after them, is found among these.
_PAGE = 20


class Trail:
    """Reads on where it ended, however much was changed meanwhile."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self._seen: frozenset[int] | None = None

    async def changed(self) -> tuple[Extension, ...]:
        """Return whose diverts people have changed since the last time; first nobody's.

        What calendars have changed is left out.
        """
        seen = self._seen
        read = await self._read(seen)
        self._seen = frozenset(each.number for each in read)
        if seen is None:
            return ()
        # What is older than all of them has only moved up: the trail forgets in time.
        oldest = min(seen, default=0)
        unseen = (each for each in read if each.number not in seen)
        new = (each.entry for each in unseen if each.number > oldest)
        return tuple(each.extension for each in new if each.by != Source.CALENDAR)

    async def _read(self, seen: frozenset[int] | None) -> list[Noted]:
        """Return the latest changes, back to one that was seen before."""
        read: list[Noted] = []
        before: int | None = None
        while True:
            page = await self._audit.find(ChangesWanted(), before, _PAGE)
            read += page.changes
            if seen is None or not page.more:
                return read
            before = read[-1].number
            if before <= max(seen, default=0):
                return read
