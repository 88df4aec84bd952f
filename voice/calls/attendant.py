"""One call, from answer to the end: hears, asks the dialogue, does what it says."""

import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeAlias, TypeVar

from voice.calls.errands import Desk, Errands
from voice.dialogue.actions import (
    Action,
    Connect,
    HangUp,
    Key,
    Play,
    Repeat,
    Say,
    Tone,
    Transfer,
)
from voice.dialogue.heard import Connected, Heard, HungUp, NotConnected
from voice.dialogue.states import Ended, Rehearsing, State, Turn, place
from voice.dialogue.step import step
from voice.divert.model import Extension
from voice.language.catalog import Shown
from voice.language.meaning import meaning
from voice.language.prompts import Speaker, speaker
from voice.language.times import Moment
from voice.language.understand import Here
from voice.store.port import Turn as Spoken
from voice.store.port import Who

log = logging.getLogger(__name__)

Record: TypeAlias = Callable[[Spoken], Awaitable[None]]
T = TypeVar("T")

# What a person's own bookings are like, which operators have no business with; and
# what a transcript says in its place.
_OWNERS_ALONE, _INSTEAD = "advice", "advice_kept"


@dataclass(frozen=True, slots=True)
class Said:
    """What was heard or keyed, `t` seconds into the call, and what was meant by it."""

    t: float
    heard: Heard
    who: Who = Who.CALLER
    text: str = ""
    score: float | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """A turn as it was said, and as its transcript keeps it."""

    aloud: Spoken
    kept: Spoken


@dataclass(frozen=True, slots=True)
class Sentence:
    """A line to speak; `key` names a fixed prompt, which may have been recorded.

    What is `private` is for the caller's ears alone, and no transcript keeps it.
    """

    text: str
    key: str | None = None
    private: bool = False


class Caller(Protocol):
    """The person in the call, seen from the dialogue."""

    async def say(self, sentence: Sentence) -> float:
        """Begin to speak, after what is being spoken; return the time of the call."""
        ...

    async def play(self, tone: Tone) -> None:
        """Begin to play a tone, after what is being spoken."""
        ...

    async def hear(self, here: Callable[[float], Here]) -> Said:
        """Wait for what comes next; `here` is the situation at a time of the call."""
        ...

    async def meanwhile(self, work: Awaitable[T]) -> T:
        """Do some work; a caller for whom it takes long is told to wait a moment."""
        ...

    async def transfer(self, number: str) -> bool:
        """Let what is being spoken end, then put the caller through, if it can be."""
        ...

    async def hang_up(self) -> None:
        """Let what is being spoken end, then end the call."""
        ...


class Attendant:
    """Takes one call."""

    def __init__(
        self,
        desk: Desk,
        caller: Extension,
        began: datetime,
        record: Record,
        overhear: Record | None = None,
    ) -> None:
        """Take a call from an extension, or from `NOBODY`, which began at a time.

        Each turn is recorded as a transcript may keep it, and then overheard as it was.
        """
        self._desk, self._record, self._overhear = desk, record, overhear
        self._errands = Errands(desk, caller)
        self._began, self._now = began, began
        self._last: tuple[Sentence, ...] = ()
        self._spoken: list[_Told] = []
        self._preface = desk.preface
        self.through: str | None = None
        """The number that the caller was put through to."""

    @property
    def extension(self) -> Extension:
        """Who calls, as far as is known now; nobody's where it is not."""
        return self._errands.extension

    async def attend(self, caller: Caller, opening: Turn) -> str:
        """Run the dialogue until the call is over; return how it ended."""
        state, actions = opening
        said: Said | None = None
        before = state
        while True:
            doing = self._carry_out(state, actions, said, place(before))
            state, actions = await caller.meanwhile(doing)
            try:
                heard = await self._express(actions, caller)
            finally:
                # A call that breaks off has its transcript all the same.
                await caller.meanwhile(self._write_down())
            if isinstance(state, Ended):
                return _outcome(actions, said)
            if heard is None:
                said = await caller.hear(partial(self._here, place(state)))
                self._now = self._at(said.t)
                heard = said.heard
                if self._desk.note is not None:
                    self._desk.note(place(state), heard, said.score)
            elif isinstance(heard, Connected):
                return "transferred"
            else:
                said = None
            before = state
            state, actions = step(state, heard)
            # Names of moves only: what people say belongs in the transcript.
            names = [type(value).__name__ for value in (before, heard, state)]
            log.info("%s: %s -> %s", *names)

    async def _write_down(self) -> None:
        # After the answer has begun: nobody waits for the transcript.
        for spoken in self._spoken:
            await self._record(spoken.kept)
            if self._overhear is not None:
                await self._overhear(spoken.aloud)
        self._spoken.clear()

    def _at(self, t: float) -> datetime:
        return self._began + timedelta(seconds=t)

    def _moment(self, now: datetime) -> Moment:
        return Moment(now, self._desk.red_days, self._desk.catalog.parts)

    def _here(self, at: str, t: float) -> Here:
        return Here(at, self._errands.extension, self._moment(self._at(t)))

    async def _carry_out(
        self, state: State, actions: tuple[Action, ...], said: Said | None, at: str
    ) -> Turn:
        """Do what changes or looks things up, and return what is left to express.

        `at` is the place where it was said.
        """
        waiting, left = deque(actions), list[Action]()
        here_t = (self._now - self._began).total_seconds()
        event: str | None = None
        while waiting:
            action = waiting.popleft()
            rehearsing = isinstance(state, Rehearsing)
            keyed = said is None or said.who is Who.KEYS
            here = self._here(place(state), here_t)
            done = await self._errands.run(action, here, rehearsing, keyed)
            if done is None:
                left.append(action)
                continue
            if isinstance(action, Key):
                self._write(said, at, event)
                at, event = place(state), None
                said = Said(here_t, done.heard, Who.KEYS, action.keys)
            event = done.event or event
            state, more = step(state, done.heard)
            waiting.extend(more)
        self._write(said, at, event)
        return state, tuple(left)

    def _write(self, said: Said | None, at: str, event: str | None) -> None:
        """Write what was said at a place, and what came of it."""
        if said is None:
            return
        meant = json.dumps(meaning(said.heard), ensure_ascii=False)
        there = self._desk.catalog.places[at]
        secret = there.digits is Shown.SECRET and said.who is Who.KEYS
        text = "•" * len(said.text) if secret else said.text
        turn = Spoken(said.t, said.who, text, said.score, meant, event, at)
        self._spoken.append(_Told(turn, turn))

    async def _express(
        self, actions: tuple[Action, ...], caller: Caller
    ) -> Heard | None:
        """Speak and play; return what came of putting the caller through."""
        fills = speaker(self._desk.catalog, self._moment(self._now))
        spoken: list[Sentence] = []
        heard: Heard | None = None
        for action in actions:
            match action:
                case Say(key, about):
                    await self._say_first(fills, caller)
                    text = fills.sentence(action)
                    fixed = key if about is None else None
                    spoken.append(Sentence(text, fixed, key == _OWNERS_ALONE))
                    await self._say(spoken[-1], caller)
                case Play(tone):
                    await caller.play(tone)
                case Repeat():
                    for sentence in self._last:
                        await self._say(sentence, caller)
                case Transfer() | Connect():
                    number = self._errands.number(action)
                    if await caller.transfer(number):
                        self.through, heard = number, Connected()
                    else:
                        heard = NotConnected()
                case HangUp():
                    await caller.hang_up()
        self._last = tuple(spoken) or self._last
        return heard

    async def _say_first(self, fills: Speaker, caller: Caller) -> None:
        """Speak what a site has said before anything else, once in a call."""
        key, self._preface = self._preface, None
        if key is not None:
            await self._say(Sentence(fills.sentence(Say(key)), key), caller)

    async def _say(self, sentence: Sentence, caller: Caller) -> None:
        t = await caller.say(sentence)
        aloud = Spoken(t, Who.ATTENDANT, sentence.text)
        instead = self._desk.catalog.prompts[_INSTEAD]
        kept = replace(aloud, text=instead) if sentence.private else aloud
        self._spoken.append(_Told(aloud, kept))


def _outcome(actions: tuple[Action, ...], said: Said | None) -> str:
    if HangUp() in actions:
        return "ended"
    lost = said is not None and said.heard == HungUp(lost=True)
    return "line_lost" if lost else "hung_up"
