"""Any sound file -> the 8 kHz mono 16-bit samples of a telephone line, and back."""

import math
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr
from numpy.typing import NDArray

from voice.errors import VoiceError

RATE = 8000
BLOCK_SECONDS = 10
LONGEST_HOURS = 4
FORMATS = frozenset({"WAV", "WAVEX", "RF64", "FLAC"})


class WaveError(VoiceError):
    """A sound file cannot be used."""


def read_wave(path: Path) -> bytes:
    """Return the whole file as 8 kHz mono s16le."""
    return b"".join(blocks(path))


def blocks(path: Path) -> Iterator[bytes]:
    """Yield the file as 8 kHz mono s16le, some seconds at a time.

    Channels are mixed: a recorded call may have the caller in either one, and sound
    in one channel only is still heard at half its strength.
    """
    _check(path)
    try:
        with sf.SoundFile(path) as file:
            _check_header(path, file)
            yield from _telephone(path, file)
    except (sf.LibsndfileError, OSError) as error:
        raise _unusable(path, "is damaged or no sound file") from error


def _telephone(path: Path, file: sf.SoundFile) -> Iterator[bytes]:
    stream = soxr.ResampleStream(file.samplerate, RATE, 1, dtype="float32")
    left = file.frames
    while left > 0:
        sound = file.read(
            file.samplerate * BLOCK_SECONDS, dtype="float32", always_2d=True
        )
        if not len(sound):
            raise _unusable(path, "ends before its header says")
        left -= len(sound)
        mixed = sound.mean(axis=1, dtype=np.float32)
        yield _pcm(stream.resample_chunk(mixed, last=left <= 0))


def _pcm(sound: NDArray[np.float32]) -> bytes:
    # A float file may hold NaN, infinity or more than full scale.
    safe = np.nan_to_num(sound, nan=0.0, posinf=1.0, neginf=-1.0)
    return (safe.clip(-1, 1) * 32767).round().astype("<i2").tobytes()


def _check(path: Path) -> None:
    """Refuse what libsndfile would forgive: no file, no bytes, a lying RIFF header."""
    try:
        with path.open("rb") as file:
            head = file.read(65536)
            size = file.seek(0, 2)
    except OSError as error:
        raise WaveError(
            f"{path} cannot be read ({error.strerror}): give the name of a sound."
        ) from error
    if not size:
        raise _unusable(path, "is empty")
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        promised = _promised(head)
        if promised is None:
            raise _unusable(path, "is a WAV without sound in it")
        if promised > size:
            raise _unusable(path, f"is {size} bytes long, but promises {promised}")


def _promised(head: bytes) -> int | None:
    """Walk the RIFF chunks; return where the sound should end, None without any."""
    at = 12
    while at + 8 <= len(head):
        name, size = struct.unpack_from("<4sI", head, at)
        if name == b"data":
            return at + 8 + int(size)
        at += 8 + size + size % 2
    return None


def _check_header(path: Path, file: sf.SoundFile) -> None:
    if file.format not in FORMATS:
        raise _unusable(path, f"is {file.format}")
    if not file.frames:
        raise _unusable(path, "has no sound in it")
    hours = file.frames / file.samplerate / 3600
    if not math.isfinite(hours) or hours > LONGEST_HOURS:
        raise _unusable(path, f"is {hours:.0f} hours long, more than {LONGEST_HOURS}")


def _unusable(path: Path, fault: str) -> WaveError:
    return WaveError(f"{path} {fault}: give a whole WAV or FLAC recording.")
