"""What treatments of sound begin with: rate, level, and filters by fast FFTs."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

RATE = 8000
GRID = np.linspace(0, RATE / 2, 513)  # Hz at which a filter is worked out

Sound = NDArray[np.float64]


def _smooth_numbers(highest: int) -> NDArray[np.int64]:
    """List the numbers without prime factors above 5: lengths that FFTs are fast at."""
    made = {1}
    for prime in (2, 3, 5):
        grown = set(made)
        while made := {n * prime for n in made if n * prime <= highest}:
            grown |= made
        made = grown
    return np.array(sorted(made))


_FAST = _smooth_numbers(2**24)


def fast_length(length: int) -> int:
    """Return the shortest length, of this or more, that an FFT is fast at."""
    return int(_FAST[np.searchsorted(_FAST, length)])


def loudest(sound: Sound) -> Sound:
    """Return the sound at full level."""
    return np.asarray(sound / max(1e-3, float(np.abs(sound).max(initial=0))))


def filtered(sound: Sound, gain: Callable[[Sound], Sound]) -> Sound:
    """Give each frequency the gain that a function of Hz says."""
    size = fast_length(len(sound))
    bins = np.arange(size // 2 + 1) * (2 * (len(GRID) - 1) / size)
    gains = np.interp(bins, np.arange(len(GRID)), gain(GRID))
    return np.fft.irfft(np.fft.rfft(sound, size) * gains, size)[: len(sound)]


def echoed(sound: Sound, answer: Sound) -> Sound:
    """Return what is heard where a click would be heard as `answer`: both, joined."""
    length = len(sound) + len(answer)
    size = fast_length(length)
    both = np.fft.rfft(sound, size) * np.fft.rfft(answer, size)
    return np.fft.irfft(both, size)[:length]


def resampled(sound: Sound, faster: float) -> Sound:
    """Play faster, so that pitch and formants rise by the same (to a hundredth)."""
    before = fast_length(len(sound) + RATE // 50)
    wanted = np.searchsorted(_FAST, before / faster)
    nearest = _FAST[max(0, wanted - 1) : wanted + 1]
    after = int(nearest[np.argmin(np.abs(nearest - before / faster))])
    bins = np.fft.rfft(sound, before)[: after // 2 + 1]
    made = np.fft.irfft(bins, after) * (after / before)
    return made[: round(len(sound) * after / before)]
