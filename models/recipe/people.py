"""Recorded clips and their words -> a folder to train on: `people.py --help`."""

import argparse
import csv
import tomllib
from collections.abc import Iterator
from pathlib import Path

import soundfile as sf

from recipe.phrases import Phones, read_lexicon

ROOT = Path(__file__).parents[2]


def clips(manifest: Path, part: str) -> Iterator[tuple[Path, str]]:
    """Yield file and words of one part ("train", "dev") of a table of recordings."""
    with manifest.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["file"].startswith(f"{part}/"):
                yield manifest.parent / row["file"], row["text"].lower()


def pronunciations() -> dict[str, Phones]:
    """Return one way to say each word: the grammar's first, else the lexicon's."""
    ways = read_lexicon(ROOT / "models/sv-telephone/lexicon.txt.gz")
    said = {word: spoken[0] for word, spoken in ways.items()}
    own = tomllib.loads((ROOT / "grammar/lexicon.toml").read_text("utf-8"))["words"]
    for word, told in own.items():
        said[word] = tuple((told if isinstance(told, str) else told[0]).split())
    return said


def main() -> None:
    """Write the clips whose words can all be pronounced."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=Path, help="table: file, text, ...")
    parser.add_argument("part", help="train or dev")
    parser.add_argument("out", type=Path, help="folder to write")
    asked = parser.parse_args()
    said = pronunciations()
    asked.out.mkdir(parents=True, exist_ok=True)
    with (asked.out / "index.tsv").open("w", encoding="utf-8") as index:
        for number, (path, text) in enumerate(clips(asked.manifest, asked.part)):
            words = text.split()
            if words and all(word in said for word in words):
                sound, rate = sf.read(path)
                sf.write(asked.out / f"{number:06}.wav", sound, rate)
                phones = " | ".join(" ".join(said[word]) for word in words)
                index.write(f"{number:06}.wav\t{text}\t{phones}\n")


if __name__ == "__main__":
    main()
