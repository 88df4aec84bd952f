"""Make clean speech sound like a telephone call, by chance, for training."""

from collections.abc import Sequence

import numpy as np
import soxr
from numpy.typing import NDArray

RATE = 8000
FRAME, HOP, SEARCH = 240, 120, 80  # samples: of the pieces that tempo is changed by
COMPRESSION = 87.6  # ITU-T G.711, A-law
QUANTA = 127

Sound = NDArray[np.float64]


def telephone(
    speech: Sound, rng: np.random.Generator, others: Sequence[Sound] = ()
) -> Sound:
    """Return another speaker, room, line, noise and level; `others` make babble."""
    sound = loudest(stretched(shifted(speech, rng), rng))
    if rng.random() < 0.35:
        sound = in_room(sound, rng)
    if rng.random() < 0.8:
        sound = on_line(sound, rng)
    sound = loudest(sound)
    before, after = rng.integers(600, 4500, 2)
    sound = np.concatenate([np.zeros(before), sound, np.zeros(after)])
    sound = sound + noise(sound, rng, others)
    level = 10 ** rng.uniform(-1.5, 0)
    floor = 10 ** rng.uniform(-4, -3) * rng.standard_normal(len(sound))
    sound = loudest(sound) * level + floor
    return alaw(sound) if rng.random() < 0.8 else sound


def loudest(sound: Sound) -> Sound:
    """Return the sound at full level."""
    return np.asarray(sound / max(1e-3, float(np.abs(sound).max())))


def shifted(sound: Sound, rng: np.random.Generator) -> Sound:
    """Shift pitch and formants together, and so the tempo."""
    return np.asarray(soxr.resample(sound, RATE * rng.uniform(0.85, 1.16), RATE))


def stretched(sound: Sound, rng: np.random.Generator) -> Sound:
    """Change the tempo alone, by pieces that overlap where they fit best."""
    tempo = rng.uniform(0.75, 1.3)
    padded = np.pad(sound, (SEARCH, FRAME + 2 * SEARCH + HOP))
    pieces = int((len(sound) - FRAME) / (HOP * tempo))
    if rng.random() < 0.4 or pieces < 2:
        return sound
    window, made = np.hanning(FRAME), np.zeros(pieces * HOP + FRAME)
    at = SEARCH
    made[:FRAME] += padded[at : at + FRAME] * window
    for piece in range(1, pieces):
        goes_on = padded[at + HOP : at + HOP + FRAME]
        start = int(piece * HOP * tempo)
        near = padded[start : start + FRAME + 2 * SEARCH]
        at = start + int(np.argmax(np.correlate(near, goes_on)))
        made[piece * HOP : piece * HOP + FRAME] += padded[at : at + FRAME] * window
    return made


def in_room(sound: Sound, rng: np.random.Generator) -> Sound:
    """Add the echo of a room."""
    length = int(rng.uniform(400, 2400))
    fall = np.exp(-np.arange(length) / (length / rng.uniform(3, 7)))
    echo = rng.standard_normal(length) * fall
    echo[0] = rng.uniform(2, 8)
    size = len(sound) + length
    both = np.fft.rfft(sound, size) * np.fft.rfft(echo, size)
    return np.fft.irfft(both, size)[: len(sound) + 800]


def on_line(sound: Sound, rng: np.random.Generator) -> Sound:
    """Keep a telephone's band, and tilt it as a microphone does."""
    low, high = rng.uniform(80, 450), rng.uniform(2500, 3800)
    steep = rng.choice([2, 4, 8, 16], 2)
    pitch = np.maximum(np.fft.rfftfreq(len(sound), 1 / RATE), 1)
    gain = 1 / np.sqrt(
        (1 + (low / pitch) ** steep[0]) * (1 + (pitch / high) ** steep[1])
    )
    gain *= (pitch / 1000) ** rng.uniform(-0.4, 0.6)
    return np.fft.irfft(np.fft.rfft(sound) * gain, len(sound))


def noise(
    sound: Sound, rng: np.random.Generator, others: Sequence[Sound] = ()
) -> Sound:
    """Return hiss, a car, hum or other people, 5 to 35 dB below the speech."""
    length, kind = len(sound), rng.random()
    if kind < 0.25 and others:
        loops = [np.roll(np.resize(o, length), rng.integers(length)) for o in others]
        made = np.sum(loops, axis=0)
    else:
        pitch = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 20)
        hiss = np.fft.rfft(rng.standard_normal(length))
        made = np.fft.irfft(hiss * pitch ** -rng.choice([0, 0, 0.4, 0.8]), length)
        made = made / made.std()
    if kind > 0.75:
        time, base = np.arange(length) / RATE, rng.uniform(30, 110)
        engine = (np.sin(2 * np.pi * base * k * time) / k for k in range(1, 12))
        made = made + np.sum([wave * rng.random() for wave in engine], axis=0)
    snr = rng.uniform(5, 35)
    power = np.sqrt(np.mean(sound**2) / (np.mean(made**2) + 1e-12))
    return np.asarray(made * power * 10 ** (-snr / 20))


def nothing_said(rng: np.random.Generator) -> Sound:
    """Return a line that nobody speaks on: noise, tones or knocks."""
    length = int(RATE * rng.uniform(0.5, 3))
    time = np.arange(length) / RATE
    match int(rng.integers(4)):
        case 0:
            pitches = rng.choice([350, 425, 440, 697, 770, 852, 1100, 1209, 1336], 2)
            on = (time % rng.uniform(0.2, 3)) < rng.uniform(0.1, 1.5)
            made = sum(np.sin(2 * np.pi * p * time) for p in pitches) * on
        case 1:
            made = np.zeros(length)
            for at in rng.integers(0, length, rng.integers(1, 12)):
                blow = np.exp(-np.arange(length - at) / rng.uniform(10, 300))
                made[at:] += rng.standard_normal(length - at) * blow
        case _:
            made = rng.standard_normal(length) * (0.2 + rng.random() * np.sin(time * 9))
    made = on_line(loudest(np.asarray(made, np.float64)), rng)
    made = made * 10 ** rng.uniform(-2, -0.3) + 1e-4 * rng.standard_normal(length)
    return alaw(made)


def alaw(sound: Sound) -> Sound:
    """Send through ITU-T G.711 A-law and back."""
    knee, scale = 1 / COMPRESSION, 1 + np.log(COMPRESSION)
    sign, size = np.sign(sound), np.abs(sound).clip(0, 1)
    upper = 1 + np.log(np.maximum(COMPRESSION * size, 1e-9))
    coded = np.where(size < knee, COMPRESSION * size, upper) / scale
    coded = np.round(coded * QUANTA) / QUANTA
    opened = np.exp(coded * scale - 1)
    decoded = np.where(coded < 1 / scale, coded * scale, opened) / COMPRESSION
    return np.asarray(sign * decoded)
