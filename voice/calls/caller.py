"""One person on the line: sound and keys in, values out, prompts back."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from voice.calls.arriving import Arriving, Frame
from voice.calls.attendant import Said, Sentence
from voice.calls.speech import Speech
from voice.config import Waiting
from voice.dialogue.actions import Tone
from voice.dialogue.heard import (
    Deaf,
    Heard,
    HungUp,
    Meant,
    No,
    Silent,
    TimeIsUp,
    Unclear,
    Yes,
)
from voice.divert.model import Site
from voice.hearing import Hearing
from voice.language.catalog import Catalog
from voice.language.keys import understand_keys
from voice.language.understand import Here, understand
from voice.phone.port import FRAME_SECONDS, Keyed, Line
from voice.phone.port import HungUp as LineHungUp
from voice.sound.ears import EarError, Utterance
from voice.sound.endpoint import Loudness
from voice.sound.listening import Listening
from voice.sound.mouth import Mouth
from voice.store.port import Who

log = logging.getLogger(__name__)

Situation: TypeAlias = Callable[[float], Here]
T = TypeVar("T")

# While the attendant speaks, the words so far are looked at this often: speech that
# the grammar knows interrupts it, and nothing else does.
_LOOK_EVERY = 10
# A question has been asked when no more than its last words are left to speak.
_ASKED_FRAMES = 35
_ONE_MOMENT = "one_moment"
# What has been sent has not yet been heard: a line holds some of it back.
_ON_THE_WAY_FRAMES = 10
# Within 1 s of a question nobody has understood it, and pressed a key to answer it.
_EARLY_FRAMES = 50
# Keys that no code is longer than: what comes after them is one unclear thing.
_MOST_KEYS = 32


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a caller's words and keys are understood with; no ears means keys alone."""

    catalog: Catalog
    site: Site
    hearing: Hearing | None
    mouth: Mouth
    waiting: Waiting
    threads: Executor | None = None
    """Where it is computed what was said; with None, where all else is."""


class LineCaller:
    """A caller on a line; the frames that come are the only clock."""

    def __init__(
        self, line: Line, understanding: Understanding, live: bool = False
    ) -> None:
        """Take a caller; `live` when the line goes on whatever we do."""
        self._line, self._with = line, understanding
        self._loudness = Loudness()
        self._speech = Speech(understanding.mouth, understanding.catalog)
        self._arriving = Arriving(line, self._speech, live)
        self._place: str | None = None
        self._deaf, self._said_deaf = understanding.hearing is None, False

    @property
    def t(self) -> float:
        """Seconds of the call so far."""
        return self._arriving.seconds

    @property
    def dropped(self) -> int:
        """Frames of sound that could not be heard in time."""
        return self._arriving.dropped + self._line.backlog.dropped

    async def say(self, sentence: Sentence) -> float:
        """Begin to speak, after what is being spoken; return the time of the call."""
        ahead = await self.meanwhile(self._speech.say(sentence))
        return round(self.t + ahead * FRAME_SECONDS, 2)

    async def play(self, tone: Tone) -> None:
        """Begin to play a tone, after what is being spoken."""
        self._speech.play(tone)

    async def hear(self, here: Situation) -> Said:
        """Wait for words, keys, silence or the end of the call."""
        turn = self._turn(here(self.t).place)
        if self._deaf and not self._said_deaf and self._listens(here):
            self._said_deaf = True
            return Said(self.t, Deaf())
        while True:
            match await self._arriving.take():
                case LineHungUp(lost):
                    return Said(self.t, HungUp(lost))
                case Keyed(key) if not turn.keys and self._is_early(key, turn, here):
                    continue
                case Keyed(key):
                    # A key always interrupts, and stops the ear for this turn.
                    self._speech.cut()
                    turn.keys, turn.quiet = turn.keys + key, 0
                    said = self._keyed(turn.keys, len(turn.keys) >= _MOST_KEYS, here)
                case Frame() as frame:
                    said = await self._sounded(frame, turn, here)
            if said is not None:
                return said
            if self.t >= self._with.waiting.call:
                return Said(self.t, TimeIsUp())

    def _turn(self, place: str) -> "_Turn":
        before, self._place = self._place, place
        began = self._arriving.frames
        return _Turn(self._listening(place), began, before)

    def _is_early(self, key: str, turn: "_Turn", here: Situation) -> bool:
        """Tell whether a key was meant for the question before this one.

        Pressed before this one can have been heard, it agrees to nothing and carries
        nothing out, unless it says the same at both places.
        """
        there = turn.before
        if there is None or self._arriving.frames - turn.began >= _EARLY_FRAMES:
            return False
        places = self._with.catalog.places
        says = places[here(self.t).place].keys.get(key)
        if says is None or says == places[there].keys.get(key):
            return False
        said = self._keyed(key, False, here)
        return said is not None and isinstance(said.heard, Meant | Yes | No)

    def _listens(self, here: Situation) -> bool:
        return self._with.catalog.places[here(self.t).place].listens

    def _listening(self, place: str) -> "_Ear":
        hearing = self._with.hearing
        if hearing is None or not self._with.catalog.places[place].listens:
            return None
        return hearing.listen(place, self._loudness)

    async def _sounded(
        self, frame: Frame, turn: "_Turn", here: Situation
    ) -> Said | None:
        if turn.keys:
            turn.quiet += 1
            paused = turn.seconds >= self._with.waiting.between_keys
            return self._keyed(turn.keys, True, here) if paused else None
        try:
            said = await self._heard(frame, turn, here)
        except EarError as error:
            log.warning("an ear failed, the call goes on by keys: %s", error)
            turn.listening, self._deaf, self._said_deaf = None, True, True
            return Said(self.t, Deaf())
        if said is not None:
            return said
        turn.quiet = 0 if frame.speaking or turn.begun else turn.quiet + 1
        is_silent = turn.seconds >= self._with.waiting.silence
        return Said(self.t, Silent()) if is_silent else None

    async def _heard(self, frame: Frame, turn: "_Turn", here: Situation) -> Said | None:
        """Let the ear hear a frame; return what was said when it ends with it."""
        if turn.listening is None or self._deaf:
            return None
        utterance = await self._fed(turn.listening, frame)
        if utterance is not None:
            return self._said(utterance, turn, here)
        turn.unsaid = max(turn.unsaid, self._speech.left) if turn.begun else 0
        looked_at = self._arriving.frames % _LOOK_EVERY == 0
        if frame.speaking and turn.begun and looked_at and not frame.own:
            await self._let_in(turn.listening)
        return None

    async def _let_in(self, listening: Listening) -> None:
        if await self._computed(listening.words_so_far):
            self._speech.cut()

    async def _fed(self, listening: Listening, frame: Frame) -> Utterance | None:
        if not listening.notice(frame.pcm, frame.own):
            return None
        return await self._computed(listening.hear)

    async def _computed(self, work: Callable[[], T]) -> T:
        # Decoding takes milliseconds of CPU, and is kept off the event loop.
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._with.threads, work)

    def _keyed(self, keys: str, finished: bool, here: Situation) -> Said | None:
        heard = understand_keys(
            keys, finished, here(self.t), self._with.catalog, self._with.site
        )
        return None if heard is None else Said(self.t, heard, Who.KEYS, keys)

    def _said(
        self, utterance: Utterance, turn: "_Turn", here: Situation
    ) -> Said | None:
        assert self._with.hearing is not None, "something was heard"
        thresholds = self._with.hearing.thresholds
        score = round(utterance.score, 3)
        unsaid, turn.unsaid = turn.unsaid, 0
        # Words of the prompt that is spoken can be its own echo.
        echo = unsaid > 0 and self._speech.words.issuperset(utterance.text.split())
        heard: Heard = Unclear()
        if score >= thresholds.ask:
            sure = score >= thresholds.do and not echo
            heard = understand(utterance.text, here(self.t), self._with.catalog, sure)
        if unsaid > _ASKED_FRAMES and isinstance(heard, Unclear | Yes):
            # Noise under a prompt is nobody speaking to us, and nobody can have
            # agreed to a question that had not yet been asked.
            return None
        self._speech.cut()
        return Said(self.t, heard, Who.CALLER, utterance.text, score)

    async def meanwhile(self, work: Awaitable[T]) -> T:
        """Do some work; a caller for whom it takes long is told to wait a moment."""
        return await self._arriving.meanwhile(work, self._one_moment)

    async def _one_moment(self) -> None:
        text = self._with.catalog.prompts[_ONE_MOMENT]
        await self._speech.say(Sentence(text, _ONE_MOMENT))

    async def transfer(self, number: str) -> bool:
        """Let what is being spoken end, then put the caller through, if it can be."""
        if not await self._finish():
            return False
        return await self.meanwhile(self._line.transfer(number))

    async def hang_up(self) -> None:
        """Let what is being spoken end, then end the call."""
        await self._finish()
        await self._line.hang_up()

    async def _finish(self) -> bool:
        """Speak to the end; False when the caller left meanwhile."""
        after = _ON_THE_WAY_FRAMES
        while self._speech.left or after:
            match await self._arriving.take():
                case LineHungUp():
                    return False
                case Keyed():
                    self._speech.cut()
                case Frame() as frame:
                    after -= not frame.speaking
        return True

    def close(self) -> None:
        """Wait for nothing more from the line."""
        self._arriving.close()


_Ear: TypeAlias = Listening | None


@dataclass(slots=True)
class _Turn:
    """What has come since the caller was last answered."""

    listening: _Ear
    began: int = 0
    """The frame of the call at which it began."""
    before: str | None = None
    """The place of the turn before."""
    keys: str = ""
    quiet: int = 0
    unsaid: int = 0
    """How many frames of the prompt were left when what is being said began."""

    @property
    def begun(self) -> bool:
        """Whether somebody is speaking."""
        return self.listening is not None and self.listening.begun

    @property
    def seconds(self) -> float:
        """How long nothing has come, once the attendant had spoken."""
        return round(self.quiet * FRAME_SECONDS, 2)
