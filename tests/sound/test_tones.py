"""The tones are the frequencies the standards give, as long as asked."""

import numpy as np
import pytest

from voice.sound.tones import RATE, ToneError, busy_tone, dial_tone, earcon, key_tone

# ITU-T Q.23, written out here a second time.
KEYS = {
    "1": (697, 1209), "2": (697, 1336), "3": (697, 1477), "A": (697, 1633),
    "4": (770, 1209), "5": (770, 1336), "6": (770, 1477), "B": (770, 1633),
    "7": (852, 1209), "8": (852, 1336), "9": (852, 1477), "C": (852, 1633),
    "*": (941, 1209), "0": (941, 1336), "#": (941, 1477), "D": (941, 1633),
}  # fmt: skip


def samples(sound):
    return np.frombuffer(sound, "<i2").astype(float)


def strongest(sound, count):
    """Return the `count` strongest frequencies, to the nearest Hz."""
    wave = samples(sound)
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave)), RATE))
    peaks = [
        f
        for f in range(1, len(spectrum) - 1)
        if spectrum[f] == spectrum[f - 1 : f + 2].max()
    ]
    return sorted(sorted(peaks, key=lambda f: -spectrum[f])[:count])


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_its_two_frequencies(key):
    assert strongest(key_tone(key, 0.2), 2) == pytest.approx(KEYS[key], abs=2)


@pytest.mark.parametrize("key", ["", "E", "12", "å", "a"])
def test_what_is_no_key_has_no_tone(key):
    with pytest.raises(ToneError, match="0-9"):
        key_tone(key)


def test_the_dial_tone_is_one_unbroken_425_hz():
    tone = dial_tone(1.0)
    assert strongest(tone, 1) == [425]
    loudness = np.abs(samples(tone)).reshape(-1, 400).max(axis=1)
    assert loudness.min() > 0.9 * loudness.max()


def test_the_busy_tone_is_425_hz_a_quarter_on_and_a_quarter_off():
    quarters = samples(busy_tone(1.0)).reshape(4, -1)
    assert [bool(quarter.any()) for quarter in quarters] == [True, False, True, False]
    assert strongest(quarters[0].astype("<i2").tobytes(), 1) == pytest.approx(
        [425], abs=1
    )


def test_the_earcon_rises():
    sound = earcon(0.4)
    low, high = (strongest(half, 1) for half in (sound[:3200], sound[3200:]))
    assert low < high


@pytest.mark.parametrize("seconds", [0, 0.0005, 0.02, 0.1, 1.37])
def test_every_tone_is_as_long_as_asked(seconds):
    tones = (earcon(seconds), dial_tone(seconds), busy_tone(seconds))
    for tone in (*tones, key_tone("5", seconds)):
        assert len(tone) == 2 * round(seconds * RATE)


@pytest.mark.parametrize("tone", [earcon(), dial_tone(0.2), key_tone("#")])
def test_a_tone_begins_and_ends_softly(tone):
    wave = np.abs(samples(tone))
    assert max(wave[0], wave[-1]) < 0.05 * wave.max()
    assert wave.max() < 0.5 * 32767
