"""One person on the line: sound and keys in, values out, prompts back."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from voice.attendant import Said, Sentence
from voice.config import Waiting
from voice.dialogue.states import Heard, HungUp, Silent, TimeIsUp, Unclear, Yes
from voice.divert.model import Site
from voice.hearing import Hearing
from voice.language.catalog import Catalog
from voice.language.keys import understand_keys
from voice.language.understand import Here, understand
from voice.phone.port import FRAME_BYTES, FRAME_SECONDS, Keyed, Line, Sound
from voice.phone.port import HungUp as LineHungUp
from voice.sound.ears import Utterance
from voice.sound.endpoint import Loudness
from voice.sound.listening import Listening
from voice.sound.mouth import Mouth
from voice.store.port import Who

Situation: TypeAlias = Callable[[float], Here]

# While the attendant speaks, the words so far are looked at this often: speech that
# the grammar knows interrupts it, and nothing else does.
_LOOK_EVERY = 10
# A question has been asked when no more than its last words are left to speak.
_ASKED_FRAMES = 35


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a caller's words and keys are understood with."""

    catalog: Catalog
    site: Site
    hearing: Hearing
    mouth: Mouth
    waiting: Waiting


class LineCaller:
    """A caller on a line; the frames that come are the only clock."""

    def __init__(self, line: Line, understanding: Understanding) -> None:
        self._line, self._with = line, understanding
        self._arrivals = line.arrivals()
        self._loudness = Loudness()
        self._speech: deque[bytes] = deque()
        self._prompted: frozenset[str] = frozenset()
        self._frames = 0

    @property
    def t(self) -> float:
        """Seconds of the call so far."""
        return round(self._frames * FRAME_SECONDS, 2)

    async def say(self, sentence: Sentence) -> float:
        """Begin to speak, after what is being spoken; return the time of the call."""
        fixed = sentence.key is not None
        pcm = await self._with.mouth.say(sentence.text, sentence.key, keep=fixed)
        ahead = len(self._speech) * FRAME_SECONDS
        whole = pcm + bytes(-len(pcm) % FRAME_BYTES)
        starts = range(0, len(whole), FRAME_BYTES)
        spoken = self._with.catalog.speller.words(sentence.text)
        self._prompted = (self._prompted if self._speech else frozenset()).union(spoken)
        self._speech.extend(whole[at : at + FRAME_BYTES] for at in starts)
        return round(self.t + ahead, 2)

    async def hear(self, here: Situation) -> Said:
        """Wait for words, keys, silence or the end of the call."""
        turn = _Turn(self._with.hearing.listen(here(self.t).place, self._loudness))
        while True:
            match await anext(self._arrivals, LineHungUp()):
                case LineHungUp():
                    return Said(self.t, HungUp())
                case Keyed(key):
                    # A key always interrupts, and stops the ear for this turn.
                    self._speech.clear()
                    turn.keys, turn.quiet = turn.keys + key, 0
                    said = self._keyed(turn.keys, False, here)
                case Sound(pcm):
                    said = await self._sounded(pcm, turn, here)
            if said is not None:
                return said
            if self.t >= self._with.waiting.call:
                return Said(self.t, TimeIsUp())

    async def _sounded(self, pcm: bytes, turn: "_Turn", here: Situation) -> Said | None:
        self._frames += 1
        speaking = await self._speak()
        if turn.keys:
            turn.quiet += 1
            paused = turn.seconds >= self._with.waiting.between_keys
            return self._keyed(turn.keys, True, here) if paused else None
        utterance = await _fed(turn.listening, pcm)
        if utterance is not None:
            return self._said(utterance, turn, here)
        begun = turn.listening.begun
        turn.unsaid = max(turn.unsaid, len(self._speech)) if begun else 0
        if speaking and begun and self._frames % _LOOK_EVERY == 0:
            await self._let_in(turn.listening)
        turn.quiet = 0 if speaking or begun else turn.quiet + 1
        is_silent = turn.seconds >= self._with.waiting.silence
        return Said(self.t, Silent()) if is_silent else None

    async def _speak(self) -> bool:
        if not self._speech:
            return False
        await self._line.send(self._speech.popleft())
        return True

    async def _let_in(self, listening: Listening) -> None:
        if await asyncio.to_thread(listening.words_so_far):
            self._speech.clear()

    def _keyed(self, keys: str, finished: bool, here: Situation) -> Said | None:
        heard = understand_keys(
            keys, finished, here(self.t), self._with.catalog, self._with.site
        )
        return None if heard is None else Said(self.t, heard, Who.KEYS, keys)

    def _said(
        self, utterance: Utterance, turn: "_Turn", here: Situation
    ) -> Said | None:
        thresholds = self._with.hearing.thresholds
        score = round(utterance.score, 3)
        unsaid, turn.unsaid = turn.unsaid, 0
        # Words of the prompt that is spoken can be its own echo.
        echo = unsaid > 0 and self._prompted.issuperset(utterance.text.split())
        heard: Heard = Unclear()
        if score >= thresholds.ask:
            sure = score >= thresholds.do and not echo
            heard = understand(utterance.text, here(self.t), self._with.catalog, sure)
        if unsaid > _ASKED_FRAMES and isinstance(heard, Unclear | Yes):
            # Noise under a prompt is nobody speaking to us, and nobody can have
            # agreed to a question that had not yet been asked.
            return None
        self._speech.clear()
        return Said(self.t, heard, Who.CALLER, utterance.text, score)

    async def transfer(self) -> None:
        """Let what is being spoken end, then put the caller through."""
        await self._finish()
        await self._line.transfer()

    async def hang_up(self) -> None:
        """Let what is being spoken end, then end the call."""
        await self._finish()
        await self._line.hang_up()

    async def _finish(self) -> None:
        while self._speech:
            match await anext(self._arrivals, LineHungUp()):
                case LineHungUp():
                    return
                case Sound():
                    self._frames += 1
                    await self._speak()
                case Keyed():
                    self._speech.clear()


@dataclass(slots=True)
class _Turn:
    """What has come since the caller was last answered."""

    listening: Listening
    keys: str = ""
    quiet: int = 0
    unsaid: int = 0
    """How many frames of the prompt were left when what is being said began."""

    @property
    def seconds(self) -> float:
        """How long nothing has come, once the attendant had spoken."""
        return round(self.quiet * FRAME_SECONDS, 2)


async def _fed(listening: Listening, pcm: bytes) -> Utterance | None:
    # Decoding takes milliseconds of CPU and is kept off the event loop; the mere
    # measuring of a frame's level is not worth a thread.
    if listening.begun:
        return await asyncio.to_thread(listening.feed, pcm)
    return listening.feed(pcm)
