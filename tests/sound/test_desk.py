"""A microphone and a loudspeaker become the frames of a telephone line."""

from ctypes.util import find_library

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.sound.desk import Buffers, Desk, DeskError, listener, speaker
from voice.sound.frames import FRAME_BYTES, FrameQueue, Framing, Resampling


def tone(seconds, rate):
    at = np.arange(round(seconds * rate)) / rate
    return (8000 * np.sin(2 * np.pi * 500 * at)).astype("<i2").tobytes()


def pitch(sound, rate):
    wave = np.frombuffer(sound, "<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
    return np.argmax(spectrum) * rate / len(wave)


@settings(deadline=None)
@given(st.lists(st.binary(max_size=50)), st.integers(1, 40))
def test_framing_loses_and_invents_nothing(chunks, size):
    framing = Framing(size)
    frames = [frame for chunk in chunks for frame in framing.cut(chunk)]
    sound = b"".join(chunks)
    assert {len(frame) for frame in frames} <= {size}
    assert b"".join(frames) == sound[: len(sound) - len(sound) % size]


@settings(deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=3)), st.integers(1, 5))
def test_a_full_queue_drops_the_oldest_and_counts_them(frames, limit):
    queue = FrameQueue(limit)
    for frame in frames:
        queue.put(frame)
    assert queue.dropped == max(0, len(frames) - limit)
    assert [queue.take() for _ in range(len(queue))] == frames[-limit:]
    assert queue.take() is None


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000])
def test_the_microphone_is_heard_at_8_khz_in_frames(rate):
    heard, calls = FrameQueue(1000), []
    take = listener(heard, rate, lambda: calls.append(1))
    block = round(rate * 0.02) * 2
    sound = tone(2, rate)
    for at in range(0, len(sound), block):
        take(memoryview(sound)[at : at + block], block // 2, None, None)
    frames = [heard.take() for _ in range(len(heard))]
    assert {len(frame) for frame in frames} == {FRAME_BYTES}
    assert 90 <= len(frames) <= 100
    assert len(calls) == 100
    assert pitch(b"".join(frames[5:]), 8000) == pytest.approx(500, abs=3)


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000])
def test_the_loudspeaker_plays_8_khz_at_its_own_rate(rate):
    said = FrameQueue(1000)
    for frame in Framing().cut(tone(2, 8000)):
        said.put(frame)
    fill = speaker(said, rate)
    played = bytearray()
    for _ in range(90):
        block = bytearray(round(rate * 0.02) * 2)
        fill(memoryview(block), len(block) // 2, None, None)
        played += block
    assert pitch(bytes(played[rate // 5 * 2 :]), rate) == pytest.approx(500, abs=3)


def test_the_loudspeaker_is_silent_when_nothing_is_said():
    block = bytearray(b"\1" * 640)
    speaker(FrameQueue(1), 16000)(memoryview(block), 320, None, None)
    assert not any(block)


@settings(deadline=None)
@given(st.lists(st.integers(1, 500), max_size=20))
def test_resampling_does_not_depend_on_how_the_sound_was_cut(lengths):
    sound = tone(sum(lengths) / 8000, 8000)
    whole, pieces = Resampling(8000, 48000), Resampling(8000, 48000)
    turned = b""
    for length in lengths:
        turned += pieces.turn(sound[: length * 2])
        sound = sound[length * 2 :]
    expected = whole.turn(tone(sum(lengths) / 8000, 8000))
    common = min(len(turned), len(expected)) // 2
    one, other = (
        np.frombuffer(s, "<i2", common).astype(int) for s in (turned, expected)
    )
    assert np.abs(one - other).max(initial=0) <= 1


def test_what_is_said_waits_and_the_oldest_is_dropped():
    desk = Desk(Buffers(said=3))
    for _ in range(5):
        desk.send(bytes(FRAME_BYTES))
    assert (desk.saying, desk.dropped) == (3, (0, 2))


def test_half_a_frame_is_refused():
    with pytest.raises(DeskError, match="320 bytes"):
        Desk().send(bytes(100))


@pytest.mark.skipif(bool(find_library("portaudio")), reason="PortAudio is installed")
async def test_without_portaudio_the_desk_says_what_to_install():
    with pytest.raises(DeskError, match="apt install libportaudio2"):
        await Desk().__aenter__()
