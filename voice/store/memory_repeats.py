"""Questions that may come twice, in memory: the twin of those in a database."""

from dataclasses import replace
from datetime import datetime

from voice.divert.model import Extension
from voice.store.memory_contents import Contents
from voice.store.repeats_port import KEPT_FOR, Answer, Asked, Earlier, tells_of
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

    async def of(self, extension: Extension) -> tuple[Answer, ...]:
        """Return the answers that tell of a person, the first one first."""
        kept = sorted(self._repeats.values(), key=lambda each: each[0])
        answers = (earlier.answer for _, earlier in kept if earlier.answer is not None)
        return tuple(each for each in answers if _tells_of(each, extension))

    async def let_go(self, extension: Extension) -> None:
        """Let go of the answers that tell of a person, with their questions."""
        for key, (_, earlier) in list(self._repeats.items()):
            if _tells_of(earlier.answer, extension):
                del self._repeats[key]

    async def sweep(self, now: datetime) -> None:
        """Let go of what was asked more than a day ago."""
        for key, (at, _) in list(self._repeats.items()):
            if at <= in_utc(now) - KEPT_FOR:
                del self._repeats[key]


def _tells_of(answer: Answer | None, extension: Extension) -> bool:
    return answer is not None and tells_of(extension) in answer.body
