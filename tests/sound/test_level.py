"""Whatever the speech was, the line gets it trimmed, level and in whole frames."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.sound.level import (
    FRAME,
    LEAD,
    LEVEL,
    TAIL,
    as_bytes,
    as_samples,
    prepared,
    speech_level,
    trimmed,
)
from voice.sound.wave import RATE


def tone(seconds, rate=RATE, amplitude=0.1):
    at = np.arange(round(seconds * rate)) / rate
    return (amplitude * np.sin(2 * np.pi * 500 * at)).astype(np.float32)


def silence(seconds, rate=RATE):
    return np.zeros(round(seconds * rate), np.float32)


def said(*parts):
    return np.concatenate(parts)


@pytest.mark.parametrize("before", [0, 0.3, 2])
@pytest.mark.parametrize("after", [0, 0.05, 0.3, 2])
def test_silence_round_speech_becomes_the_same_everywhere(before, after):
    sound = said(silence(before), tone(0.5), silence(after))
    assert len(trimmed(sound)) == LEAD + RATE // 2 + TAIL


def test_a_pause_within_speech_stays():
    sound = said(tone(0.5), silence(0.7), tone(0.5))
    assert len(trimmed(sound)) == LEAD + round(1.7 * RATE) + TAIL


@pytest.mark.parametrize("amplitude", [0.001, 0.05, 0.99])
@pytest.mark.parametrize("rate", [8000, 16000, 22050, 48000])
def test_speech_of_any_strength_and_rate_comes_out_at_one_level(amplitude, rate):
    sound = said(silence(0.2, rate), tone(1, rate, amplitude), silence(0.4, rate))
    assert speech_level(as_samples(prepared(sound, rate))) == pytest.approx(
        LEVEL, abs=0.3
    )


def test_pauses_do_not_count_as_speech():
    with_pauses = said(tone(0.5), silence(3), tone(0.5))
    assert speech_level(with_pauses) == pytest.approx(speech_level(tone(0.5)), abs=0.1)


def test_speech_with_sharp_peaks_is_softer_rather_than_clipped():
    sound = tone(1, amplitude=0.01)
    sound[::400] = 0.9
    assert np.abs(as_samples(prepared(sound, RATE))).max() < 0.95


@pytest.mark.parametrize("nothing", [silence(0), silence(0.01), silence(3)])
def test_silence_alone_gives_no_sound(nothing):
    assert prepared(nothing, 22050) == b""


@settings(deadline=None)
@given(
    st.lists(st.floats(-1, 1, width=32), max_size=2000),
    st.sampled_from([8000, 11025, 22050, 44100, 48000]),
)
def test_anything_comes_out_in_whole_frames(values, rate):
    assert len(prepared(np.array(values, np.float32), rate)) % (2 * FRAME) == 0


@settings(deadline=None)
@given(st.binary(max_size=400).filter(lambda sound: len(sound) % 2 == 0))
def test_bytes_survive_being_samples(sound):
    back = np.frombuffer(as_bytes(as_samples(sound)), "<i2").astype(int)
    assert np.abs(back - np.frombuffer(sound, "<i2")).max(initial=0) <= 1
