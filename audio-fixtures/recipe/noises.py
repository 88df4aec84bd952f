"""Sounds of the line and of the room that nobody speaks in; seeded, at 8 kHz."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 8000
FLOOR = 10 ** (-66 / 20)  # a quiet line, as in telephone.py
SWEDISH_TONE = 425.0  # Hz, ITU-T E.180 supplement 2
KEYS = {"1": (697, 1209), "2": (697, 1336), "3": (697, 1477), "#": (941, 1477)}

Noise = NDArray[np.float64]
Maker = Callable[[np.random.Generator], Noise]


@dataclass(frozen=True, slots=True)
class Clip:
    """One noise file: its stem, what it is, and how it is made."""

    stem: str
    what: str
    make: Maker


def hiss(samples: int, rng: np.random.Generator, slope: float = 0) -> Noise:
    """Return noise whose power falls as frequency ** -slope; mean square 1."""
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    pitch = np.maximum(np.fft.rfftfreq(samples, 1 / RATE), 20)
    sound = np.fft.irfft(spectrum * pitch ** (-slope / 2), samples)
    return np.asarray(sound / np.sqrt(np.mean(sound**2)))


def brown(samples: int, rng: np.random.Generator) -> Noise:
    """Return the rumble of a car: falling noise and an engine that wavers."""
    time = np.arange(samples) / RATE
    turns = 2 * np.pi * (48 * time + 0.6 * np.sin(2 * np.pi * 0.4 * time))
    engine = sum(np.sin(turns * k + rng.uniform(0, 6)) / k for k in range(1, 9))
    swell = 1 + 0.2 * np.sin(2 * np.pi * 0.3 * time + rng.uniform(0, 6))
    return np.asarray((hiss(samples, rng, 1.6) + 0.25 * engine) * swell)


def hum(samples: int, rng: np.random.Generator) -> Noise:
    """Return mains hum: 50 Hz and what a bad rectifier makes of it."""
    time = np.arange(samples) / RATE
    shares = {1: 1.0, 2: 0.7, 3: 0.5, 4: 0.3, 6: 0.25, 10: 0.1}
    parts = [
        share * np.sin(2 * np.pi * 50 * k * time + rng.uniform(0, 6))
        for k, share in shares.items()
    ]
    return np.asarray(np.sum(parts, axis=0))


def crowd(people: Sequence[Noise], samples: int, rng: np.random.Generator) -> Noise:
    """Return many people talking at once, each from somewhere in their sentence."""
    sound = np.zeros(samples)
    for said in people:
        quiet = np.zeros(int(RATE * rng.uniform(0.1, 0.5)))
        loop = np.resize(np.concatenate([said, quiet]), samples)
        sound += np.roll(loop, rng.integers(samples)) * rng.uniform(0.5, 1)
    return sound


def clips(people: Sequence[Noise]) -> tuple[Clip, ...]:
    """Return every noise; `people` are sentences, for the babble."""
    return (
        Clip("line-silence", "a quiet line", lambda r: np.zeros(3 * RATE)),
        Clip("quiet-20-s", "a quiet line, long", lambda r: np.zeros(20 * RATE)),
        Clip("hum-50-hz", "mains hum", lambda r: 0.02 * hum(3 * RATE, r)),
        Clip("white-noise", "white noise", lambda r: 0.05 * hiss(3 * RATE, r)),
        Clip("pink-noise", "pink noise", lambda r: 0.06 * hiss(3 * RATE, r, 1)),
        Clip("hold-music-chords", "music on hold, chords", _chords),
        Clip("hold-music-melody", "music on hold, a melody", _melody),
        Clip("ring-tone", "ring tone: 1 s of 425 Hz", lambda r: _tones((1, 3, 1))),
        Clip("busy-tone", "busy tone", lambda r: _tones((0.25, 0.25) * 6)),
        Clip("dial-tone", "dial tone", lambda r: _tones((2,))),
        Clip("keys-dtmf", "the keys #23#1 pressed", _keys),
        Clip(
            "fax-calling", "a fax calls: 1100 Hz", lambda r: _tones((0.5, 3, 0.5), 1100)
        ),
        Clip("fax-answer", "a fax answers: 2100 Hz", lambda r: _tones((2.6,), 2100)),
        Clip("clicks", "clicks of a bad contact", _clicks),
        Clip("car", "a car inside", lambda r: 0.05 * brown(4 * RATE, r)),
        Clip("typing", "someone types", _typing),
        Clip("breath", "breath on the microphone", _breath),
        Clip("wind", "wind on the microphone", _wind),
        Clip("knocks", "a handset laid on a table", _knocks),
        Clip("coughs", "bursts like coughing", _coughs),
        Clip("babble", "many voices", lambda r: 0.03 * crowd(people, 4 * RATE, r)),
    )


def _note(pitch: float, seconds: float, fade: float) -> Noise:
    time = np.arange(int(RATE * seconds)) / RATE
    wave = sum(np.sin(2 * np.pi * pitch * k * time) / k**2 for k in (1, 2, 3, 4))
    return np.asarray(wave * np.minimum(1, time / 0.01) * np.exp(-time / fade))


def _chords(rng: np.random.Generator) -> Noise:
    chords = [(262, 330, 392), (220, 262, 330), (175, 220, 262), (196, 247, 294)]
    bars = [sum(_note(p, 1.2, 1.0) for p in chord) for chord in chords]
    return np.asarray(0.06 * np.concatenate(bars))


def _melody(rng: np.random.Generator) -> Noise:
    scale = np.array([262, 294, 330, 392, 440, 523])
    steps = rng.integers(0, len(scale), 20)
    return np.concatenate([0.15 * _note(scale[s], 0.25, 0.3) for s in steps])


def _tones(seconds: Sequence[float], pitch: float = SWEDISH_TONE) -> Noise:
    """Sound the tone for the first of the seconds, be quiet for the next, and so on."""
    on_off = [np.full(int(RATE * s), float(k % 2 == 0)) for k, s in enumerate(seconds)]
    gate = np.concatenate(on_off)
    return np.asarray(
        0.15 * gate * np.sin(2 * np.pi * pitch * np.arange(len(gate)) / RATE)
    )


def _keys(rng: np.random.Generator) -> Noise:
    parts = [np.zeros(RATE // 2)]
    for key in "#23#1":
        time = np.arange(int(RATE * rng.uniform(0.09, 0.18))) / RATE
        parts.append(sum(0.12 * np.sin(2 * np.pi * p * time) for p in KEYS[key]))
        parts.append(np.zeros(int(RATE * rng.uniform(0.1, 0.4))))
    return np.concatenate(parts)


def _struck(
    rng: np.random.Generator, seconds: float, blows: Sequence[float], fade: float
) -> Noise:
    """Return short blows at these times, each dying in `fade` seconds."""
    sound = np.zeros(int(RATE * seconds))
    length = int(RATE * fade * 6)
    decay = np.exp(-np.arange(length) / (RATE * fade))
    for at in blows:
        start = int(RATE * at)
        blow = rng.standard_normal(length) * decay * rng.uniform(0.05, 0.25)
        room = len(sound) - start
        sound[start : start + length] += blow[:room]
    return sound


def _clicks(rng: np.random.Generator) -> Noise:
    return _struck(rng, 4, rng.uniform(0, 3.9, 14).tolist(), 0.0008)


def _typing(rng: np.random.Generator) -> Noise:
    return _struck(rng, 5, np.cumsum(rng.uniform(0.07, 0.3, 24)).tolist()[:23], 0.006)


def _knocks(rng: np.random.Generator) -> Noise:
    return _struck(rng, 3, [0.4, 0.52, 1.3, 2.1], 0.03)


def _bursts(rng: np.random.Generator, spans: Sequence[tuple[float, float]]) -> Noise:
    """Return a shape over 5 s that swells and dies within each span of seconds."""
    shape = np.zeros(5 * RATE)
    for start, length in spans:
        n = int(RATE * length)
        rise = np.sin(np.pi * np.linspace(0, 1, n) ** rng.uniform(0.4, 0.8)) ** 2
        shape[int(RATE * start) : int(RATE * start) + n] = rise
    return shape


def _breath(rng: np.random.Generator) -> Noise:
    shape = _bursts(rng, [(0.3, 1.1), (1.9, 0.9), (3.3, 1.3)])
    return 0.05 * shape * hiss(len(shape), rng, 0.8)


def _wind(rng: np.random.Generator) -> Noise:
    time = np.arange(5 * RATE) / RATE
    gusts = np.interp(time, np.arange(0, 6, 0.5), rng.uniform(0, 1, 12) ** 2)
    return np.asarray((0.02 + 0.15 * gusts) * hiss(len(time), rng, 1.8))


def _coughs(rng: np.random.Generator) -> Noise:
    shape = _bursts(rng, [(0.5, 0.22), (0.85, 0.3), (2.4, 0.25), (2.8, 0.2)])
    time = np.arange(len(shape)) / RATE
    throat = 1 + 0.6 * np.sign(np.sin(2 * np.pi * 130 * time))
    return np.asarray(0.12 * shape * throat * hiss(len(shape), rng, 0.7))
