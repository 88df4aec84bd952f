"""Other speakers: formants, tempo and breath, measured on made vowels."""

import numpy as np
import pytest
from recipe.speaker import formants_shifted, stretched, whispered
from recipe.spectrum import RATE, Sound

PITCH = 120.0


def vowel(formant: float, seconds: float = 1.0) -> Sound:
    """Add overtones of 120 Hz up, loudest round one formant that is 150 Hz wide."""
    time = np.arange(int(RATE * seconds)) / RATE
    orders = np.arange(1, int(3900 / PITCH))
    loud = np.exp(-(((orders * PITCH - formant) / 250) ** 2)) + 0.003
    waves = np.sin(2 * np.pi * PITCH * orders[:, None] * time)
    return np.asarray(loud @ waves) / 4


def formant_of(sound: Sound) -> float:
    """Return the middle of the power, in Hz."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    return float(np.sum(power * np.fft.rfftfreq(len(sound), 1 / RATE)) / power.sum())


def pitch_of(sound: Sound) -> float:
    """Return the voice's pitch in Hz, as far as it repeats itself."""
    middle = sound[1000:5000]
    alike = np.correlate(middle, middle, "full")[len(middle) - 1 :]
    return RATE / (40 + float(np.argmax(alike[40:120])))


@pytest.mark.parametrize("ratio", [0.85, 0.93, 1.1, 1.2])
def test_formants_move_by_the_ratio_and_the_pitch_stays(ratio):
    before = vowel(1400)
    after = formants_shifted(before, ratio)
    moved = formant_of(after) / formant_of(before)
    assert moved == pytest.approx(ratio, rel=0.05)
    assert pitch_of(after) == pytest.approx(PITCH, rel=0.02)
    assert len(after) == len(before)


def test_a_ratio_of_one_changes_nothing():
    before = vowel(1400)
    after = formants_shifted(before, 1.0)
    assert np.abs(after - before)[300:-300].max() < 1e-6


@pytest.mark.parametrize("tempo", [0.7, 1.0, 1.4])
def test_a_tempo_changes_the_length_and_not_the_pitch(tempo):
    after = stretched(vowel(1400, 2), tempo)
    assert len(after) == pytest.approx(2 * RATE / tempo, rel=0.03)
    assert pitch_of(after) == pytest.approx(PITCH, rel=0.02)


def test_a_sound_too_short_for_a_tempo_stays_as_it_is():
    assert np.array_equal(stretched(np.ones(300), 1.3), np.ones(300))


def test_a_whisper_keeps_the_formant_and_loses_the_voice():
    before = vowel(1400)
    after = whispered(before, np.random.default_rng(1))
    assert formant_of(after) == pytest.approx(formant_of(before), rel=0.15)
    assert overtones(before) > 100
    assert overtones(after) < 3


def overtones(sound: Sound) -> float:
    """Return how much stronger the overtones are than what lies between them."""
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), RATE)) ** 2
    at = (np.arange(8, 14) * PITCH).astype(int)
    return float(power[at].mean() / power[at + 60].mean())
