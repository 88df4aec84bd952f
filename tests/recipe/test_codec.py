"""Codecs: A-law against the standard's table, the others against what went in."""

import shutil
import subprocess

import numpy as np
import pytest
from recipe.codec import CODECS, CodecError, alaw, coded, through_codecs
from recipe.spectrum import RATE, Sound


def codes_all() -> bool:
    """Say whether an ffmpeg is here, and with every encoder that is asked for."""
    if shutil.which("ffmpeg") is None:
        return False
    command = ["ffmpeg", "-hide_banner", "-encoders"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {codec.encoder for codec in CODECS.values()} <= set(told.split())


FFMPEG = pytest.mark.skipif(
    not codes_all(), reason="needs ffmpeg with libavcodec-extra"
)
# Table 1a/G.711, columns 1 and 8, of 4096: the intervals' first end and their width.
SEGMENTS = (
    (0, 2), (32, 2), (64, 4), (128, 8), (256, 16), (512, 32), (1024, 64), (2048, 128)
)  # fmt: skip


def speechlike(seconds: float, seed: int) -> Sound:
    """Return swelling noise of 300 to 1500 Hz: aligned in one way only."""
    length = int(RATE * seconds)
    bins = np.fft.rfft(np.random.default_rng(seed).standard_normal(length))
    pitch = np.fft.rfftfreq(length, 1 / RATE)
    bins[(pitch < 300) | (pitch > 1500)] = 0
    swell = 0.1 + np.sin(np.pi * 3 * np.arange(length) / RATE) ** 2
    made = np.fft.irfft(bins, length) * swell
    return np.asarray(0.5 * made / np.abs(made).max())


def lateness(before: Sound, after: Sound) -> int:
    """Return by how many samples what came out is later."""
    tries = range(-400, 401)
    middle = before[400:-400]
    alike = [middle @ after[400 + late : len(after) - 400 + late] for late in tries]
    return tries[int(np.argmax(alike))]


def test_a_law_gives_the_values_of_the_standard():
    values = [
        first + width * (step + 0.5) for first, width in SEGMENTS for step in range(16)
    ]
    assert values[0] == 1
    assert values[-1] == 4032
    for sign in (1, -1):
        sent = sign * np.array(values) / 4096
        assert np.array_equal(alaw(sent), sent)


def test_a_law_knows_no_other_values():
    heard = alaw(np.linspace(-1.2, 1.2, 100_001))
    assert len(np.unique(heard)) == 256
    assert np.abs(heard).max() == 4032 / 4096


def test_a_law_errs_by_half_an_interval_at_most():
    for first, width in SEGMENTS:
        sent = np.linspace(first, first + 16 * width - 0.01, 999) / 4096
        assert np.abs(alaw(sent) - sent).max() * 4096 <= width / 2 + 1e-9


@FFMPEG
@pytest.mark.parametrize("name", CODECS)
def test_sounds_come_back_in_time_and_as_long_as_they_were(name):
    sounds = [speechlike(seconds, n) for n, seconds in enumerate((0.9, 1.3, 0.77))]
    heard = coded(sounds, name)
    assert [len(sound) for sound in heard] == [len(sound) for sound in sounds]
    for before, after in zip(sounds, heard, strict=True):
        assert abs(lateness(before, after)) <= 0.002 * RATE
        assert after.std() == pytest.approx(before.std(), rel=0.5)
        assert np.abs(after - before).max() > 1e-3


@FFMPEG
def test_a_share_of_the_sounds_is_coded_and_none_changes_its_place():
    sounds = [speechlike(0.5, n) for n in range(30)]
    heard = through_codecs(sounds, np.random.default_rng(1), 0.5)
    same = [a is b for a, b in zip(sounds, heard, strict=True)]
    assert 5 < sum(same) < 25
    for n, sound in enumerate(heard):
        likeness = [abs(np.corrcoef(sound, other)[0, 1]) for other in sounds]
        assert int(np.argmax(likeness)) == n


def test_no_ffmpeg_is_needed_where_no_sound_is_coded(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    sounds = [speechlike(0.5, 1)]
    assert through_codecs(sounds, np.random.default_rng(1), 0)[0] is sounds[0]


def test_a_missing_ffmpeg_is_told_with_its_remedy(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CodecError, match="ffmpeg.* is missing: install it with"):
        coded([speechlike(0.5, 1)], "gsm")


def test_an_ffmpeg_that_fails_is_told_with_what_it_said(monkeypatch, tmp_path):
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\necho 'Unknown encoder libgsm' >&2\nexit 8\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CodecError, match="Unknown encoder libgsm.*libavcodec-extra"):
        coded([speechlike(0.5, 1)], "gsm")
