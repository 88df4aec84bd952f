"""The tones: of the right frequency and level, without clicks, in whole frames."""

import numpy as np
import pytest

from voice.sound import tones
from voice.sound.level import as_samples
from voice.sound.wave import RATE

ALL = [tones.dial(), tones.known(), tones.done(), tones.refused()]


def frequency(pcm: bytes) -> float:
    sound = as_samples(pcm)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum)) * RATE / len(sound)


@pytest.mark.parametrize("pcm", ALL)
def test_a_tone_is_whole_frames_that_begin_and_end_softly(pcm):
    sound = as_samples(pcm)
    assert len(pcm) % 320 == 0
    assert abs(sound[0]) < 0.01
    assert abs(sound[-1]) < 0.01
    # No step is larger than the steepest tone's own: a click would be.
    steepest = 2 * np.pi * 3 * tones.FREQUENCY / RATE
    assert np.abs(np.diff(sound)).max() < 0.23 * steepest


@pytest.mark.parametrize("pcm", [tones.dial(), tones.done(), tones.refused()])
def test_what_an_exchange_would_play_is_of_its_frequency(pcm):
    assert abs(frequency(pcm) - tones.FREQUENCY) < 3


def test_the_dial_tone_is_at_its_level_from_beginning_to_end():
    sound = as_samples(tones.dial())
    seconds = sound[: len(sound) // RATE * RATE].reshape(-1, RATE)
    level = 20 * np.log10(np.sqrt((seconds**2).mean(axis=1)))
    # -10 dBm0, where a sine of full scale is +3.14 dBm0 and 3.01 dB below its peak.
    assert np.abs(level - (-10 - 3.14 - 3.01)).max() < 0.1


def test_done_and_refused_cannot_be_taken_for_each_other():
    pauses = [
        np.abs(as_samples(pcm)).reshape(-1, 160).max(axis=1) < 0.01
        for pcm in (tones.done(), tones.refused())
    ]
    assert not pauses[0][:-1].any()
    assert pauses[1].mean() > 0.4
