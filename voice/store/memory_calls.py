"""Calls in memory: what was said in them, as it is said, and how they went."""

from dataclasses import replace
from datetime import date, datetime

from voice.divert.model import Extension
from voice.divert.walltime import local
from voice.store.counts_port import Outcome, Understanding
from voice.store.live_port import News, Told, What
from voice.store.memory_contents import Contents
from voice.store.port import Call, CallId, CallTakenError, Turn, UnknownCallError
from voice.store.positions import Position, read_on
from voice.store.values import in_utc


class MemoryTranscripts:
    """What was said in each call."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def begin(self, call: Call) -> None:
        """Open the transcript of a call."""
        if call.id in self._contents.calls:
            raise CallTakenError(call.id)
        ended = None if call.ended is None else in_utc(call.ended)
        call = replace(call, began=in_utc(call.began), ended=ended)
        self._contents.calls[call.id] = call
        self._contents.turns[call.id] = []
        self._contents.tell(What.BEGAN, call.id)

    async def add(self, call: CallId, turn: Turn) -> None:
        """Append one turn."""
        turns = self._turns(call)
        turns.append(turn)
        self._contents.tell(What.SPOKE, call, len(turns) - 1)

    async def identify(self, call: CallId, caller: Extension) -> None:
        """Write who calls."""
        self._turns(call)
        begun = self._contents.calls[call]
        self._contents.calls[call] = replace(begun, caller=caller)
        self._contents.tell(What.IDENTIFIED, call)

    async def end(self, call: CallId, outcome: str, at: datetime) -> None:
        """Write how and when the call ended."""
        turns, begun = self._turns(call), self._contents.calls[call]
        self._contents.calls[call] = replace(begun, ended=in_utc(at), outcome=outcome)
        if begun.ended is None:
            self._contents.count(local(begun.began).date(), outcome, turns)
        self._contents.tell(What.ENDED, call)

    async def calls(
        self, limit: int = 100, extension: Extension | None = None
    ) -> tuple[Call, ...]:
        """Return the latest calls, newest first."""
        calls = (
            call
            for call in reversed(self._contents.calls.values())
            if extension in (None, call.caller)
        )
        newest = sorted(calls, key=lambda call: call.began, reverse=True)
        return tuple(newest[:limit])

    async def unfinished(self) -> tuple[Call, ...]:
        """Return the calls that nobody has ended, oldest first."""
        calls = self._contents.calls.values()
        open_calls = (call for call in calls if call.ended is None)
        return tuple(sorted(open_calls, key=lambda call: call.began))

    async def turns(self, call: CallId) -> tuple[Turn, ...]:
        """Return the turns of a call as they were added."""
        return tuple(self._turns(call))

    def _turns(self, call: CallId) -> list[Turn]:
        try:
            return self._contents.turns[call]
        except KeyError:
            raise UnknownCallError(call) from None


class MemoryLive:
    """What happens in all calls."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def position(self) -> Position:
        """Return where we are now."""
        return Position(len(self._contents.feed))

    async def after(self, position: Position, limit: int = 200) -> Told:
        """Return what happened after a position, each thing once."""
        later = list(enumerate(self._contents.feed, 1))[position.last :]
        # What was erased meanwhile is not told.
        some = [each for each in later if each[1][1] in self._contents.calls][:limit]
        news = (self._news(*happened) for _, happened in some)
        return Told(tuple(news), read_on(position, [number for number, _ in some]))

    def _news(self, what: What, id: CallId, number: int | None) -> News:
        call = self._contents.calls[id]
        if number is None:
            return News(what, call)
        return News(what, call, self._contents.turns[id][number], number)


class MemoryCounts:
    """What was counted when calls ended."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def understanding(
        self, since: date, until: date
    ) -> tuple[Understanding, ...]:
        """Return how well was understood, by day, place and meaning."""
        counted = sorted(self._contents.understanding.items())
        return tuple(each for (day, _), each in counted if since <= day <= until)

    async def outcomes(self, since: date, until: date) -> tuple[Outcome, ...]:
        """Return how calls ended, by day and outcome."""
        counted = sorted(self._contents.outcomes.items())
        return tuple(
            Outcome(day, outcome, calls)
            for (day, outcome), calls in counted
            if since <= day <= until
        )
