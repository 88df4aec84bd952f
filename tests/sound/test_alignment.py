"""Phones found in made outputs, where the right answer is known."""

import numpy as np

from voice.sound.alignment import NO_WORD, best_path, spoken

PHONES = 4
EVEN = np.full((PHONES, PHONES), 1 / PHONES, np.float32)


def outputs(phones: list[int], strength: float = 8.0) -> np.ndarray:
    """Outputs of a sure network: a phone for each frame, entered when it changes."""
    made = np.full((len(phones), 2 * PHONES), -strength, np.float32)
    for frame, phone in enumerate(phones):
        entered = frame == 0 or phones[frame - 1] != phone
        made[frame, 2 * phone + (not entered)] = strength
    return made


def test_words_are_found_where_they_lie():
    chain = spoken([[[1, 2]], [[3]]], EVEN)
    way = best_path(outputs([0, 0, 1, 1, 2, 0, 0, 3, 3, 0]), chain)
    assert list(chain.phones[way.states]) == [0, 0, 1, 1, 2, 0, 0, 3, 3, 0]
    assert list(chain.words[way.states][[0, 2, 4, 7]]) == [NO_WORD, 0, 0, 1]
    assert list(np.flatnonzero(way.entered)) == [0, 2, 4, 5, 7, 9]


def test_the_pronunciation_that_was_used_is_taken():
    chain = spoken([[[1, 2], [3, 2]]], EVEN)
    way = best_path(outputs([3, 3, 2, 2]), chain)
    assert list(chain.phones[way.states]) == [3, 3, 2, 2]


def test_three_phones_need_three_frames():
    chain = spoken([[[1, 2, 3]]], EVEN)
    assert not best_path(outputs([1]), chain).fits
    assert not best_path(outputs([1, 2]), chain).fits
    assert best_path(outputs([1, 2, 3]), chain).fits
