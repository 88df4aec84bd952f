"""Sound of 16 kHz and of 8 kHz are the same sound."""

from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.phone.wideband import Doubled, Halved

FRAME = 160


def tone(hertz: float, rate: int, seconds: float = 0.5) -> np.ndarray:
    at = np.arange(int(rate * seconds)) / rate
    return np.rint(8000 * np.sin(2 * np.pi * hertz * at)).astype("<i2")


def pieces(change: Halved | Doubled, sound: np.ndarray, size: int) -> np.ndarray:
    """Change a sound as it comes in a call: piece by piece."""
    parts = (sound[at : at + size].tobytes() for at in range(0, len(sound), size))
    return np.frombuffer(b"".join(map(change, parts)), "<i2").astype(float)


def decibels(sound: np.ndarray) -> float:
    """Return how loud a sound is, its beginning and end left out, against the tone."""
    middle = sound[len(sound) // 4 : -len(sound) // 4].astype(float)
    return float(10 * np.log10(np.mean(middle**2) / (8000**2 / 2) + 1e-12))


@pytest.mark.parametrize("hertz", [200, 1000, 2000, 3400])
def test_speech_keeps_its_level_both_ways(hertz: int):
    assert abs(decibels(pieces(Halved(), tone(hertz, 16000), 2 * FRAME))) < 0.2
    assert abs(decibels(pieces(Doubled(), tone(hertz, 8000), FRAME))) < 0.2


def test_what_8_khz_cannot_hold_does_not_come_back_as_something_else():
    assert decibels(pieces(Halved(), tone(5000, 16000), 2 * FRAME)) < -55


def test_a_doubled_sound_is_halved_to_itself():
    narrow = tone(700, 8000)
    again = pieces(Halved(), pieces(Doubled(), narrow, FRAME).astype("<i2"), 320)
    late = 31
    assert np.abs(again[late + 99 : -99] - narrow[99 : -late - 99]).max() < 20


def test_every_piece_keeps_its_length():
    for change, came, returned in ((Halved(), 640, 320), (Doubled(), 320, 640)):
        assert [len(change(bytes(came))) for _ in range(3)] == [returned] * 3


def test_the_pieces_join_without_a_seam():
    sound = tone(440, 16000)
    assert (pieces(Halved(), sound, 320) == pieces(Halved(), sound, len(sound))).all()


@given(st.lists(st.integers(0, 700), max_size=30), st.sampled_from([Halved, Doubled]))
def test_sound_is_the_same_however_it_comes(sizes, change):
    sound = tone(440, 16000)
    cuts = [min(at, len(sound)) for at in accumulate(sizes)]
    parts = np.split(sound, cuts)
    came = b"".join(map(change(), (part.tobytes() for part in parts)))
    assert came == change()(sound.tobytes())


def test_the_loudest_sound_is_clipped_and_never_wraps_round():
    loudest = np.tile(np.array([32767, -32768], "<i2").repeat(20), 40)
    out = pieces(Doubled(), loudest, FRAME)
    assert out.max() == 32767
    assert out.min() == -32768
