"""Turns marked as misheard, in memory."""

from dataclasses import replace
from datetime import datetime

from voice.store.marks_port import Marked, Misheard
from voice.store.memory_contents import Contents
from voice.store.port import CallId, UnknownCallError, UnknownTurnError
from voice.store.receipts import marked
from voice.store.values import in_utc


class MemoryMarks:
    """Turns marked as misheard."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def put(self, mark: Misheard) -> None:
        """Mark a turn, in the place of its earlier mark."""
        self._check(mark.call)
        if not 0 <= mark.turn < len(self._contents.turns[mark.call]):
            raise UnknownTurnError(mark.call, mark.turn)
        mark = replace(mark, at=in_utc(mark.at))
        self._contents.marks[mark.call, mark.turn] = mark
        self._contents.audit.append(marked(mark.call, mark.turn, mark.at, mark.by))

    async def remove(self, call: CallId, turn: int, now: datetime, by: str) -> None:
        """Take a mark away; removing it twice is not an error."""
        self._check(call)
        if self._contents.marks.pop((call, turn), None) is not None:
            gone = marked(call, turn, in_utc(now), by, "MarkRemoved")
            self._contents.audit.append(gone)

    async def of(self, call: CallId) -> tuple[Misheard, ...]:
        """Return the marks in a call, in the order of its turns."""
        self._check(call)
        return tuple(self._of(call))

    async def all(self) -> tuple[Marked, ...]:
        """Return every mark, in the order of calls begun, and of their turns."""
        return tuple(
            Marked(mark, call, self._contents.turns[call.id][mark.turn])
            for call in self._contents.calls.values()
            for mark in self._of(call.id)
        )

    def _of(self, call: CallId) -> list[Misheard]:
        marks = self._contents.marks
        return [marks[key] for key in sorted(marks) if key[0] == call]

    def _check(self, call: CallId) -> None:
        if call not in self._contents.calls:
            raise UnknownCallError(call)
