"""Clips -> examples to learn from: features, and the phones to be found in them."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import kaldi_native_fbank as knf
import numpy as np
import soundfile as sf
from numpy.typing import NDArray

from recipe.codec import through_codecs
from recipe.line import RATE, nothing_said, telephone
from voice.errors import VoiceError

BANDS = 40
STEP = 3  # frames of 10 ms that one output stands for
SILENT = 0.04  # share of sounds in which nothing is said
JOINED = 0.12  # share of clips with another right after it
CODED = 0.12  # share of calls by mobile phone or internet
AT_ONCE = 128  # clips that are treated, and coded, together
BABBLE = 60  # clips that other people's talk is made of

Frames = NDArray[np.float32]
Target = Sequence[tuple[int, bool]]  # phones, and whether each may be left out


class ClipsError(VoiceError):
    """A folder of clips cannot be learnt from."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A sound, and the phones of each of its words."""

    file: Path
    words: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """Features of one sound, and the phones to be found in them."""

    frames: Frames
    target: Target

    @property
    def length(self) -> int:
        """How many outputs the network gives for it."""
        return (len(self.frames) + STEP - 1) // STEP


@dataclass(frozen=True, slots=True)
class Studio:
    """Makes examples of clips; the seed and the round decide every chance."""

    phones: Sequence[str]
    seed: int
    plain_rounds: int = 0
    coded: bool = True
    _number: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """Number the phones."""
        numbers = {phone: n for n, phone in enumerate(self.phones)}
        object.__setattr__(self, "_number", numbers)

    def round(
        self, clips: Sequence[Clip], number: int, workers: ProcessPoolExecutor
    ) -> Iterator[list[Example]]:
        """Yield examples of all clips, and some in which nothing is said, in parts.

        In the first rounds of a net that knows nothing, clips are heard as they are:
        so it finds the phones in them much sooner.
        """
        rng = np.random.default_rng([self.seed, number])
        order = rng.permutation(len(clips))
        beside = [clips[n] for n in rng.integers(0, len(clips), BABBLE)]
        starts = range(0, len(clips), AT_ONCE)
        parts = [[clips[n] for n in order[s : s + AT_ONCE]] for s in starts]
        if number < self.plain_rounds:
            return iter(workers.map(self.plain_part, parts))
        make = partial(self.part, number=number, beside=beside)
        return iter(workers.map(make, parts, starts))

    def plain_part(self, clips: Sequence[Clip]) -> list[Example]:
        """Return the clips as they are."""
        return [self.plain(clip) for clip in clips]

    def part(
        self, clips: Sequence[Clip], start: int, number: int, beside: Sequence[Clip]
    ) -> list[Example]:
        """Return one example of each clip, and some in which nothing is said."""
        rng = np.random.default_rng([self.seed, number, start])
        others = [read(clip.file) for clip in beside]
        silences = [nothing_said(rng) for _ in range(rng.binomial(len(clips), SILENT))]
        told = [self._spoken(clip, beside, others, rng) for clip in clips]
        sounds = [sound for sound, _ in told] + silences
        targets = [words for _, words in told] + [()] * len(silences)
        if self.coded:
            sounds = through_codecs(sounds, rng, CODED)
        frames = (masked(mfcc(sound), rng) for sound in sounds)
        pairs = zip(frames, targets, strict=True)
        return [Example(seen, self._target(words)) for seen, words in pairs]

    def plain(self, clip: Clip) -> Example:
        """Return a clip as it is, for measuring."""
        quiet = 1e-4 * np.random.default_rng(0).standard_normal(2400)
        sound = np.concatenate([quiet, read(clip.file), quiet])
        return Example(mfcc(sound), self._target(clip.words))

    def _spoken(
        self,
        clip: Clip,
        beside: Sequence[Clip],
        others: Sequence[NDArray[np.float64]],
        rng: np.random.Generator,
    ) -> tuple[NDArray[np.float64], tuple[tuple[str, ...], ...]]:
        sound, words = read(clip.file), clip.words
        if rng.random() < JOINED and len(words) < 4:
            other = int(rng.integers(len(beside)))
            sound = np.concatenate([sound, others[other]])
            words = words + beside[other].words
        near = [others[n] for n in rng.integers(0, len(others), 3)]
        return telephone(sound, rng, near), words

    def _target(self, words: Sequence[Sequence[str]]) -> Target:
        if not words:
            return [(0, True), (0, False)]
        target = [(0, True)]
        for word in words:
            target += [(self._number[phone], False) for phone in word] + [(0, True)]
        return target


def masked(frames: Frames, rng: np.random.Generator) -> Frames:
    """Hide a few bands of some sounds, and some short moments (SpecAugment)."""
    if rng.random() < 0.4:
        bands = frames @ np.linalg.inv(CEPSTRA).T
        low, wide = rng.integers(0, BANDS - 6), rng.integers(1, 6)
        bands[:, low : low + wide] = bands[:, low : low + wide].mean()
        frames = (bands @ CEPSTRA.T).astype(np.float32)
    for _ in range(int(rng.integers(0, 3))):
        start, wide = rng.integers(0, len(frames)), rng.integers(1, 6)
        frames[start : start + wide] = frames.mean(0)
    return frames


def cepstra() -> NDArray[np.float64]:
    """Return the map from log mel bands to Kaldi's liftered MFCCs."""
    rows = np.arange(BANDS)[:, None]
    cosines = np.cos(np.pi / BANDS * (np.arange(BANDS) + 0.5) * rows)
    cosines *= np.where(rows == 0, np.sqrt(1 / BANDS), np.sqrt(2 / BANDS))
    return np.asarray(cosines * (1 + 11 * np.sin(np.pi * rows / 22)))


CEPSTRA = cepstra()


def mfcc(sound: NDArray[np.float64]) -> Frames:
    """Return 40 MFCCs each 10 ms, as conf/mfcc.conf of the model asks for."""
    options = knf.MfccOptions()
    options.frame_opts.samp_freq, options.frame_opts.dither = RATE, 0
    options.mel_opts.num_bins, options.num_ceps = BANDS, BANDS
    options.mel_opts.low_freq, options.mel_opts.high_freq = 20, 3700
    options.use_energy = False
    extractor = knf.OnlineMfcc(options)
    extractor.accept_waveform(RATE, (sound * 32768).tolist())
    extractor.input_finished()
    count = extractor.num_frames_ready
    return np.stack([extractor.get_frame(n) for n in range(count)])


def read(file: Path) -> NDArray[np.float64]:
    """Read a sound of 8 kHz."""
    return np.asarray(sf.read(file)[0], np.float64)


def read_clips(folder: Path) -> list[Clip]:
    """Read index.tsv of a folder: file, words, phones with | between the words."""
    index = folder / "index.tsv"
    try:
        lines = index.read_text("utf-8").splitlines()
        told = [(file, said) for file, _, said in (line.split("\t") for line in lines)]
    except OSError as error:
        raise ClipsError(
            f"{folder} holds no clips: make them by speak.py or people.py first."
        ) from error
    except ValueError as error:
        raise ClipsError(
            f"{index} has a line without file, words and phones: make it again."
        ) from error
    return [
        Clip(folder / file, tuple(tuple(w.split()) for w in said.split("|")))
        for file, said in told
    ]


def at_work(count: int) -> ProcessPoolExecutor:
    """Open processes that make examples, and that give way to the learning."""
    return ProcessPoolExecutor(count, initializer=os.nice, initargs=(5,))
