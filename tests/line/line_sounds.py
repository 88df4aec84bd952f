"""Sounds that tests send over a line, and how they are found again."""

from dataclasses import dataclass

import numpy as np

RATE = 8000
_AMPLITUDE = 6000


def _chirp(seconds: float, begins: float, ends: float) -> bytes:
    at = np.arange(int(RATE * seconds)) / RATE
    turns = begins * at + (ends - begins) * at * at / (2 * seconds)
    return (_AMPLITUDE * np.sin(2 * np.pi * turns)).astype("<i2").tobytes()


CHIRP = _chirp(1.0, 300, 3000)
"""Like nothing else on a line, and like itself only where it begins."""
SILENCE = bytes(2 * RATE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sound begins in another, and how like it is: 1 the same, -1 inverted."""

    at: int
    likeness: float


def samples(pcm: bytes) -> np.ndarray:
    return np.frombuffer(pcm, "<i2").astype(np.float64)


def place_of(sound: bytes, heard: bytes) -> Place:
    """Find where a sound is heard best."""
    wanted, given = samples(sound), samples(heard)
    if len(given) < len(wanted):
        return Place(0, 0.0)
    size = len(wanted) + len(given)
    spectrum = np.fft.rfft(given, size) * np.conj(np.fft.rfft(wanted, size))
    products = np.fft.irfft(spectrum, size)[: len(given) - len(wanted) + 1]
    squares = np.concatenate([[0.0], np.cumsum(given**2)])
    energy = squares[len(wanted) :] - squares[: len(squares) - len(wanted)]
    likeness = products / np.sqrt(np.maximum(energy * np.sum(wanted**2), 1.0))
    at = int(np.argmax(np.abs(likeness)))
    return Place(at, float(likeness[at]))


def level_change(sound: bytes, heard: bytes, place: Place) -> float:
    """Return how much louder a sound is where it is heard, in dB."""
    part = samples(heard)[place.at : place.at + len(sound) // 2]
    return float(10 * np.log10(np.mean(part**2) / np.mean(samples(sound) ** 2)))
