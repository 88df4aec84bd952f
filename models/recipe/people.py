"""Recordings and their words -> a folder of clips a speaker: `recipe.people --help`."""

import argparse
import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import soundfile as sf
import soxr

from recipe.phrases import Phones, read_lexicon
from voice.errors import VoiceError

ROOT = Path(__file__).parents[2]
RATE = 8000
COLUMNS = ("file", "text", "speaker")


class RecordingsError(VoiceError):
    """A table of recordings, or one of them, cannot be used."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One row of the table."""

    file: Path
    text: str
    speaker: str


def recordings(manifest: Path) -> Iterator[Recording]:
    """Read a table of recordings (tab-separated): file, text, speaker and the like."""
    try:
        with manifest.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
    except OSError as error:
        raise RecordingsError(
            f"{manifest} cannot be read ({error.strerror}): name a table of recordings."
        ) from error
    for number, row in enumerate(rows, 2):
        if any(not row.get(column) for column in COLUMNS):
            raise RecordingsError(
                f"{manifest}, line {number}: file, text and speaker are needed, "
                "with tabs between them."
            )
        path = manifest.parent / row["file"]
        if not path.is_file():
            raise RecordingsError(
                f"{path} is missing: fetch the recording, or take line {number} out "
                f"of {manifest}."
            )
        yield Recording(path, row["text"].lower(), row["speaker"])


def pronunciations() -> dict[str, Phones]:
    """Return one way to say each word: the grammar's first, else the lexicon's."""
    ways = read_lexicon(ROOT / "models/sv-telephone/lexicon.txt.gz")
    said = {word: spoken[0] for word, spoken in ways.items()}
    own = tomllib.loads((ROOT / "grammar/lexicon.toml").read_text("utf-8"))["words"]
    for word, told in own.items():
        said[word] = tuple((told if isinstance(told, str) else told[0]).split())
    return said


def write(some: list[Recording], said: Mapping[str, Phones], out: Path) -> None:
    """Write the clips whose words can all be pronounced, in a folder a speaker."""
    lines: dict[str, list[str]] = {}
    for number, recording in enumerate(some):
        words = recording.text.split()
        if not words or any(word not in said for word in words):
            continue
        folder = out / recording.speaker
        folder.mkdir(parents=True, exist_ok=True)
        sound, rate = sf.read(recording.file)
        sf.write(folder / f"{number:06}.wav", soxr.resample(sound, rate, RATE), RATE)
        phones = " | ".join(" ".join(said[word]) for word in words)
        row = f"{number:06}.wav\t{recording.text}\t{phones}\n"
        lines.setdefault(recording.speaker, []).append(row)
    for speaker, rows in lines.items():
        (out / speaker / "index.tsv").write_text("".join(rows), encoding="utf-8")


def main() -> None:
    """Write the clips whose words can all be pronounced."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=Path, help="table: file, text, speaker, ...")
    parser.add_argument("out", type=Path, help="folder to write")
    asked = parser.parse_args()
    write(list(recordings(asked.manifest)), pronunciations(), asked.out)


if __name__ == "__main__":
    main()
