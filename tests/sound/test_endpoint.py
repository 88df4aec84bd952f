"""Beginnings and ends of utterances, on made frames."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.sound.acceptor import Progress
from voice.sound.endpoint import Endpoint, Loudness, Patience, level_db

SAMPLES = 160
PATIENCE = Patience()


def noise(db: float, frames: int, seed: int = 0) -> list[bytes]:
    """White noise with a level as `level_db` tells it."""
    rng = np.random.default_rng(seed)
    sound = rng.standard_normal(SAMPLES * frames)
    lifted = float(np.sqrt(1 + 0.95**2))
    pcm = (sound / lifted * 10 ** (db / 20) * 32768).clip(-32768, 32767).astype("<i2")
    return [pcm[i : i + SAMPLES].tobytes() for i in range(0, len(pcm), SAMPLES)]


def loud(frames: list[bytes], loudness: Loudness | None = None) -> list[bool]:
    hears = loudness or Loudness()
    return [hears.loud(frame) for frame in frames]


def after(flags: list[bool], patience: Patience = PATIENCE) -> Endpoint:
    endpoint = Endpoint(patience)
    for flag in flags:
        endpoint.hear(flag)
    return endpoint


@pytest.mark.parametrize("db", [-80, -60, -45, -35])
def test_steady_noise_is_no_speech(db):
    assert not any(loud(noise(db, 500)))


@pytest.mark.parametrize(
    ("line", "speech"), [(-80, -52), (-70, -50), (-45, -30), (-60, -3)]
)
def test_speech_from_whisper_to_shout_stands_out(line, speech):
    flags = loud(noise(line, 100) + noise(speech, 20, seed=1) + noise(line, 50))
    assert not any(flags[:100])
    assert all(flags[100:120])
    assert not any(flags[120:])


def test_speech_at_the_very_beginning_is_noticed():
    assert all(loud(noise(-20, 40)))


def test_a_line_that_grows_noisier_is_got_used_to():
    flags = loud(noise(-75, 100) + noise(-50, 400, seed=1))
    assert not any(flags[-200:])


def test_digital_silence_has_a_level():
    assert level_db(bytes(320)) == pytest.approx(-100)


def test_a_click_begins_nothing():
    assert not after([False] * 10 + [True] * 2 + [False] * 10).begun


def test_four_loud_frames_of_six_begin():
    assert after([True, False, True, True, True]).begun


@pytest.mark.parametrize(
    ("progress", "quiet"),
    [
        (Progress.WHOLE, 10),
        (Progress.EXTENDABLE, 30),
        (Progress.NOTHING, 30),
        (Progress.INCOMPLETE, 60),
    ],
)
def test_the_less_is_said_the_longer_is_waited(progress, quiet):
    spoken = [True] * 20
    assert not after([*spoken, *[False] * (quiet - 1)]).ended(progress)
    assert after([*spoken, *[False] * quiet]).ended(progress)


def test_a_click_does_not_end_the_quiet():
    endpoint = after([True] * 9 + [False] * 5 + [True] + [False] * 5)
    assert endpoint.quiet == pytest.approx(0.22)


def test_an_utterance_has_a_longest_time():
    patience = Patience(longest=1.0)
    assert not after([True] * 50, patience).ended(Progress.INCOMPLETE)
    assert after([True] * 53, patience).ended(Progress.INCOMPLETE)


@given(st.lists(st.booleans(), max_size=80), st.sampled_from(Progress))
def test_nothing_ends_that_has_not_begun(flags, progress):
    endpoint = after(flags)
    assert endpoint.begun or not endpoint.ended(progress)


@given(st.lists(st.booleans(), max_size=80))
def test_quiet_is_none_while_somebody_speaks(flags):
    assert after([*flags, True, True]).quiet == 0
