"""The tones of the house, as sound: the dial tone, and those that answer."""

import numpy as np

from voice.sound.level import Samples, as_bytes, in_frames
from voice.sound.wave import RATE

# ITU-T E.180 supplement 2, for Sweden: call progress tones are of one frequency. They
# are sent at -10 dBm0, and a sine of full scale is +3.14 dBm0 (G.711, table 5).
FREQUENCY = 425.0
_AMPLITUDE = 10 ** ((-10.0 - 3.14) / 20)
# An edge without a ramp is a click.
_RAMP_SECONDS = 0.005


def dial(seconds: float = 10.0) -> bytes:
    """Return the dial tone, without a break."""
    return _pcm(_sine(FREQUENCY, seconds))


def known() -> bytes:
    """Return two short rising notes: the caller is known."""
    return _pcm(_sine(FREQUENCY * 2, 0.09), _quiet(0.03), _sine(FREQUENCY * 3, 0.12))


def done() -> bytes:
    """Return one long tone: it has been carried out."""
    return _pcm(_sine(FREQUENCY, 1.2))


def refused() -> bytes:
    """Return short tones, as when a number is busy: it has not been carried out."""
    return _pcm(*[_sine(FREQUENCY, 0.25), _quiet(0.25)] * 4)


def _sine(frequency: float, seconds: float) -> Samples:
    t = np.arange(round(seconds * RATE)) / RATE
    ramp = np.minimum(1.0, np.minimum(t, t[::-1]) / _RAMP_SECONDS)
    tone = _AMPLITUDE * ramp * np.sin(2 * np.pi * frequency * t)
    return tone.astype(np.float32)


def _quiet(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def _pcm(*parts: Samples) -> bytes:
    return as_bytes(in_frames(np.concatenate(parts)))
