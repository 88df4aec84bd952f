"""Speech as the line wants it: 8 kHz, trimmed, at one level, in whole frames."""

from typing import TypeAlias

import numpy as np
import soxr
from numpy.typing import NDArray

from voice.sound.wave import RATE

FRAME = 160  # samples of 20 ms
LEAD = 40  # samples of silence before the speech: 5 ms, for a caller waits for it
TAIL = 800  # and at least so many after it: 100 ms
LEVEL = -20.0  # dBFS, RMS of active speech
SILENCE = -90.0  # dBFS given to digital silence

_PEAK = 0.9  # of full scale
_HOP = 80  # samples of 10 ms
_EDGE = -45.0  # dB below the loudest 10 ms: quieter at either end is not speech
_ACTIVE = -30.0  # dB below the loudest 10 ms: quieter is a pause

Samples: TypeAlias = NDArray[np.float32]


def prepared(sound: Samples, rate: int, level: float = LEVEL) -> bytes:
    """Return mono speech of any rate (floats in ±1) as 8 kHz s16le for the line.

    Silence alone gives no bytes at all.
    """
    resampled = soxr.resample(sound, rate, RATE, quality="HQ") if len(sound) else sound
    return as_bytes(in_frames(levelled(trimmed(resampled), level)))


def speech_level(sound: Samples) -> float:
    """Return the level of the active speech in dBFS (RMS, pauses left out)."""
    power = _power(sound)
    loudest = power.max(initial=0.0)
    if loudest <= 10 ** (SILENCE / 10):
        return SILENCE
    active = power[power > loudest * 10 ** (_ACTIVE / 10)]
    return float(10 * np.log10(active.mean()))


def trimmed(sound: Samples) -> Samples:
    """Return the speech with `LEAD` before it and `TAIL` after it."""
    power = _power(sound)
    loudest = power.max(initial=0.0)
    if loudest <= 10 ** (SILENCE / 10):
        return sound[:0]
    speech = np.flatnonzero(power > loudest * 10 ** (_EDGE / 10))
    begin = int(speech[0]) * _HOP
    end = (int(speech[-1]) + 1) * _HOP
    padded = np.pad(sound, (LEAD, max(0, end + TAIL - len(sound))))
    return padded[begin : LEAD + end + TAIL]


def levelled(sound: Samples, level: float) -> Samples:
    """Return the sound at this level, or as near to it as it can be unclipped."""
    peak = float(np.abs(sound).max(initial=0.0))
    if peak == 0.0:
        return sound
    gain = 10 ** ((level - speech_level(sound)) / 20)
    return sound * np.float32(min(gain, _PEAK / peak))


def in_frames(sound: Samples) -> Samples:
    """Return the sound with silence after it up to a whole frame."""
    return np.pad(sound, (0, -len(sound) % FRAME))


def as_bytes(sound: Samples) -> bytes:
    """Return floats in ±1 as s16le."""
    return np.rint(np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()


def as_samples(sound: bytes) -> Samples:
    """Return s16le as floats in ±1."""
    return np.frombuffer(sound, "<i2").astype(np.float32) / np.float32(32768)


def _power(sound: Samples) -> NDArray[np.float64]:
    """Return the mean square of every 10 ms at 8 kHz."""
    whole = np.pad(sound, (0, -len(sound) % _HOP)).reshape(-1, _HOP)
    power: NDArray[np.float64] = (whole.astype(np.float64) ** 2).mean(axis=1)
    return power
