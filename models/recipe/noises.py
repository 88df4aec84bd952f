"""What is heard beside the speaker: hiss, cars, hum, people, music and knocks."""

from collections.abc import Sequence

import numpy as np

from recipe.spectrum import RATE, Sound, filtered

CIRCLE = 1024  # points that one period of a tone is drawn with
MAINS = 50.0  # Hz
TONES = (350, 425, 440, 697, 770, 852, 1100, 1209, 1336)  # Hz, of exchanges and keys
CHORDS: tuple[tuple[int, ...], ...] = (
    (0, 4, 7),
    (0, 3, 7),
    (0, 4, 7, 11),
    (0, 3, 7, 10),
)  # in semitones


def white(length: int, rng: np.random.Generator) -> Sound:
    """Return noise as strong at all pitches."""
    return rng.standard_normal(length, np.float32).astype(np.float64)


def hiss(length: int, rng: np.random.Generator) -> Sound:
    """Return noise, white or fainter towards high pitches, steady or in swells."""
    fall = -rng.choice([0, 0, 0.4, 0.8, 1.1])
    made = white(length, rng)
    if fall:
        made = filtered(made, lambda pitch: np.maximum(pitch, 20) ** fall)
    if rng.random() < 0.25:
        time = np.arange(length) / RATE
        swell = np.sin(2 * np.pi * (rng.uniform(0.2, 3) * time + rng.random()))
        made *= 1 + rng.uniform(0.3, 0.9) * swell
    return made


def car(length: int, rng: np.random.Generator) -> Sound:
    """Return an engine and the road below it."""
    road = filtered(white(length, rng), lambda p: np.maximum(p, 40) ** -0.8)
    overtones = rng.random(11) / np.arange(1, 12)
    engine = hum(rng.uniform(30, 110), overtones, length)
    return np.asarray(road / road.std() + rng.uniform(0.2, 2) * engine)


def babble(length: int, rng: np.random.Generator, others: Sequence[Sound]) -> Sound:
    """Return other people, each from somewhere in what they say."""
    made = np.zeros(length)
    for other in others:
        made += np.resize(np.roll(other, rng.integers(len(other))), length)
    return made


def hum(base: float, overtones: Sound, length: int) -> Sound:
    """Return a tone of `base` Hz, with the amplitudes of it and its overtones."""
    orders = np.arange(1, len(overtones) + 1)[:, None]
    period = overtones @ np.sin(2 * np.pi * orders * np.arange(CIRCLE) / CIRCLE)
    at = (np.arange(length) * (CIRCLE * base / RATE)).astype(np.int64) % CIRCLE
    return np.asarray(period[at])


def mains(length: int, rng: np.random.Generator) -> Sound:
    """Return the hum of the mains, of which phones pass mostly the overtones."""
    overtones = rng.random(16) ** 2 / np.arange(1, 17) ** 0.5
    return hum(MAINS * rng.uniform(0.998, 1.002), overtones, length)


def music(length: int, rng: np.random.Generator) -> Sound:
    """Return music on hold: broken chords, each note struck and dying away."""
    root, beat = rng.uniform(130, 350), int(RATE * rng.uniform(0.12, 0.5))
    overtones = rng.random(5) / np.arange(1, 6) ** 1.5
    overtones[0] = 1
    dying = np.exp(-np.arange(4 * beat) / (beat * rng.uniform(0.5, 2)))
    made, chord = np.zeros(length + 4 * beat), CHORDS[0]
    for number, start in enumerate(range(0, length, beat)):
        if number % 4 == 0:
            chord = CHORDS[int(rng.integers(len(CHORDS)))]
            step = int(rng.choice([0, 5, 7, 9]))
        tone = step + chord[number % len(chord)] + 12 * int(rng.integers(2))
        struck = hum(root * 2 ** (tone / 12), overtones, 4 * beat)
        made[start : start + 4 * beat] += struck * dying
    return made[:length]


def tones(length: int, rng: np.random.Generator) -> Sound:
    """Return two tones that come and go, as keys and exchanges give."""
    time = np.arange(length) / RATE
    on = (time % rng.uniform(0.2, 3)) < rng.uniform(0.1, 1.5)
    both = [np.sin(2 * np.pi * pitch * time) for pitch in rng.choice(TONES, 2)]
    return np.asarray((both[0] + both[1]) * on)


def knocks(length: int, rng: np.random.Generator) -> Sound:
    """Return blows, bumps and breaths, each of noise that dies away."""
    made = np.zeros(length)
    for at in rng.integers(0, length, rng.integers(1, 12)):
        dying = np.exp(-np.arange(length - at) / rng.uniform(10, 300))
        made[at:] += rng.standard_normal(length - at) * dying
    return made
