"""manifest.toml: what each sound file is, written so that a person can read it."""

import hashlib
import json
import tomllib
import wave
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

HEAD = """\
# What each sound is. Written by recipe/make.py, which keeps every `fails = true`.
# said/ is in the grammar; other/ is outside it and must give nothing; noise/ holds no
# words; calls/ is the caller's side of whole calls. `kind` is person or synthetic,
# `line` how the sound came, `licence` that of the voice, else the project's own.
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


def write_manifest(path: Path, entries: Sequence[Entry]) -> None:
    """Write the manifest, keeping which sounds are known to fail."""
    failing = _failing(path)
    tables = (_table(path.parent, entry, entry.file in failing) for entry in entries)
    path.write_text("\n".join([HEAD, *tables]), encoding="utf-8")


def _failing(path: Path) -> set[str]:
    if not path.exists():
        return set()
    sounds = tomllib.loads(path.read_text(encoding="utf-8"))["sound"]
    return {sound["file"] for sound in sounds if sound.get("fails")}


def _table(root: Path, entry: Entry, fails: bool) -> str:
    told = {f.name: getattr(entry, f.name) for f in fields(entry)}
    told["seconds"] = seconds(root / entry.file)
    told["sha256"] = hashlib.sha256((root / entry.file).read_bytes()).hexdigest()
    lines = [
        # A JSON string is a TOML string too.
        f"{key} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in told.items()
        if value is not None
    ]
    return "\n".join(["[[sound]]", *lines, *["fails = true"] * fails, ""])


def seconds(path: Path) -> float:
    """Return how long the WAV file is, to the hundredth."""
    with wave.open(str(path)) as file:
        return round(file.getnframes() / file.getframerate(), 2)
