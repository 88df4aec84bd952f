"""Make clean speech sound like a telephone call, by chance, for training."""

from collections.abc import Sequence

import numpy as np

from recipe.codec import alaw
from recipe.spectrum import RATE as RATE
from recipe.spectrum import Sound as Sound
from recipe.spectrum import echoed, filtered, loudest, resampled

FRAME, HOP, SEARCH = 240, 120, 80  # samples: of the pieces that tempo is changed by


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


def shifted(sound: Sound, rng: np.random.Generator) -> Sound:
    """Shift pitch and formants together, and so the tempo."""
    return resampled(sound, rng.uniform(0.85, 1.16))


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
    return echoed(sound, echo)[: len(sound) + 800]


def on_line(sound: Sound, rng: np.random.Generator) -> Sound:
    """Keep a telephone's band, and tilt it as a microphone does."""
    low, high = rng.uniform(80, 450), rng.uniform(2500, 3800)
    steep = rng.choice([2, 4, 8, 16], 2)
    tilt = rng.uniform(-0.4, 0.6)

    def gain(pitch: Sound) -> Sound:
        pitch = np.maximum(pitch, 1)
        below, above = (low / pitch) ** steep[0], (pitch / high) ** steep[1]
        return np.asarray((pitch / 1000) ** tilt / np.sqrt((1 + below) * (1 + above)))

    return filtered(sound, gain)


def noise(
    sound: Sound, rng: np.random.Generator, others: Sequence[Sound] = ()
) -> Sound:
    """Return hiss, a car, hum or other people, 5 to 35 dB below the speech."""
    length, kind = len(sound), rng.random()
    if kind < 0.25 and others:
        loops = [np.roll(np.resize(o, length), rng.integers(length)) for o in others]
        made = np.sum(loops, axis=0)
    else:
        fall = -rng.choice([0, 0, 0.4, 0.8])
        made = filtered(
            rng.standard_normal(length), lambda pitch: np.maximum(pitch, 20) ** fall
        )
        made = made / made.std()
    if kind > 0.75:
        overtones = rng.random(11) / np.arange(1, 12)
        made = made + hum(rng.uniform(30, 110), overtones, length)
    snr = rng.uniform(5, 35)
    power = np.sqrt(np.mean(sound**2) / (np.mean(made**2) + 1e-12))
    return np.asarray(made * power * 10 ** (-snr / 20))


def hum(base: float, overtones: Sound, length: int) -> Sound:
    """Return a tone of `base` Hz, with the amplitudes of it and its overtones."""
    circle = np.arange(1024) / 1024
    orders = np.arange(1, len(overtones) + 1)[:, None]
    period = overtones @ np.sin(2 * np.pi * orders * circle)
    at = (np.arange(length) * (1024 * base / RATE)).astype(np.int64) % 1024
    return np.asarray(period[at])


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
