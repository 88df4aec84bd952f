"""Questions that may come twice, in memory: the twin of those in a database."""

from dataclasses import replace
from datetime import datetime

from voice.store.memory_contents import Contents
from voice.store.repeats_port import KEPT_FOR, Answer, Asked, Earlier
from voice.store.values import in_utc


class MemoryRepeats:
    """The questions of a day, and their answers."""

    def __init__(self, contents: Contents) -> None:
        self._repeats = contents.repeats

    async def begin(self, asked: Asked, now: datetime) -> Earlier | None:
        """Take a question up; or return the one that came before by its id."""
        key = asked.key, asked.id
        if key in self._repeats:
            return self._repeats[key][1]
        self._repeats[key] = in_utc(now), Earlier(asked, None)
        return None

    async def answered(self, asked: Asked, answer: Answer) -> None:
        """Keep what a question was answered with."""
        key = asked.key, asked.id
        if key in self._repeats:
            at, earlier = self._repeats[key]
            self._repeats[key] = at, replace(earlier, answer=answer)

    async def forget(self, asked: Asked) -> None:
        """Let a question be asked anew, because nothing came of it."""
        self._repeats.pop((asked.key, asked.id), None)

    async def sweep(self, now: datetime) -> None:
        """Let go of what was asked more than a day ago."""
        for key, (at, _) in list(self._repeats.items()):
            if at <= in_utc(now) - KEPT_FOR:
                del self._repeats[key]
