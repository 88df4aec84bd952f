"""lines.toml and words.toml -> the takes to make, each naming its speaker and line."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from voice.errors import VoiceError

FOLDERS = ("said", "other")
RATES = {"slow": 0.85, "own": 1.0, "hurried": 1.2}


class ScriptError(VoiceError):
    """lines.toml or words.toml holds a fault; the text says where, and the remedy."""


@dataclass(frozen=True, slots=True)
class Person:
    """A mixture of Kokoro's voices (name and weight), at a speed; 1 is plain."""

    name: str
    mix: tuple[tuple[str, float], ...]
    speed: float
    sj: str

    @property
    def voice(self) -> str:
        """What the manifest says of where the voice comes from."""
        parts = (f"{name} {share:g}" for name, share in self.mix)
        return f"Kokoro-82M: {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class Robot:
    """A variant of espeak-ng's Swedish; speed is in words a minute."""

    name: str
    variant: str
    pitch: int
    speed: int

    @property
    def voice(self) -> str:
        """What the manifest says of where the voice comes from."""
        return f"espeak-ng: sv+{self.variant}"


Speaker: TypeAlias = Person | Robot


@dataclass(frozen=True, slots=True)
class Words:
    """Something spoken: Swedish, or phones where the text is in another language."""

    text: str
    speaker: Speaker
    rate: str = "own"
    ipa: str | None = None


@dataclass(frozen=True, slots=True)
class Take:
    """One sound file to make; `over` is spoken at the same time by someone else."""

    file: str
    words: Words
    place: str
    line: str
    why: str | None = None
    over: Words | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """The caller's side of a whole call: seconds of quiet, and what is said."""

    file: str
    speaker: Speaker
    rate: int
    channels: int
    parts: tuple[float | str, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """All that is to be made with voices."""

    takes: tuple[Take, ...]
    sides: tuple[Side, ...]


def read_script(path: Path) -> Script:
    """Read lines.toml; raises ScriptError for an unknown speaker or a double file."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    speakers = {n: _speaker(n, told) for n, told in data["speakers"].items()}
    takes = tuple(
        take
        for folder in FOLDERS
        for entry in data[folder]
        for take in _takes(folder, entry, speakers)
    )
    files = [take.file for take in takes]
    double = sorted({file for file in files if files.count(file) > 1})
    if double:
        raise ScriptError(f"{double} would be made twice: choose another speaker.")
    return Script(takes, tuple(_side(e, speakers) for e in data["sides"]))


def read_pronunciations(path: Path) -> dict[str, str]:
    """Read words.toml: word -> IPA."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def file_stem(text: str) -> str:
    """Return a plain ASCII file name for the text; å, ä and ö lose their dots."""
    flat = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", flat.decode()).strip("-")


def _speaker(name: str, told: Mapping[str, Any]) -> Speaker:
    if "variant" in told:
        return Robot(name, told["variant"], told["pitch"], told["speed"])
    mix = tuple(told["mix"].items())
    return Person(name, mix, told.get("speed", 1.0), told.get("sj", "x"))


def _takes(
    folder: str, entry: Mapping[str, Any], speakers: Mapping[str, Speaker]
) -> Iterator[Take]:
    for told in entry["takes"]:
        name, line, *rates = told.split()
        rate = rates[0] if rates else "own"
        if name not in speakers or rate not in RATES:
            raise ScriptError(f"'{told}' names no known speaker or rate: correct it.")
        speaker, place = speakers[name], entry.get("place", "start")
        over = Words(entry["over"], speakers[entry["by"]]) if "over" in entry else None
        yield Take(
            f"{folder}/{_stem(entry['text'], place, speaker)}.wav",
            Words(entry["text"], speaker, rate, entry.get("ipa")),
            place,
            line,
            entry.get("why"),
            over,
        )


def _stem(text: str, place: str, speaker: Speaker) -> str:
    engine = "kokoro" if isinstance(speaker, Person) else "espeak"
    where = "" if place == "start" else f"-{place}"
    return f"{file_stem(text)}{where}-{engine}-{speaker.name}"


def _side(entry: Mapping[str, Any], speakers: Mapping[str, Speaker]) -> Side:
    return Side(
        f"calls/{entry['stem']}.wav",
        speakers[entry["speaker"]],
        entry["rate"],
        entry["channels"],
        tuple(entry["parts"]),
    )
