"""Sounds that tests send over a line, and how they are found again."""

from dataclasses import dataclass

import numpy as np
import soxr

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


def loud_frames(pcm: bytes) -> int:
    """Count the 20 ms in which somebody speaks: silence in A-law is not quite 0."""
    whole = samples(pcm[: len(pcm) - len(pcm) % 320]).reshape(-1, 160)
    return int((np.abs(whole).max(axis=1) > _AMPLITUDE / 20).sum())


def at_rate(pcm: bytes, rate: int, wanted: int) -> bytes:
    """Return a sound at another rate."""
    return soxr.resample(np.frombuffer(pcm, "<i2"), rate, wanted).tobytes()


def place_of(sound: bytes, heard: bytes) -> Place:
    """Find where a sound is heard best, also where it begins between two samples."""
    wanted, given = samples(sound), samples(heard)
    if len(given) < len(wanted):
        return Place(0, 0.0)
    size = len(wanted) + len(given)
    spectrum = np.fft.rfft(given, size)
    squares = np.concatenate([[0.0], np.cumsum(given**2)])
    energy = squares[len(wanted) :] - squares[: len(squares) - len(wanted)]
    whole = np.sum(wanted**2)
    # What is nearly silent is like nothing.
    loudness = np.sqrt(np.maximum(energy, 0.01 * whole) * whole)
    places = []
    for late in np.arange(0, 1, 0.25):
        turn = np.exp(-2j * np.pi * np.fft.rfftfreq(size) * late)
        alike = spectrum * np.conj(np.fft.rfft(wanted, size) * turn)
        likeness = np.fft.irfft(alike, size)[: len(loudness)] / loudness
        at = int(np.argmax(np.abs(likeness)))
        places.append(Place(at, float(likeness[at])))
    return max(places, key=lambda place: abs(place.likeness))


def level_change(sound: bytes, heard: bytes, place: Place) -> float:
    """Return how much louder a sound is where it is heard, in dB."""
    part = samples(heard)[place.at : place.at + len(sound) // 2]
    return float(10 * np.log10(np.mean(part**2) / np.mean(samples(sound) ** 2)))
