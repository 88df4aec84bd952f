"""AudioSocket's messages are read from any pieces, and nonsense does no harm."""

from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.phone.audio_frames import (
    HANG_UP,
    ID_BYTES,
    AudioError,
    AudioReader,
    Joined,
    SoundEnds,
    sound,
)
from voice.phone.port import FRAME_BYTES, Keyed, Sound

ID = UUID("0c9ac5cf-c9cc-4df6-964a-27359e18de26")
FRAME = bytes(range(160)) * 2
WHOLE = (
    b"\x01\x00\x10" + ID.bytes,
    sound(FRAME),
    b"\x03\x00\x01#",
    sound(FRAME[::-1]),
    HANG_UP,
)
MEANT = [Joined(ID), Sound(FRAME), Keyed("#"), Sound(FRAME[::-1]), SoundEnds()]


def read(*pieces: bytes) -> list[object]:
    reader = AudioReader()
    return [one for piece in pieces for one in reader.feed(piece)]


def test_a_call_is_read():
    assert read(*WHOLE) == MEANT
    assert len(WHOLE[0]) == ID_BYTES


@given(st.sets(st.integers(0, len(b"".join(WHOLE)))))
def test_it_is_the_same_in_any_pieces(cuts):
    stream = b"".join(WHOLE)
    places = sorted({0, len(stream), *cuts})
    assert read(*(stream[begin:end] for begin, end in pairwise(places))) == MEANT


@pytest.mark.parametrize("size", [160, 480, 640])
def test_sound_comes_by_frames_whatever_the_telephone_sends(size):
    pcm = FRAME * 6
    came = read(*(sound(pcm[at : at + size]) for at in range(0, len(pcm), size)))
    assert came == [Sound(FRAME)] * 6


@pytest.mark.parametrize("key", "0123456789*#")
def test_every_key_comes(key):
    assert read(b"\x03\x00\x01" + key.encode()) == [Keyed(key)]


@pytest.mark.parametrize(
    "message",
    [b"\x03\x00\x01A", b"\x03\x00\x02##", b"\x03\x00\x00", b"\x12\x00\x02ab"],
)
def test_what_is_newer_or_no_key_is_passed_over(message):
    assert read(message + sound(FRAME)) == [Sound(FRAME)]


@pytest.mark.parametrize("end", [HANG_UP, b"\xff\x00\x01\x04"])
def test_an_end_is_read(end):
    assert read(end) == [SoundEnds()]


@pytest.mark.parametrize("broken", [b"\x01\x00\x02ab", b"\x10\xff\xff", b"GET /"])
def test_other_protocols_are_told_from_it(broken):
    with pytest.raises(AudioError):
        read(broken)


@given(st.lists(st.binary(max_size=400)))
def test_frames_are_whole_whatever_comes(pieces):
    try:
        came = read(*pieces)
    except AudioError:
        return
    assert all(len(one.pcm) == FRAME_BYTES for one in came if isinstance(one, Sound))
