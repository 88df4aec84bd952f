"""The shipped speech models: models/manifest.toml -> checked files."""

import gzip
import hashlib
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from voice.errors import VoiceError

REMEDY = "install the program again, or make the model anew by models/recipe"

Phones = tuple[str, ...]


class ModelError(VoiceError):
    """A model is missing, changed or cannot be read."""


class PronunciationError(VoiceError):
    """Some words cannot be pronounced by the model."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From `do` upwards a hearing is sure; below `ask` it counts as nothing."""

    do: float
    ask: float


@dataclass(frozen=True, slots=True)
class Model:
    """A checked model folder."""

    name: str
    folder: Path
    sample_rate: int
    phones: Phones
    thresholds: Thresholds
    digest: str
    """One hash over all its files."""


def open_model(models: Path, name: str = "sv-telephone") -> Model:
    """Read the manifest and check every file of the named model against it."""
    entry = _entry(models / "manifest.toml", name)
    try:
        folder = models / entry["folder"]
        hashes: Mapping[str, str] = entry["sha256"]
        digest = hashlib.sha256(repr(sorted(hashes.items())).encode()).hexdigest()
        _check(folder, hashes)
        return Model(
            name=name,
            folder=folder.resolve(),
            sample_rate=entry["sample_rate"],
            phones=tuple((folder / "phones.txt").read_text("utf-8").split()),
            thresholds=Thresholds(**entry["thresholds"]),
            digest=digest,
        )
    except (KeyError, TypeError) as missing:
        told = f"The manifest says too little of the model {name} ({missing})"
        raise ModelError(f"{told}: {REMEDY}.") from missing


def pronunciations(
    model: Model,
    words: Iterable[str],
    own: Mapping[str, Sequence[Phones]] | None = None,
) -> dict[str, tuple[Phones, ...]]:
    """Say how each word is pronounced: as `own` says, else as the big lexicon does.

    PronunciationError names every word that neither knows, and every word that is
    written with no phone, or with one that the model lacks.
    """
    found = _found(model, words, own or {})
    missing = [word for word, ways in found.items() if not ways]
    faults = _faults(found, frozenset(model.phones))
    if missing:
        faults.append(
            f"No pronunciation is known for: {', '.join(missing)}; "
            "write them in the lexicon, in the phones of the model's phones.txt."
        )
    if faults:
        raise PronunciationError("\n".join(faults))
    return found


def unknown_words(
    model: Model, words: Iterable[str], own: Mapping[str, Sequence[Phones]]
) -> list[str]:
    """List the words that neither `own` nor the big lexicon pronounces."""
    return [word for word, ways in _found(model, words, own).items() if not ways]


def _found(
    model: Model, words: Iterable[str], own: Mapping[str, Sequence[Phones]]
) -> dict[str, tuple[Phones, ...]]:
    asked = sorted(set(words))
    found = {word: tuple(tuple(way) for way in own.get(word, ())) for word in asked}
    missing = [word for word in asked if not found[word]]
    if missing:
        lexicon = _lexicon(model.folder / "lexicon.txt.gz")
        found |= {word: lexicon.pronounced(word) for word in missing}
    return found


def _faults(
    spoken: Mapping[str, Sequence[Phones]], phones: frozenset[str]
) -> list[str]:
    faults = []
    for word, ways in spoken.items():
        strange = sorted({phone for way in ways for phone in way} - phones)
        if not all(ways):
            faults.append(
                f"The lexicon has an empty pronunciation of {word}: write phones of "
                "the model's phones.txt, one blank apart, or take it away."
            )
        elif strange:
            faults.append(
                f"The lexicon writes {word} with {', '.join(strange)}, which the model "
                "does not know: use the phones of its phones.txt, one blank apart."
            )
    return faults


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Many pronounced words, one a line, in byte order."""

    lines: tuple[bytes, ...]

    def pronounced(self, word: str) -> tuple[Phones, ...]:
        """Return the ways to say a word; none when it is not there."""
        key = word.encode() + b" "
        at = bisect_left(self.lines, key)
        ways = []
        while at < len(self.lines) and self.lines[at].startswith(key):
            ways.append(tuple(self.lines[at].decode().split()[1:]))
            at += 1
        return tuple(ways)


@cache
def _lexicon(path: Path) -> Lexicon:
    return Lexicon(tuple(gzip.decompress(path.read_bytes()).splitlines()))


def _entry(manifest: Path, name: str) -> Mapping[str, Any]:
    try:
        told = tomllib.loads(manifest.read_text("utf-8"))
    except OSError as error:
        raise ModelError(f"There is no {manifest}: {REMEDY}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{manifest} cannot be read ({error}): {REMEDY}.") from error
    if not isinstance(told.get(name), dict):
        raise ModelError(f"{manifest} knows no model {name}: {REMEDY}.")
    entry: Mapping[str, Any] = told[name]
    return entry


def _check(folder: Path, hashes: Mapping[str, str]) -> None:
    for file, expected in hashes.items():
        try:
            actual = hashlib.sha256((folder / file).read_bytes()).hexdigest()
        except OSError as error:
            raise ModelError(f"The model lacks {folder / file}: {REMEDY}.") from error
        if actual != expected:
            raise ModelError(f"{folder / file} is not what was shipped: {REMEDY}.")
