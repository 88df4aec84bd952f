"""What the attendant is saying in one call: sentences and tones, frame by frame."""

from collections import deque

from voice.calls.attendant import Sentence
from voice.dialogue.actions import Tone
from voice.language.catalog import Catalog
from voice.phone.port import FRAME_BYTES
from voice.sound import tones
from voice.sound.mouth import Mouth

_TONES = {
    Tone.DIAL: tones.dial(),
    Tone.KNOWN: tones.known(),
    Tone.DONE: tones.done(),
    Tone.REFUSED: tones.refused(),
}


class Speech:
    """Frames of 20 ms that are still to be sent, and the words that they speak."""

    def __init__(self, mouth: Mouth, catalog: Catalog) -> None:
        self._mouth, self._catalog = mouth, catalog
        self._frames: deque[bytes] = deque()
        self.words: frozenset[str] = frozenset()
        """The words of what is being said, or was last said."""

    async def say(self, sentence: Sentence) -> int:
        """Add a sentence; return how many frames will be sent before it."""
        fixed = sentence.key is not None
        pcm = await self._mouth.say(sentence.text, sentence.key, keep=fixed)
        ahead = len(self._frames)
        spoken = self._catalog.speller.words(sentence.text)
        self.words = (self.words if ahead else frozenset()).union(spoken)
        self._add(pcm)
        return ahead

    def play(self, tone: Tone) -> None:
        """Add a tone."""
        self._add(_TONES[tone])

    def _add(self, pcm: bytes) -> None:
        whole = pcm + bytes(-len(pcm) % FRAME_BYTES)
        starts = range(0, len(whole), FRAME_BYTES)
        self._frames.extend(whole[at : at + FRAME_BYTES] for at in starts)

    @property
    def left(self) -> int:
        """How many frames are still to be sent."""
        return len(self._frames)

    def next(self) -> bytes | None:
        """Take the next frame; None when all has been said."""
        return self._frames.popleft() if self._frames else None

    def cut(self) -> None:
        """Say no more of it."""
        self._frames.clear()
