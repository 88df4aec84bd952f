"""Make another speaker of one: larger or smaller, faster or slower, or whispering."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from recipe.spectrum import RATE, Sound

WIDE, HOP = 256, 128  # samples: of the frames whose spectra are changed
BINS = WIDE // 2 + 1
SMOOTH = 24  # cepstra that tell formants from the overtones of a voice
STRONGEST = 3.0  # nepers that a formant may be raised by
PIECE, STEP, SEARCH = 240, 120, 80  # samples: of the pieces that tempo is changed by

Spectra = NDArray[np.complex128]


def formants_shifted(sound: Sound, ratio: float) -> Sound:
    """Move formants up by a ratio, as of a shorter throat; pitch and tempo stay."""
    spectra = _spectra(sound)
    at = np.minimum(np.arange(BINS) / ratio, BINS - 1)
    moving = np.maximum(0, 1 - np.abs(np.arange(BINS)[:, None] - at))
    raised = _logarithms(spectra) @ (_SMOOTHING @ moving - _SMOOTHING)
    return _joined(spectra * np.exp(raised.clip(-STRONGEST, STRONGEST)), len(sound))


def whispered(sound: Sound, rng: np.random.Generator) -> Sound:
    """Breathe the same formants out without a voice, fainter where voices are deep."""
    envelope = _logarithms(_spectra(sound)) @ _SMOOTHING
    breath = _spectra(rng.standard_normal(len(sound)))
    pitch = np.linspace(0, RATE / 2, BINS)
    voiceless = pitch / (pitch + 600)
    return _joined(breath * np.exp(envelope) * voiceless, len(sound))


def stretched(sound: Sound, tempo: float) -> Sound:
    """Say it faster at the same pitch, by pieces that overlap where they fit best."""
    pieces = int((len(sound) - PIECE) / (STEP * tempo))
    if pieces < 2:
        return sound
    padded = np.pad(sound, (SEARCH, PIECE + 2 * SEARCH + STEP))
    window, made = np.hanning(PIECE), np.zeros(pieces * STEP + PIECE)
    at = SEARCH
    made[:PIECE] += padded[at : at + PIECE] * window
    for piece in range(1, pieces):
        goes_on = padded[at + STEP : at + STEP + PIECE]
        start = int(piece * STEP * tempo)
        near = padded[start : start + PIECE + 2 * SEARCH]
        at = start + int(np.correlate(near, goes_on).argmax())
        made[piece * STEP : piece * STEP + PIECE] += padded[at : at + PIECE] * window
    return made


def _spectra(sound: Sound) -> Spectra:
    count = (len(sound) + WIDE) // HOP + 1
    padded = np.pad(sound, (WIDE, count * HOP + WIDE - len(sound)))
    frames = sliding_window_view(padded, WIDE)[::HOP]
    return np.asarray(np.fft.rfft(frames * _WINDOW))


def _joined(spectra: Spectra, length: int) -> Sound:
    frames = np.fft.irfft(spectra, WIDE) * _WINDOW
    made = np.zeros((len(frames) + 1) * HOP)
    made[:-HOP] += frames[:, :HOP].ravel()
    made[HOP:] += frames[:, HOP:].ravel()
    return made[WIDE : WIDE + length]


def _logarithms(spectra: Spectra) -> Sound:
    size = np.abs(spectra)
    return np.asarray(np.log(np.maximum(size, 1e-4 * size.max() + 1e-9)))


def _smoothing() -> Sound:
    """Return the matrix that keeps the low cepstra of log spectra: their envelope."""
    falling = np.zeros(WIDE)
    falling[:SMOOTH] = 0.5 + 0.5 * np.cos(np.pi * np.arange(SMOOTH) / SMOOTH)
    falling[1 - SMOOTH :] = falling[SMOOTH - 1 : 0 : -1]
    cepstra = np.fft.irfft(np.eye(BINS), WIDE)
    return np.asarray(np.fft.rfft(cepstra * falling).real)


# Its square, and that of the window half a width later, sum to 1.
_WINDOW = np.sin(np.pi * (np.arange(WIDE) + 0.5) / WIDE)
_SMOOTHING = _smoothing()
