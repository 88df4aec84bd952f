"""Sound of 16 kHz brought to 8 kHz and back, as a G.722 call needs it."""

import numpy as np
from numpy.typing import NDArray

# A half-band low-pass of 63 taps under a Kaiser window: flat to 3.4 kHz within
# 0.1 dB, and 60 dB down where 4.6 kHz would fold onto it.
_TAPS = 63
_BETA = 6.0


def _half_band() -> NDArray[np.float64]:
    at = np.arange(_TAPS) - _TAPS // 2
    return 0.5 * np.sinc(at / 2) * np.kaiser(_TAPS, _BETA)


_FILTER = _half_band()


class Halved:
    """A stream of 16 kHz s16le, given back at 8 kHz."""

    def __init__(self) -> None:
        self._before = np.zeros(_TAPS - 1)
        self._skipped = 0

    def __call__(self, pcm: bytes) -> bytes:
        """Return half as many samples, of however many come: often none do."""
        wide = np.frombuffer(pcm, "<i2")
        whole = np.concatenate([self._before, wide])
        self._before = whole[len(whole) - (_TAPS - 1) :]
        first, self._skipped = self._skipped, (self._skipped + len(wide)) % 2
        return _samples(_filtered(whole)[first::2])


class Doubled:
    """A stream of 8 kHz s16le, given back at 16 kHz."""

    def __init__(self) -> None:
        self._before = np.zeros(_TAPS - 1)

    def __call__(self, pcm: bytes) -> bytes:
        """Return the next twice as many samples."""
        narrow = np.frombuffer(pcm, "<i2")
        spread = np.zeros(2 * len(narrow))
        # Half of the samples are nothing, and the filter halves what is left.
        spread[::2] = 2.0 * narrow
        whole = np.concatenate([self._before, spread])
        self._before = whole[len(whole) - (_TAPS - 1) :]
        return _samples(_filtered(whole))


def _filtered(whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Filter what is new after the taps that came before it."""
    # Of less than the filter's length numpy makes something, and it is no sound.
    if len(whole) < _TAPS:
        return np.empty(0)
    return np.convolve(whole, _FILTER, "valid")


def _samples(values: NDArray[np.float64]) -> bytes:
    return np.clip(np.rint(values), -32768, 32767).astype("<i2").tobytes()
