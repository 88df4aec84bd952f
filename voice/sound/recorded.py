"""Prompts spoken by a person: a folder of WAV files, one for each fixed line."""

import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import soundfile

from voice.sound.level import Samples, as_samples, prepared, speech_level
from voice.sound.synthesis import MouthError
from voice.sound.wave import RATE, WaveError, read_wave

log = logging.getLogger(__name__)

_FULL_SCALE = 0.999
_CLIPPED_RUN = 3  # samples in a row at full scale; fewer are only loud
_QUIET = -40.0  # dBFS: raised to the level of the line, the room would be heard


class Kind(StrEnum):
    """What can be said of a line or of a file in the folder."""

    MISSING = "missing"
    EXTRA = "extra"
    UNREADABLE = "unreadable"
    WRONG_RATE = "wrong rate"
    CLIPPED = "clipped"
    TOO_QUIET = "too quiet"
    SAME_NAME = "same name"
    SYNTHESIS = "spoken by synthesis"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about the folder; `file` is a name, without its folder."""

    kind: Kind
    file: str
    detail: str

    @property
    def is_fault(self) -> bool:
        """Whether somebody should record or repair something."""
        return self.kind is not Kind.SYNTHESIS


class Recorded:
    """Recordings of prompts, read once and brought to the level of the line.

    `lines` is what each prompt's key says. A faulty recording is left out, so that
    synthesis speaks in its place.
    """

    def __init__(self, folder: Path, lines: Mapping[str, str]) -> None:
        files = _files(folder)
        self._lines = dict(lines)
        self._sounds: dict[str, bytes] = {}
        for key, text in lines.items():
            path = files.get(file_name(key))
            if path and not has_slots(text):
                self._add(key, path)

    def _add(self, key: str, path: Path) -> None:
        try:
            sound = prepared(as_samples(read_wave(path)), RATE)
        except WaveError as error:
            log.warning("a recorded prompt is left out: %s", error)
            return
        if sound:
            self._sounds[key] = sound

    def sound(self, key: str, text: str) -> bytes | None:
        """Return the recording of this prompt; None when it says something else."""
        return self._sounds.get(key) if self._lines.get(key) == text else None


def file_name(key: str) -> str:
    """Return the name of the file a prompt is recorded in, in plain ASCII."""
    plain = unicodedata.normalize("NFKD", key.lower())
    ascii_only = plain.encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_]+", "-", ascii_only).strip("-") + ".wav"


def has_slots(text: str) -> bool:
    """Whether the line has places filled in at call time (`{reason}`)."""
    return "{" in text


def index(lines: Mapping[str, str]) -> dict[str, str]:
    """Return what to record: file name to text, for every line without slots."""
    return {file_name(k): text for k, text in lines.items() if not has_slots(text)}


def check(folder: Path, lines: Mapping[str, str]) -> list[Finding]:
    """List what is missing, extra or faulty in a folder of recorded prompts."""
    files = _files(folder)
    return [*_check_lines(files, lines), *_check_files(files, lines)]


def _check_lines(
    files: Mapping[str, Path], lines: Mapping[str, str]
) -> Iterator[Finding]:
    wanted = index(lines)
    names = Counter(file_name(k) for k, text in lines.items() if not has_slots(text))
    for name, text in wanted.items():
        if names[name] > 1:
            yield Finding(Kind.SAME_NAME, name, f"{names[name]} lines share this name")
        if name not in files:
            yield Finding(Kind.MISSING, name, text)
    for key, text in lines.items():
        if has_slots(text):
            yield Finding(Kind.SYNTHESIS, file_name(key), text)


def _check_files(
    files: Mapping[str, Path], lines: Mapping[str, str]
) -> Iterator[Finding]:
    wanted = index(lines)
    for name, path in files.items():
        if name not in wanted:
            yield Finding(Kind.EXTRA, path.name, "no line is recorded under this name")
            continue
        try:
            heard = as_samples(read_wave(path))
        except WaveError as error:
            yield Finding(Kind.UNREADABLE, path.name, str(error))
            continue
        yield from _check_sound(path, speech_level(heard))


def _check_sound(path: Path, level: float) -> Iterator[Finding]:
    # Not as the line has it: resampling rounds off what was clipped.
    channels, rate = soundfile.read(path, dtype="float32", always_2d=True)
    name = path.name
    if rate < RATE:
        yield Finding(Kind.WRONG_RATE, name, f"{rate} Hz; record at {RATE} Hz or more")
    if any(_is_clipped(channel) for channel in channels.T):
        yield Finding(Kind.CLIPPED, name, "reaches full scale; record it softer")
    if level < _QUIET:
        yield Finding(
            Kind.TOO_QUIET, name, f"{level:.0f} dBFS; record it above {_QUIET:.0f}"
        )


def _is_clipped(sound: Samples) -> bool:
    full = (np.abs(sound) >= _FULL_SCALE).astype(int)
    run = np.convolve(full, np.ones(_CLIPPED_RUN, int)) if len(full) else full
    return bool(run.max(initial=0) >= _CLIPPED_RUN)


def _files(folder: Path) -> dict[str, Path]:
    """Return the WAV files by lower-case name, in the order of their names."""
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise MouthError(
            f"The folder of recorded prompts {folder} cannot be read "
            f"({error.strerror}): create it, or take it out of the settings."
        ) from error
    return {p.name.lower(): p for p in paths if p.suffix.lower() == ".wav"}
