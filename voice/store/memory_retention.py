"""Lets go of what memory holds on people."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from voice.divert.model import Extension
from voice.store.access_trail import NOBODYS, hands_of
from voice.store.memory_contents import Contents
from voice.store.mentions import is_mention, text_without, without
from voice.store.port import AuditEntry, Call
from voice.store.receipts import SOMEBODY, changes_erased, erased_before
from voice.store.retention_port import Mention, Named
from voice.store.values import in_utc


class MemoryRetention:
    """Lets go of what is held on people."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def erasable(self, before: datetime) -> int:
        """Count the calls that ended before an instant."""
        return len(self._ended(lambda call: _ended_before(call, before)))

    async def erase_before(self, before: datetime, now: datetime, by: str) -> int:
        """Erase the calls that ended before an instant, and return how many."""
        in_utc(now)  # a fault in it is one before anything is erased
        erased = self._erase(lambda call: _ended_before(call, before))
        if erased:
            self._contents.audit.append(erased_before(before, now, by, erased))
        return erased

    async def erase_changes_before(
        self, before: datetime, now: datetime, by: str
    ) -> int:
        """Erase what the trail tells of before an instant; count the changes."""
        trail = self._contents.audit
        old = [place for place, e in enumerate(trail) if e.event and e.at < before]
        for place in old:
            # In its place, so that those after it keep their numbers.
            trail[place] = AuditEntry(before, NOBODYS, "", "", (), ())
        if old:
            trail.append(changes_erased(before, now, by, len(old)))
        return len(old)

    async def erase_calls(self, extension: Extension) -> int:
        """Erase the calls from an extension and those to it, and return how many."""
        return self._erase(lambda call: extension in (call.caller, call.place))

    async def mentions(self, named: Named) -> tuple[Mention, ...]:
        """Return where a person is spoken of, in the order of calls and turns."""
        calls = sorted(self._contents.calls.values(), key=lambda call: call.began)
        return tuple(
            Mention(call, turn)
            for call in calls
            for turn in self._contents.turns[call.id]
            if is_mention(turn, named)
        )

    async def forget_mentions(self, named: Named) -> int:
        """Strike a person out of what was said, and of what was misheard."""
        found = await self.mentions(named)
        for turns in self._contents.turns.values():
            turns[:] = [without(turn, named) for turn in turns]
        marks, count = self._contents.marks, len(found)
        for key, mark in marks.items():
            left = text_without(mark.said, named.name)
            count += left != mark.said
            marks[key] = replace(mark, said=left)
        return count

    async def forget_changes(
        self, extension: Extension, logins: Collection[str], receipt: AuditEntry
    ) -> int:
        """Let what the trail tells of a person tell of nobody, and add a receipt."""
        trail = self._contents.audit
        theirs = [e.extension == extension or e.subject in logins for e in trail]
        nobodys = {
            hand: nobody
            for login in logins
            for hand, nobody in zip(hands_of(login), hands_of(SOMEBODY), strict=True)
        }
        for place, entry in enumerate(trail):
            if theirs[place]:
                entry = AuditEntry(entry.at, NOBODYS, entry.by, entry.event, (), ())
            trail[place] = replace(entry, by=nobodys.get(entry.by, entry.by))
        for key, mark in self._contents.marks.items():
            by = nobodys.get(mark.by, mark.by)
            self._contents.marks[key] = replace(mark, by=by)
        trail.append(replace(receipt, at=in_utc(receipt.at)))
        return sum(theirs)

    def _ended(self, which: Callable[[Call], bool]) -> list[Call]:
        calls = self._contents.calls.values()
        return [call for call in calls if call.ended is not None and which(call)]

    def _erase(self, which: Callable[[Call], bool]) -> int:
        gone = self._ended(which)
        for call in gone:
            self._contents.erase(call.id)
        return len(gone)


def _ended_before(call: Call, before: datetime) -> bool:
    return call.ended is not None and call.ended < before
