"""Free speech: the likeliest phones, and what phrases lose against them."""

from itertools import product

import numpy as np
import pytest

from voice.sound.alignment import HALF, best_path, spoken
from voice.sound.free import by_trigram, freely
from voice.sound.score import edits

PHONES = 4
EVEN = np.full((PHONES, PHONES), 1 / PHONES, np.float32)
EVEN_LOGS = np.log(np.full((PHONES,) * 3, 1 / PHONES, np.float32))


def outputs(phones: list[int], strength: float = 8.0) -> np.ndarray:
    made = np.full((len(phones), 2 * PHONES), -strength, np.float32)
    for frame, phone in enumerate(phones):
        entered = frame == 0 or phones[frame - 1] != phone
        made[frame, 2 * phone + (not entered)] = strength
    return made


def uneven_logs(seed: int) -> np.ndarray:
    chances = np.random.default_rng(seed).dirichlet(np.ones(PHONES), (PHONES, PHONES))
    return np.log(chances).astype(np.float32)


def best_by_trying(sound: np.ndarray, trigram: np.ndarray) -> float:
    """Try every way through a short sound: each frame stays, or enters any phone."""
    best = -np.inf
    for way in product(range(-1, PHONES), repeat=len(sound) - 1):
        for first in range(PHONES):
            before, phone, gain = 0, first, float(sound[0, 2 * first])
            for frame, enters in enumerate(way, 1):
                gain += HALF
                if enters < 0:
                    gain += float(sound[frame, 2 * phone + 1])
                    continue
                gain += float(sound[frame, 2 * enters])
                gain += float(trigram[before, phone, enters])
                before, phone = phone, enters
            best = max(best, gain)
    return best


@pytest.mark.parametrize("seed", range(4))
def test_no_way_is_better_than_the_one_that_is_found(seed):
    sound = np.random.default_rng(seed).standard_normal((5, 2 * PHONES)) * 3
    sound, trigram = sound.astype(np.float32), uneven_logs(seed)
    way = freely(sound, trigram)
    assert way.gains.sum() == pytest.approx(best_by_trying(sound, trigram), abs=1e-3)


def test_what_is_said_is_found():
    way = freely(outputs([0, 0, 1, 1, 2, 0, 0, 3, 3, 0]), EVEN_LOGS)
    assert list(way.states) == [0, 0, 1, 1, 2, 0, 0, 3, 3, 0]
    assert list(np.flatnonzero(way.entered)) == [0, 2, 4, 5, 7, 9]


def test_the_trigram_decides_between_phones_that_sound_alike():
    sound = outputs([0, 1, 1, 2, 2])
    sound[3, [4, 6]] = sound[4, [5, 7]] = 8.0  # 2 or 3, as far as one can hear
    trigram = np.full((PHONES,) * 3, np.log(0.1), np.float32)
    for likelier in (2, 3):
        trigram[0, 1] = np.log([0.1, 0.1, 0.1, 0.1])
        trigram[0, 1, likelier] = np.log(0.7)
        assert list(freely(sound, trigram).states) == [0, 1, 1, likelier, likelier]


@pytest.mark.parametrize("seed", range(4))
def test_no_phrase_gains_more_than_free_speech(seed):
    noise = np.random.default_rng(seed).standard_normal((30, 2 * PHONES)) * 2
    noise, trigram = noise.astype(np.float32), uneven_logs(seed)
    chain = spoken([[[1, 2, 3]], [[2]]], EVEN)
    bound = by_trigram(best_path(noise, chain), chain, trigram)
    assert bound.gains.sum() <= freely(noise, trigram).gains.sum() + 1e-3


def test_the_right_phrase_loses_nothing():
    said = outputs([0, 1, 1, 2, 2, 0])
    free = freely(said, EVEN_LOGS).gains.sum()
    right, wrong = (
        by_trigram(best_path(said, chain), chain, EVEN_LOGS).gains.sum()
        for chain in (spoken([[[1, 2]]], EVEN), spoken([[[3, 3]]], EVEN))
    )
    assert right == pytest.approx(free, abs=1e-3)
    assert wrong < free - 20


@pytest.mark.parametrize(
    ("heard", "said", "changes"),
    [([1, 2, 3], [1, 2, 3], 0), ([1, 3], [1, 2, 3], 1), ([], [1, 2], 2)]
    + [([1, 2, 3], [], 3), ([3, 2, 1], [1, 2, 3], 2), ([1, 1, 2], [1, 2, 2], 1)],
)
def test_edits(heard, said, changes):
    assert edits(heard, said) == changes
