"""Vosk: 20 ms of sound at a time -> the words heard, with a score."""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import vosk

from voice.errors import VoiceError
from voice.sound.models import Model
from voice.sound.score import Evidence, Judge, open_judge

FRAME_BYTES = 320  # 20 ms at 8 kHz, s16le
# The network looks 220 ms ahead and computes 510 ms at a time (model.conf).
LOOKAHEAD_FRAMES = 38
QUIET_FRAMES = 5  # the newest of them are repeated as the line's own quiet
FRAME_SECONDS = 0.02
ALTERNATIVES = 8  # how many phrases are compared with the best one

Sense: TypeAlias = Callable[[str], object]
"""What a phrase means, for comparing: phrases of one sense do not compete."""

vosk.SetLogLevel(-1)


class EarError(VoiceError):
    """The ear cannot be opened, or was given a wrong piece of sound."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word and when it was said, in seconds from the ear's first sample."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """The best phrase for some sound; a low score says that it was hardly said."""

    words: tuple[Word, ...]
    score: float
    """0 to 1; compare with the model's thresholds."""
    seconds: float
    """How much sound was heard."""
    evidence: Evidence | None = None
    """What the score was made of."""

    @property
    def text(self) -> str:
        """The words as one line; empty when nothing was heard."""
        return " ".join(word.text for word in self.words)


class Recognizer(Protocol):
    """What we use of Vosk's recognizer."""

    def AcceptWaveform(self, pcm: bytes) -> int:  # noqa: N802 (Vosk's name)
        """Decode some sound."""
        ...

    def PartialResult(self) -> str:  # noqa: N802 (Vosk's name)
        """Return JSON of the words so far."""
        ...

    def FinalResult(self) -> str:  # noqa: N802 (Vosk's name)
        """Return JSON of all words."""
        ...


class Ears:
    """What one dialogue place can hear; shared by all calls."""

    def __init__(self, model: Model, graph: Path, sense: Sense = str) -> None:
        """Load the model with a graph folder that `graph.prepare` made.

        `sense` tells phrases apart that mean different things; by default any two do.
        """
        try:
            self._vosk = vosk.Model(str(graph))
        except Exception as error:  # all that the library ever raises
            raise EarError(
                f"Vosk cannot load {graph}: remove that folder and start again."
            ) from error
        self._rate = model.sample_rate
        self._judge = open_judge(model, graph)
        self._sense = sense

    def listen(self) -> "Ear":
        """Begin to hear one utterance."""
        return Ear(self._recognizer, self._judge, self._sense)

    def _recognizer(self) -> "Recognizer":
        with _failing():
            foreign = vosk.KaldiRecognizer(self._vosk, self._rate)
        foreign.SetWords(True)
        foreign.SetMaxAlternatives(ALTERNATIVES)
        recognizer: Recognizer = foreign
        return recognizer


class Ear:
    """One utterance being heard; feed it from a thread, it computes."""

    def __init__(
        self, recognize: Callable[[], Recognizer], judge: Judge, sense: Sense
    ) -> None:
        """Take a maker of fresh recognizers, and the judge of what they say."""
        self._recognize, self._judge, self._sense = recognize, judge, sense
        self._recognizer = recognize()
        self._frames: list[bytes] = []
        self._held_back: list[bytes] | None = None

    def feed(self, pcm: bytes) -> None:
        """Hear 20 ms: 320 bytes of s16le at 8 kHz."""
        if len(pcm) != FRAME_BYTES:
            raise EarError(f"The ear takes {FRAME_BYTES} bytes a time, not {len(pcm)}.")
        self._frames.append(pcm)
        if self._held_back is None:
            self._accept(pcm)
        else:
            self._held_back.append(pcm)

    def partial(self) -> tuple[str, ...]:
        """Return the words so far; they lag some 0.3 s behind the sound."""
        told = json.loads(self._recognizer.PartialResult())
        return tuple(told.get("partial", "").split())

    def settle(self) -> tuple[str, ...]:
        """Return the words up to the last frame, as if quiet went on from here.

        The recognizer is given quiet of the line's own ahead of time, to bring out what
        it holds back. Frames fed from now on are taken for that quiet, until `resume`.
        """
        if self._held_back is None:
            self._held_back = []
            quiet = self._frames[-QUIET_FRAMES:]
            ahead = (quiet * LOOKAHEAD_FRAMES)[:LOOKAHEAD_FRAMES]
            self._accept(b"".join(ahead))
        return self.partial()

    def resume(self) -> None:
        """Take the quiet back: hear what was really said since the beginning."""
        if self._held_back is not None:
            self._held_back = None
            self._recognizer = self._recognize()
            self._accept(b"".join(self._frames))

    def _accept(self, pcm: bytes) -> None:
        with _failing():
            self._recognizer.AcceptWaveform(pcm)

    def finish(self) -> Utterance:
        """Return what was said; the ear is not to be fed any more."""
        ranked = json.loads(self._recognizer.FinalResult())["alternatives"]
        words = tuple(_word(told) for told in ranked[0].get("result", ()))
        margin = _margin(ranked, self._sense)
        sound = b"".join(self._frames)
        evidence = self._judge.evidence(sound, [word.text for word in words], margin)
        score = self._judge.weights.probability(evidence) if evidence else 0.0
        seconds = round(len(self._frames) * FRAME_SECONDS, 2)
        return Utterance(words, score, seconds, evidence)


@contextmanager
def _failing() -> Iterator[None]:
    """Tell of a recognizer that fails, in our own words."""
    try:
        yield
    except Exception as error:  # all that the library ever raises
        raise EarError(
            f"The recognizer fails ({error}): start the program anew."
        ) from error


def _word(told: Mapping[str, Any]) -> Word:
    return Word(told["word"], told["start"], told["end"])


def _margin(ranked: Sequence[Mapping[str, Any]], sense: Sense) -> float:
    """Return how much likelier the best phrase is than any of another sense."""
    best = ranked[0]
    meant = sense(best["text"])
    for other in ranked[1:]:
        if sense(other["text"]) != meant:
            return float(best["confidence"] - other["confidence"])
    return math.inf
