"""What a call is coded by on its way: A-law here, mobile and internet codecs by ffmpeg.

ffmpeg codes many sounds in one run, as one long sound that is cut apart again.
"""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recipe.spectrum import RATE, Sound
from voice.errors import VoiceError

GAP = RATE // 5  # samples between two sounds, so that none is heard in the next
LONGEST = 120.0  # seconds that one run of ffmpeg may take
OPUS = ("-application", "voip", "-frame_duration", "20")


class CodecError(VoiceError):
    """Sound could not be coded as a telephone codes it."""


@dataclass(frozen=True, slots=True)
class Codec:
    """How ffmpeg codes, and by how many samples of 8 kHz the sound comes too late."""

    share: float  # of the calls that are coded at all
    encoder: str
    form: str
    delay: int = 0
    rate: int = RATE
    bits: str = ""
    more: tuple[str, ...] = ()


CODECS = {
    "gsm": Codec(0.20, "libgsm", "gsm"),
    "amr-12.2": Codec(0.16, "libopencore_amrnb", "amr", 39, bits="12.2k"),
    "amr-7.4": Codec(0.10, "libopencore_amrnb", "amr", 39, bits="7.4k"),
    "amr-5.9": Codec(0.08, "libopencore_amrnb", "amr", 39, bits="5.9k"),
    "amr-4.75": Codec(0.06, "libopencore_amrnb", "amr", 39, bits="4.75k"),
    "amr-wb": Codec(0.10, "libvo_amrwbenc", "amr", 47, 16000, "12.65k"),
    "opus-6": Codec(0.07, "libopus", "ogg", bits="6k", more=OPUS),
    "opus-8": Codec(0.08, "libopus", "ogg", bits="8k", more=OPUS),
    "opus-12": Codec(0.08, "libopus", "ogg", bits="12k", more=OPUS),
    "g722": Codec(0.07, "g722", "g722", 11, 16000),
}


def coded(sounds: Sequence[Sound], name: str) -> list[Sound]:
    """Return the sounds, as long as they were, as one of CODECS gives them back."""
    codec, gap = CODECS[name], np.zeros(GAP)
    joined = np.concatenate([part for sound in sounds for part in (sound, gap)])
    whole = (joined.clip(-1, 1) * 32767).astype("<i2").tobytes()
    bits = ("-b:a", codec.bits) if codec.bits else ()
    how = ("-c:a", codec.encoder, *bits, *codec.more, "-ar", str(codec.rate))
    sent = _ffmpeg(_plain(RATE), whole, (*how, "-f", codec.form))
    # G.722 has no header that would say what it is.
    given = ("-f", codec.form)
    heard = np.frombuffer(_ffmpeg(given, sent, _plain(RATE)), "<i2") / 32768
    heard = np.pad(heard[codec.delay :], (0, GAP))
    ends = np.cumsum([len(sound) + GAP for sound in sounds])
    return [
        heard[end - GAP - len(sound) : end - GAP]
        for end, sound in zip(ends, sounds, strict=True)
    ]


def through_codecs(
    sounds: Sequence[Sound], rng: np.random.Generator, share: float
) -> list[Sound]:
    """Return all sounds, a share of them coded, each by a codec of its own chance."""
    names = list(CODECS)
    weights = np.array([CODECS[name].share for name in names])
    drawn = rng.choice(len(names), len(sounds), p=weights / weights.sum())
    drawn = np.where(rng.random(len(sounds)) < share, drawn, -1)
    heard: list[Sound] = list(sounds)
    for number, name in enumerate(names):
        at = np.flatnonzero(drawn == number).tolist()
        if at:
            for n, sound in zip(at, coded([sounds[n] for n in at], name), strict=True):
                heard[n] = sound
    return heard


def alaw(sound: Sound) -> Sound:
    """Send through ITU-T G.711 A-law and back: the middle of each interval."""
    size = np.abs(sound).clip(0, 1 - 1e-9) * 4096
    # Table 1a/G.711: steps of 2 up to 64, and twice as wide each time it doubles.
    step = np.ldexp(1.0, np.maximum(np.frexp(size)[1], 6) - 5)
    return np.asarray(np.copysign((np.floor(size / step) + 0.5) * step, sound) / 4096)


def _plain(rate: int) -> tuple[str, ...]:
    return ("-ar", str(rate), "-ac", "1", "-f", "s16le")


def _ffmpeg(given: Sequence[str], sound: bytes, wanted: Sequence[str]) -> bytes:
    program = shutil.which("ffmpeg")
    remedy = "install it with `apt-get install ffmpeg libavcodec-extra`"
    if program is None:
        raise CodecError(
            f"ffmpeg, which codes as mobile phones do, is missing: {remedy}."
        )
    command = [program, "-v", "error", "-threads", "1"]
    command += [*given, "-i", "pipe:0", *wanted, "pipe:1"]
    try:
        run = subprocess.run(
            command, input=sound, capture_output=True, timeout=LONGEST, check=True
        )
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = told[0] if told else f"it ended with {error.returncode}"
        raise CodecError(
            f"ffmpeg could not code the sound ({reason}): {remedy}, with all codecs."
        ) from error
    except subprocess.TimeoutExpired as error:
        raise CodecError(
            f"ffmpeg took over {LONGEST:.0f} s: give it fewer sounds at a time."
        ) from error
    return run.stdout
