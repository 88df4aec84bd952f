"""What arrives of a clip: the codec, and a noise of just the level that is told."""

from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from recipe.measure_line import (
    ALAW,
    LEAD,
    TAIL,
    Line,
    LineError,
    arrived,
    chosen,
    levelled,
    lines,
)

NOISES = Path(__file__).parents[2] / "audio-fixtures/noise"


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    file = tmp_path / "tone.wav"
    sound = 0.3 * np.sin(2 * np.pi * 440 * np.arange(8000) / 8000)
    sf.write(file, sound, 8000, subtype="PCM_16")
    return file


def samples(file: Path, line: Line) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    (pcm,) = arrived([file], line, NOISES)
    return np.frombuffer(pcm, "<i2") / 32768


def test_noise_is_as_far_below_the_speech_as_told():
    chance = np.random.default_rng(1)
    noise, speech = 7 * chance.standard_normal(1000), chance.standard_normal(500)
    made = levelled(noise, speech, 10)
    ratio = np.mean(speech**2) / np.mean(made**2)
    assert 10 * np.log10(ratio) == pytest.approx(10)


def test_silence_gets_no_noise():
    assert not levelled(np.ones(10), np.zeros(10)).any()


def test_alaw_alone_keeps_the_sound_and_adds_quiet(tone: Path):
    told = samples(tone, Line(ALAW))
    clean = sf.read(tone)[0]
    assert len(told) == len(clean) + LEAD + TAIL
    assert np.abs(told[LEAD:-TAIL] - clean).max() < 0.01
    assert 0 < np.abs(told[:LEAD]).max() < 0.001
    assert 0 < np.abs(told[-TAIL:]).max() < 0.001


@pytest.mark.parametrize("noise", ["white", "car", "babble", "hum", "music"])
def test_every_noise_is_ten_decibels_below_and_the_same_each_time(
    tone: Path, noise: str
):
    line = Line(ALAW, noise)
    told = samples(tone, line)
    clean = np.pad(sf.read(tone)[0], (LEAD, TAIL))
    ratio = np.mean(clean[LEAD : LEAD + 8000] ** 2) / np.mean((told - clean) ** 2)
    assert 10 * np.log10(ratio) == pytest.approx(10, abs=0.5)
    assert (samples(tone, line) == told).all()


def test_lines_are_found_by_name():
    assert chosen(["A-law, white 10 dB", "A-law"]) == (Line(ALAW, "white"), Line(ALAW))


def test_without_ffmpeg_there_is_alaw_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")
    assert {line.codec for line in lines()} == {ALAW}


def test_a_line_that_is_not_there_names_those_that_are():
    with pytest.raises(LineError, match="no line 'gms' here: use one of 'A-law', "):
        chosen(["gms"])
