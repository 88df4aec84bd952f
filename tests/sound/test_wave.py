"""Any recording becomes telephone sound; what is none is refused in one sentence."""

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from voice.sound.wave import RATE, WaveError, blocks, read_wave


def tone(rate: int, seconds: float = 0.5) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate)


def heard(pcm: bytes) -> np.ndarray:
    return np.frombuffer(pcm, "<i2").astype(float) / 32768


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 44100, 48000])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("kind", ["PCM_16", "PCM_24", "PCM_32", "FLOAT", "ALAW"])
def test_any_rate_width_and_channels_become_telephone_sound(
    tmp_path, rate, channels, kind
):
    path = tmp_path / "sound.wav"
    sf.write(path, np.stack([tone(rate)] * channels, axis=1), rate, subtype=kind)
    sound = heard(read_wave(path))
    assert len(sound) == pytest.approx(RATE / 2, abs=2)
    middle = sound[1000:3000]
    assert np.sqrt((middle**2).mean()) == pytest.approx(0.5 / np.sqrt(2), abs=0.01)


def test_a_flac_is_read(tmp_path):
    sf.write(tmp_path / "sound.flac", tone(8000), 8000)
    assert len(read_wave(tmp_path / "sound.flac")) == 2 * len(tone(8000))


def test_a_caller_in_either_channel_is_heard(tmp_path):
    for channel in (0, 1):
        sound = np.zeros((8000, 2))
        sound[:, channel] = tone(8000, 1)
        sf.write(tmp_path / "call.wav", sound, 8000)
        assert np.abs(heard(read_wave(tmp_path / "call.wav"))).max() > 0.2


def test_ten_minutes_come_in_small_blocks(tmp_path):
    path = tmp_path / "long.flac"
    sf.write(path, np.zeros(600 * 8000, np.int16), 8000)
    sizes = [len(block) for block in blocks(path)]
    assert sum(sizes) == 600 * 8000 * 2
    assert max(sizes) <= 11 * 8000 * 2


def test_a_float_file_with_nonsense_in_it_is_tamed(tmp_path):
    sound = np.array([np.nan, np.inf, -np.inf, 7.0] * 400, np.float32)
    sf.write(tmp_path / "wild.wav", sound, 8000, subtype="FLOAT")
    assert len(read_wave(tmp_path / "wild.wav")) == 3200


def riff(data: bytes, promised: int) -> bytes:
    layout = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    body = layout + struct.pack("<4sI", b"data", promised) + data
    return struct.pack("<4sI4s", b"RIFF", min(len(body) + 4, 2**32 - 1), b"WAVE") + body


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"This is a letter, not a sound.", "no sound file"),
        (b"RIFF", "no sound file"),
        (b"RIFF\x04\x00\x00\x00WAVE", "without sound"),
        (riff(b"", 0), "no sound in it"),
        (riff(b"\x01\x00" * 800, 3200), "promises"),
        (riff(b"\x01\x00" * 800, 2**32 - 1), "promises"),
        (b"RIFF\xff\xff\xff\xffWAVE" + bytes(40), "without sound"),
        (b"fLaC" + bytes(100), "no sound file"),
        (b"OggS" + bytes(100), "no sound file"),
    ],
)
def test_what_is_no_whole_recording_is_refused(tmp_path, content, told):
    path = tmp_path / "bad.wav"
    path.write_bytes(content)
    with pytest.raises(WaveError, match=told):
        read_wave(path)


def test_a_cut_flac_is_refused(tmp_path):
    path = tmp_path / "cut.flac"
    rng = np.random.default_rng(0)
    sf.write(path, rng.integers(-9000, 9000, 80000).astype(np.int16), 8000)
    path.write_bytes(path.read_bytes()[:40000])
    with pytest.raises(WaveError):
        read_wave(path)


def test_hours_on_end_are_refused(tmp_path):
    path = tmp_path / "days.flac"
    with sf.SoundFile(path, "w", 1000, 1, "PCM_16", format="FLAC") as file:
        for _ in range(15):
            file.write(np.zeros(1000 * 1000, np.int16))
    with pytest.raises(WaveError, match="hours"):
        read_wave(path)


@pytest.mark.parametrize("name", ["nothing.wav", "."])
def test_no_file_at_all_is_refused(tmp_path, name):
    with pytest.raises(WaveError, match="cannot be read"):
        read_wave(Path(tmp_path) / name)
