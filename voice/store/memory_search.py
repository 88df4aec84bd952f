"""Calls found in memory."""

from collections.abc import Iterator

from voice.store.memory_contents import Contents
from voice.store.port import Call, CallId, Turn, UnknownCallError
from voice.store.search_port import CallsFound, CallsWanted, FoundCall
from voice.store.understanding import How, hearing
from voice.store.words import terms_of, words_of


class MemorySearch:
    """Calls, found by what was said in them and by how they went."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def find(
        self, wanted: CallsWanted, after: CallId | None = None, limit: int = 50
    ) -> CallsFound:
        """Return the newest calls that are sought, after a call if one is given."""
        # Of those that began at the same instant, the one begun last comes first.
        begun_last = reversed(self._contents.calls.values())
        newest = sorted(begun_last, key=lambda call: call.began, reverse=True)
        if after is not None:
            newest = newest[newest.index((await self.call(after)).call) + 1 :]
        found = [each for each in map(self._found, newest) if self._fits(each, wanted)]
        return CallsFound(tuple(found[:limit]), more=len(found) > limit)

    async def call(self, call: CallId) -> FoundCall:
        """Return one call."""
        if call not in self._contents.calls:
            raise UnknownCallError(call)
        return self._found(self._contents.calls[call])

    async def turns(
        self, call: CallId, first: int = 0, limit: int = 500
    ) -> tuple[Turn, ...]:
        """Return some turns of a call as they were added, from one of them on."""
        await self.call(call)
        return tuple(self._contents.turns[call][first : first + limit])

    def _found(self, call: Call) -> FoundCall:
        turns = self._contents.turns[call.id]
        heard = [(hearing(turn), turn.score) for turn in turns]
        hows = [each.how for each, _ in heard if each is not None]
        scores = [score for each, score in heard if each and score is not None]
        return FoundCall(
            call,
            len(turns),
            hows.count(How.DOUBTFUL),
            hows.count(How.MISSED),
            min(scores, default=None),
            sum(1 for of, _ in self._contents.marks if of == call.id),
        )

    def _fits(self, found: FoundCall, wanted: CallsWanted) -> bool:
        turns = self._contents.turns[found.call.id]
        if wanted.at is not None and wanted.at not in (each.place for each in turns):
            return False
        return all(_demands(found, wanted)) and self._has_words(found.call, wanted.text)

    def _has_words(self, call: Call, text: str) -> bool:
        if not text.strip():
            return True
        terms = terms_of(text)
        turns = self._contents.turns[call.id]
        words = {word for turn in turns for word in words_of(turn.text)}
        return bool(terms) and all(any(map(term.fits, words)) for term in terms)


def _demands(found: FoundCall, wanted: CallsWanted) -> Iterator[bool]:
    call = found.call
    yield wanted.extension in (None, call.caller)
    yield wanted.place in (None, call.place)
    yield wanted.outcome in (None, call.outcome)
    yield wanted.since is None or call.began >= wanted.since
    yield wanted.until is None or call.began < wanted.until
    is_below = found.worst is not None and found.worst < (wanted.below or 0.0)
    yield wanted.below is None or is_below
    yield found.doubtful + found.missed > 0 or not wanted.misunderstood
    yield found.marked > 0 or not wanted.marked
    yield wanted.going_on in (None, call.ended is None)
