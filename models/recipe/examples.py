"""Clips -> examples to learn from: features, and the phones to be found in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import kaldi_native_fbank as knf
import numpy as np
import soundfile as sf
from numpy.typing import NDArray

from recipe.lfmmi import BANDS, STEP, Target
from recipe.line import RATE, nothing_said, telephone

SILENT = 0.04  # share of sounds in which nothing is said
JOINED = 0.12  # share of clips with another right after it

Frames = NDArray[np.float32]


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


class Studio:
    """Makes examples of clips."""

    def __init__(self, phones: Sequence[str], seed: int) -> None:
        """Number the phones; the seed and the round decide every chance."""
        self._number = {phone: n for n, phone in enumerate(phones)}
        self._cepstra = cepstra()
        self._seed = seed

    def round(self, clips: Sequence[Clip], number: int) -> list[Example]:
        """Return one example of each clip, and some in which nothing is said."""
        rng = np.random.default_rng([self._seed, number])
        made = []
        for clip in clips:
            if rng.random() < SILENT:
                silence = [(0, True), (0, False)]
                made.append(Example(mfcc(nothing_said(rng)), silence))
            made.append(self._example(clip, clips, rng))
        return made

    def plain(self, clip: Clip) -> Example:
        """Return a clip as it is, for measuring."""
        quiet = 1e-4 * np.random.default_rng(0).standard_normal(2400)
        sound = np.concatenate([quiet, read(clip.file), quiet])
        return Example(mfcc(sound), self._target(clip.words))

    def _example(
        self, clip: Clip, clips: Sequence[Clip], rng: np.random.Generator
    ) -> Example:
        sound, words = read(clip.file), clip.words
        if rng.random() < JOINED and len(words) < 4:
            other = clips[int(rng.integers(len(clips)))]
            sound = np.concatenate([sound, read(other.file)])
            words = words + other.words
        others = [read(clips[n].file) for n in rng.integers(0, len(clips), 3)]
        frames = mfcc(telephone(sound, rng, others))
        return Example(self._masked(frames, rng), self._target(words))

    def _target(self, words: Sequence[Sequence[str]]) -> Target:
        target = [(0, True)]
        for word in words:
            target += [(self._number[phone], False) for phone in word] + [(0, True)]
        return target

    def _masked(self, frames: Frames, rng: np.random.Generator) -> Frames:
        """SpecAugment: hide a few bands of some sounds, and some short moments."""
        if rng.random() < 0.4:
            bands = frames @ np.linalg.inv(self._cepstra).T
            low, wide = rng.integers(0, BANDS - 6), rng.integers(1, 6)
            bands[:, low : low + wide] = bands[:, low : low + wide].mean()
            frames = (bands @ self._cepstra.T).astype(np.float32)
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
    lines = (folder / "index.tsv").read_text("utf-8").splitlines()
    told = [line.split("\t") for line in lines]
    return [
        Clip(folder / file, tuple(tuple(w.split()) for w in said.split("|")))
        for file, _, said in told
    ]
