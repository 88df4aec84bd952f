"""The tones of a telephone, as 8 kHz mono s16le."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from voice.errors import VoiceError

RATE = 8000

_SWEDISH = 425.0  # Hz; every tone of the Swedish network, ITU-T E.180 list
_BUSY = 0.25  # seconds on, seconds off
_EARCON = (659.26, 880.0)  # Hz: e and a, a rising fourth
_LOUD = 0.2  # of full scale, each sine
_FADE = 0.005  # seconds

# ITU-T Q.23: a low and a high frequency for each key.
_LOW = (697.0, 770.0, 852.0, 941.0)
_HIGH = (1209.0, 1336.0, 1477.0, 1633.0)
_KEYS = ("123A", "456B", "789C", "*0#D")

Samples: TypeAlias = NDArray[np.float64]


class ToneError(VoiceError):
    """There is no such tone."""


def earcon(seconds: float = 0.2) -> bytes:
    """Return two short rising notes: now it is your turn."""
    length = _length(seconds)
    first = length // 2
    notes = (_sine(_EARCON[0], first), _sine(_EARCON[1], length - first))
    return _bytes(np.concatenate([_faded(note) for note in notes]))


def dial_tone(seconds: float) -> bytes:
    """Return the Swedish dial tone."""
    return _bytes(_faded(_sine(_SWEDISH, _length(seconds))))


def busy_tone(seconds: float) -> bytes:
    """Return the Swedish busy tone: a quarter of a second on, a quarter off."""
    beep = _length(_BUSY)
    pattern = np.concatenate([_faded(_sine(_SWEDISH, beep)), np.zeros(beep)])
    return _bytes(np.resize(pattern, _length(seconds)))


def key_tone(key: str, seconds: float = 0.1) -> bytes:
    """Return the tone of a key (`0`-`9`, `*`, `#`, `A`-`D`), ITU-T Q.23."""
    length = _length(seconds)
    for low, row in zip(_LOW, _KEYS, strict=True):
        if key in row and len(key) == 1:
            high = _HIGH[row.index(key)]
            return _bytes(_faded(_sine(low, length) + _sine(high, length)))
    raise ToneError(f"There is no key {key!r} on a telephone: use 0-9, *, # or A-D.")


def _length(seconds: float) -> int:
    return round(seconds * RATE)


def _sine(frequency: float, length: int) -> Samples:
    return np.sin(2 * np.pi * frequency * np.arange(length) / RATE) * _LOUD


def _faded(sound: Samples) -> Samples:
    """Return the sound with soft ends, which do not click."""
    length = min(_length(_FADE), len(sound) // 2)
    slope = np.sin(np.linspace(0, np.pi / 2, length, endpoint=False)) ** 2
    ends = np.ones(len(sound))
    ends[:length] = slope
    ends[len(sound) - length :] = slope[::-1]
    return sound * ends


def _bytes(sound: Samples) -> bytes:
    return np.rint(sound * 32767).astype("<i2").tobytes()
