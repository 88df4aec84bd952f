"""What lines, rooms and sets do to speech, measured on sounds whose truth is known."""

import numpy as np
import pytest
from recipe.line import (
    NOISES,
    By,
    band,
    below,
    beside,
    clipped,
    nothing_said,
    on_line,
    telephone,
)
from recipe.spectrum import RATE, Sound, fast_length, filtered, resampled


def white(seconds: float = 1.0, seed: int = 0) -> Sound:
    return np.random.default_rng(seed).standard_normal(int(RATE * seconds))


def tone(pitch: float, seconds: float = 1.0) -> Sound:
    return np.sin(2 * np.pi * pitch * np.arange(int(RATE * seconds)) / RATE)


def power(sound: Sound, low: float, high: float) -> float:
    pitch = np.fft.rfftfreq(len(sound), 1 / RATE)
    within = (pitch >= low) & (pitch < high)
    return float(np.sum(np.abs(np.fft.rfft(sound))[within] ** 2))


def strongest(sound: Sound) -> float:
    size = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(size)) * RATE / len(sound)


def decibels(one: float, other: float) -> float:
    return float(10 * np.log10(one / other))


def test_a_band_takes_away_what_is_outside_it_and_nothing_inside():
    before = white()
    after = band(before, (300, 3000), (8, 8), 0)
    assert decibels(power(after, 0, 150), power(before, 0, 150)) < -20
    assert decibels(power(after, 3600, 4000), power(before, 3600, 4000)) < -5
    inside = decibels(power(after, 600, 2000), power(before, 600, 2000))
    assert inside == pytest.approx(0, abs=0.3)


def test_a_tilt_raises_high_pitches():
    before = white()
    after = band(before, (1, 4000), (16, 16), 0.5)
    low = decibels(power(after, 450, 550), power(before, 450, 550))
    high = decibels(power(after, 1950, 2050), power(before, 1950, 2050))
    assert high - low == pytest.approx(10 * np.log10(4), abs=0.5)


def test_every_line_loses_the_lowest_pitches():
    for seed in range(10):
        before = white(seed=seed)
        after = on_line(before, np.random.default_rng(seed))
        lowest = decibels(power(after, 1, 30), power(before, 1, 30))
        middle = decibels(power(after, 900, 1100), power(before, 900, 1100))
        assert lowest < middle - 6


def test_a_filter_is_the_same_at_every_length():
    for length in (1009, 4096, 7919):
        made = filtered(tone(1000)[:length], lambda pitch: pitch / 1000)
        inner = slice(300, -300)
        error = made[inner] - tone(1000)[:length][inner]
        assert np.abs(error).max() < 0.05


def test_a_fast_length_is_no_shorter_and_made_of_small_primes():
    for length in (1, 7, 1009, 24_001):
        fast = fast_length(length)
        rest = fast
        for prime in (2, 3, 5):
            while rest % prime == 0:
                rest //= prime
        assert rest == 1
        assert length <= fast <= max(length + 1, 1.1 * length)


@pytest.mark.parametrize("faster", [0.8, 0.93, 1.1, 1.25])
def test_resampling_moves_a_tone_by_the_ratio_and_shortens_it_by_the_same(faster):
    made = resampled(tone(1000), faster)
    assert strongest(made) == pytest.approx(1000 * faster, rel=0.02)
    assert len(made) * strongest(made) == pytest.approx(RATE * 1000, rel=0.005)


def test_what_is_below_is_so_by_as_many_decibels():
    quiet, loud = white(seed=1), 3 * white(seed=2)
    made = below(quiet, loud, 12)
    assert decibels(np.mean(made**2), np.mean(loud**2)) == pytest.approx(-12)


def test_clipping_flattens_what_is_too_loud():
    hard = clipped(tone(200), 3, hard=True)
    soft = clipped(tone(200), 3, hard=False)
    assert np.mean(np.abs(hard) == 1) > 0.5
    assert 0.9 < np.abs(soft).max() < 1
    assert power(hard, 550, 650) > 100 * power(tone(200), 550, 650)


@pytest.mark.parametrize("kind", NOISES)
def test_every_noise_is_a_sound_of_its_length(kind):
    rng = np.random.default_rng(3)
    made = beside(kind, 9001, rng, [white(0.3), tone(300, 3)])
    assert made.shape == (9001,)
    assert np.isfinite(made).all()
    assert made.std() > 0


def test_noises_differ():
    rng = np.random.default_rng(3)
    hiss, car = (beside(kind, RATE, rng) for kind in ("hiss", "car"))
    low = [power(s, 0, 500) / power(s, 0, 4000) for s in (car, tone(300), white())]
    assert low[0] > 2 * low[2]
    assert not np.array_equal(hiss, car)


def test_a_chance_of_one_is_always_taken_within_its_bounds():
    rng = np.random.default_rng(4)
    drawn = [By(1, 2, 3).drawn(rng) for _ in range(100)]
    assert all(much is not None and 2 <= much < 3 for much in drawn)
    assert [By(0).drawn(rng) for _ in range(100)] == [None] * 100
    some = [By(0.3).drawn(rng) is not None for _ in range(2000)]
    assert np.mean(some) == pytest.approx(0.3, abs=0.05)


def test_a_call_is_decided_by_its_seed():
    speech, others = tone(300) * tone(3), [white(2)]
    calls = [telephone(speech, np.random.default_rng(s), others) for s in (1, 1, 2)]
    assert np.array_equal(calls[0], calls[1])
    assert not np.array_equal(calls[0][:8000], calls[2][:8000])


def test_calls_differ_in_level_and_stay_within_full_level():
    speech, others = tone(300) * tone(3), [white(2)]
    calls = [telephone(speech, np.random.default_rng(s), others) for s in range(60)]
    peaks = np.array([np.abs(call).max() for call in calls])
    assert all(np.isfinite(call).all() for call in calls)
    assert peaks.max() <= 1.2
    assert peaks.min() < 0.03
    assert np.median(peaks) < 0.5


def test_a_call_with_no_one_else_has_no_babble_and_is_still_made():
    for seed in range(20):
        assert telephone(tone(300), np.random.default_rng(seed)).std() > 0


def test_nothing_said_is_short_and_varied():
    made = [nothing_said(np.random.default_rng(seed)) for seed in range(40)]
    assert all(RATE // 2 <= len(sound) <= 3 * RATE for sound in made)
    assert all(np.isfinite(sound).all() for sound in made)
    peaks = [np.abs(sound).max() for sound in made]
    assert min(peaks) < 0.01 < 0.1 < max(peaks)
