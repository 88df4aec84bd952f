"""The lines that clips are measured on: a codec, and a noise 10 dB below the speech."""

import shutil
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recipe.codec import alaw, coded
from recipe.spectrum import Sound
from voice.errors import VoiceError
from voice.sound.wave import RATE, read_wave

SNR = 10  # dB, of the clip's mean power
FULL_SCALE = 32768
# A call is quiet before a word and after it, as a cut clip is not; no line is silent.
LEAD, TAIL = RATE // 5, RATE // 5  # samples
HISS = 1e-4  # of full scale
NONE, WHITE = "no noise", "white"
# Noises of the fixtures, which teach nothing.
RECORDED = {
    "car": "car.wav",
    "babble": "babble.wav",
    "hum": "hum-50-hz.wav",
    "music": "hold-music-melody.wav",
}
ALAW = "A-law"
CODED = ("gsm", "amr-12.2", "amr-4.75", "opus-8", "g722")  # names in recipe.codec
TOGETHER = 100  # sounds that are coded in one run


class LineError(VoiceError):
    """A line to measure on cannot be made."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a clip goes through before it is heard."""

    codec: str
    noise: str = NONE

    @property
    def name(self) -> str:
        """Such as "A-law, white 10 dB"."""
        if self.noise == NONE:
            return self.codec
        return f"{self.codec}, {self.noise} {SNR} dB"


def lines() -> tuple[Line, ...]:
    """Return every noise on an A-law line, and each other codec without any.

    Without ffmpeg there is A-law alone.
    """
    noises = [Line(ALAW, noise) for noise in (NONE, WHITE, *RECORDED)]
    codecs = [Line(name) for name in CODED] if shutil.which("ffmpeg") else []
    return (*noises, *codecs)


def chosen(names: Sequence[str]) -> tuple[Line, ...]:
    """Return the lines of these names; LineError lists those that there are."""
    there = {line.name: line for line in lines()}
    if missing := [name for name in names if name not in there]:
        raise LineError(
            f"There is no line {missing[0]!r} here: use one of "
            f"{', '.join(repr(name) for name in there)}."
        )
    return tuple(there[name] for name in names)


def arrived(clips: Sequence[Path], line: Line, noises: Path) -> Iterator[bytes]:
    """Yield what arrives of each clip, as s16le; the same every time."""
    for at in range(0, len(clips), TOGETHER):
        mixed = [_mixed(clip, line, noises) for clip in clips[at : at + TOGETHER]]
        if line.codec == ALAW:
            sounds = [alaw(sound) for sound in mixed]
        else:
            sounds = coded(mixed, line.codec)
        for sound in sounds:
            whole = sound.clip(-1, 1) * (FULL_SCALE - 1)
            yield whole.round().astype("<i2").tobytes()


def _mixed(clip: Path, line: Line, noises: Path) -> Sound:
    speech = np.frombuffer(read_wave(clip), "<i2") / FULL_SCALE
    chance = np.random.default_rng(zlib.crc32(f"{clip.name} {line.name}".encode()))
    sound = np.pad(speech, (LEAD, TAIL))
    sound = sound + HISS * chance.standard_normal(len(sound))
    if line.noise == NONE:
        return sound
    if line.noise == WHITE:
        made = chance.standard_normal(len(sound))
    else:
        pcm = read_wave(noises / RECORDED[line.noise])
        loop = np.frombuffer(pcm, "<i2") / FULL_SCALE
        made = np.resize(np.roll(loop, -chance.integers(len(loop))), len(sound))
    return sound + levelled(made, speech)


def levelled(noise: Sound, speech: Sound, snr: float = SNR) -> Sound:
    """Return the noise at `snr` dB below the speech's mean power."""
    power = float(np.mean(speech**2)) / max(float(np.mean(noise**2)), 1e-12)
    return np.asarray(noise * np.sqrt(power) * 10 ** (-snr / 20))
