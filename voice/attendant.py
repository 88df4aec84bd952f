"""One call, from answer to the end: hears, asks the dialogue, does what it says."""

import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Protocol, TypeAlias

from voice.dialogue.states import (
    Action,
    Ended,
    Found,
    HangUp,
    Happened,
    Heard,
    Look,
    Obey,
    Rehearsing,
    Repeat,
    Say,
    State,
    Transfer,
    Try,
    place,
)
from voice.dialogue.step import answer, step
from voice.divert.model import Extension, Refused, Source
from voice.language.catalog import Catalog
from voice.language.meaning import meaning
from voice.language.prompts import speaker
from voice.language.times import Moment
from voice.language.understand import Here
from voice.obey import Door, Rehearsal
from voice.store.port import Turn, Who

log = logging.getLogger(__name__)

Record: TypeAlias = Callable[[Turn], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Said:
    """What was heard or keyed, `t` seconds into the call, and what was meant by it."""

    t: float
    heard: Heard
    who: Who = Who.CALLER
    text: str = ""
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A line to speak; `key` names a fixed prompt, which may have been recorded."""

    text: str
    key: str | None = None


class Caller(Protocol):
    """The person in the call, seen from the dialogue."""

    async def say(self, sentence: Sentence) -> float:
        """Begin to speak, after what is being spoken; return the time of the call."""
        ...

    async def hear(self, here: Callable[[float], Here]) -> Said:
        """Wait for what comes next; `here` is the situation at a time of the call."""
        ...

    async def transfer(self) -> None:
        """Let what is being spoken end, then put the caller through."""
        ...

    async def hang_up(self) -> None:
        """Let what is being spoken end, then end the call."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What an attendant needs to take calls."""

    catalog: Catalog
    door: Door
    red_days: frozenset[date]


class Attendant:
    """Takes one call."""

    def __init__(
        self, desk: Desk, extension: Extension, began: datetime, record: Record
    ) -> None:
        self._desk, self._extension, self._record = desk, extension, record
        self._began, self._now = began, began
        self._mouth = Source.VOICE
        self._rehearsal: Rehearsal | None = None
        self._last: tuple[Sentence, ...] = ()
        self._turns: list[Turn] = []

    async def attend(self, caller: Caller) -> str:
        """Run the dialogue until the call is over; return how it ended."""
        state, actions = answer()
        said: Said | None = None
        while True:
            state, actions = await self._carry_out(state, actions, said)
            try:
                await self._express(actions, caller)
            finally:
                # A call that breaks off has its transcript all the same.
                await self._write_down()
            if isinstance(state, Ended):
                return _outcome(actions)
            said = await caller.hear(partial(self._here, place(state)))
            self._now = self._at(said.t)
            self._mouth = Source.KEYS if said.who is Who.KEYS else Source.VOICE
            before = state
            state, actions = step(state, said.heard)
            # Names of moves only: what people say belongs in the transcript.
            names = [type(value).__name__ for value in (before, said.heard, state)]
            log.info("%s: %s -> %s", *names)

    async def _write_down(self) -> None:
        # After the answer has begun: nobody waits for the transcript.
        for turn in self._turns:
            await self._record(turn)
        self._turns.clear()

    def _at(self, t: float) -> datetime:
        return self._began + timedelta(seconds=t)

    def _moment(self, now: datetime) -> Moment:
        return Moment(now, self._desk.red_days, self._desk.catalog.parts)

    def _here(self, at: str, t: float) -> Here:
        return Here(at, self._extension, self._moment(self._at(t)))

    async def _carry_out(
        self, state: State, actions: tuple[Action, ...], said: Said | None
    ) -> tuple[State, tuple[Action, ...]]:
        """Do what changes or looks things up, and return what is left to express."""
        waiting, left = deque(actions), list[Action]()
        event: str | None = None
        while waiting:
            action = waiting.popleft()
            heard = await self._done(action, isinstance(state, Rehearsing))
            if heard is None:
                left.append(action)
                continue
            event = _event(action, heard) or event
            state, more = step(state, heard)
            waiting.extend(more)
        if said is not None:
            meant = json.dumps(meaning(said.heard), ensure_ascii=False)
            turn = Turn(said.t, said.who, said.text, said.score, meant, event)
            self._turns.append(turn)
        if not isinstance(state, Rehearsing):
            self._rehearsal = None
        return state, tuple(left)

    async def _done(self, action: Action, rehearsing: bool) -> Heard | None:
        """Carry out what has an answer; None for what is only expressed."""
        door, now = self._desk.door, self._now
        match action:
            case Obey(command):
                by = getattr(command, "source", self._mouth)
                event = await door.obey(command, now, by)
                return Happened(event, await door.standing(self._extension, now))
            case Try(command):
                return (await self._tried()).attempt(command, now)
            case Look() if rehearsing:
                return Found((await self._tried()).counting(now))
            case Look():
                return Found(await door.standing(self._extension, now))
            case _:
                return None

    async def _tried(self) -> Rehearsal:
        if self._rehearsal is None:
            door = self._desk.door
            standing = await door.store.diverts.standing(self._extension)
            self._rehearsal = Rehearsal(standing, door.site)
        return self._rehearsal

    async def _express(self, actions: tuple[Action, ...], caller: Caller) -> None:
        fills = speaker(self._desk.catalog, self._moment(self._now))
        spoken: list[Sentence] = []
        for action in actions:
            match action:
                case Say(key, about):
                    text = fills.sentence(action)
                    spoken.append(Sentence(text, key if about is None else None))
                    await self._say(spoken[-1], caller)
                case Repeat():
                    for sentence in self._last:
                        await self._say(sentence, caller)
                case Transfer():
                    await caller.transfer()
                case HangUp():
                    await caller.hang_up()
        self._last = tuple(spoken) or self._last

    async def _say(self, sentence: Sentence, caller: Caller) -> None:
        t = await caller.say(sentence)
        self._turns.append(Turn(t, Who.ATTENDANT, sentence.text))


def _event(action: Action, heard: Heard) -> str | None:
    """Name what came of an action, as the transcript tells it."""
    match action, heard:
        case _, Happened(Refused(why)):
            return f"refused: {why}"
        case Try(), Happened(event):
            return f"rehearsed: {type(event).__name__}"
        case _, Happened(event):
            return type(event).__name__
        case _:
            return None


def _outcome(actions: tuple[Action, ...]) -> str:
    if Transfer() in actions:
        return "transferred"
    return "ended" if HangUp() in actions else "hung_up"
