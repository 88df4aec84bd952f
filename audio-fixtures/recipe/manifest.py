"""manifest.toml: what each sound file is, written so that a person can read it."""

import hashlib
import json
import tomllib
import wave
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeAlias

Sound: TypeAlias = dict[str, Any]

HEAD = """\
# What each sound is. Written by recipe/make.py, which keeps every `fails = true` and
# every sound of kind person. said/ is in the grammar; other/ is outside it and must
# give nothing; noise/ holds no words; calls/ is the caller's side of whole calls.
# `line` is how the sound came, `licence` that of the voice, else the project's own.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One sound; its sha256 and seconds are read from the file itself."""

    file: str
    text: str
    speaker: str
    voice: str
    licence: str
    line: str
    place: str | None = None
    why: str | None = None
    kind: str = "synthetic"


def write_manifest(path: Path, entries: Sequence[Entry]) -> set[str]:
    """Write the manifest and return the files it names.

    What is said of people's recordings stays, and which sounds are known to fail.
    """
    before = _sounds(path)
    failing = {sound["file"] for sound in before if sound.get("fails")}
    people = [sound for sound in before if sound["kind"] == "person"]
    made = [_told(path.parent, e, e.file in failing) for e in entries]
    sounds = sorted([*people, *made], key=lambda sound: str(sound["file"]))
    path.write_text("\n".join([HEAD, *map(_table, sounds)]), encoding="utf-8")
    return {sound["file"] for sound in sounds}


def _sounds(path: Path) -> list[Sound]:
    if not path.exists():
        return []
    sounds: list[Sound] = tomllib.loads(path.read_text(encoding="utf-8"))["sound"]
    return sounds


def _told(root: Path, entry: Entry, fails: bool) -> Sound:
    told = {f.name: getattr(entry, f.name) for f in fields(entry)}
    sound = {key: value for key, value in told.items() if value is not None}
    sound["seconds"] = seconds(root / entry.file)
    sound["sha256"] = hashlib.sha256((root / entry.file).read_bytes()).hexdigest()
    return sound | ({"fails": True} if fails else {})


def _table(sound: Sound) -> str:
    # A JSON string, number or truth is a TOML one too.
    lines = [f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in sound.items()]
    return "\n".join(["[[sound]]", *lines, ""])


def seconds(path: Path) -> float:
    """Return how long the WAV file is, to the hundredth."""
    with wave.open(str(path)) as file:
        return round(file.getnframes() / file.getframerate(), 2)
