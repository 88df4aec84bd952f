"""Recordings and their words -> a folder of clips a speaker: `recipe.people --help`."""

import argparse
import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr

from recipe.mended import TABLE, Phones, mend
from recipe.phrases import read_lexicon
from recipe.spectrum import Sound
from voice.errors import VoiceError
from voice.house import read_catalog
from voice.sound.alignment import best_path, spoken
from voice.sound.models import open_model
from voice.sound.net import Floats, Net, open_net
from voice.sound.pronounce import by_rule

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


@dataclass(frozen=True, slots=True)
class Transcriber:
    """Finds in a recording which of a word's pronunciations was said."""

    net: Net
    bigram: Floats
    phones: tuple[str, ...]
    lexicon: Mapping[str, tuple[Phones, ...]]

    def transcribed(self, sound: Sound, words: list[str]) -> list[Phones]:
        """Return the phones of each word; none when the sound cannot hold them."""
        pcm = (32767 * np.clip(sound, -1, 1)).astype("<i2").tobytes()
        number = {phone: n for n, phone in enumerate(self.phones)}
        ways = [[[number[p] for p in way] for way in self.lexicon[w]] for w in words]
        chain = spoken(ways, self.bigram)
        way = best_path(self.net.outputs(pcm), chain)
        if not way.fits:
            return []
        said: list[list[str]] = [[] for _ in words]
        for state in way.states[way.entered]:
            if chain.words[state] >= 0:
                said[chain.words[state]].append(self.phones[chain.phones[state]])
        return [tuple(phones) for phones in said]


def open_transcriber(some: Iterable[Recording]) -> Transcriber:
    """Know how every word of some recordings may be said: grammar, lexicon, rule."""
    model = open_model(ROOT / "models")
    big = read_lexicon(model.folder / "lexicon.txt.gz")
    lexicon = mend(big, TABLE.read_text("utf-8").splitlines())
    own = read_catalog(ROOT / "grammar").lexicon
    lexicon |= {w: tuple(tuple(way.split()) for way in own[w]) for w in own}
    lacking = {word for one in some for word in one.text.split()} - lexicon.keys()
    ruled = by_rule(sorted(lacking), model.phones)
    lexicon |= {word: (way,) for word, way in ruled.items()}
    bigram = np.loadtxt(model.folder / "phone-bigram.txt", dtype=np.float32)
    return Transcriber(open_net(model), bigram, model.phones, lexicon)


def write(some: list[Recording], transcriber: Transcriber, out: Path) -> None:
    """Write the clips, in a folder a speaker, with the phones that are said."""
    lines: dict[str, list[str]] = {}
    for number, recording in enumerate(some):
        words = recording.text.split()
        sound, rate = sf.read(recording.file)
        sound = soxr.resample(sound, rate, RATE)
        phones = transcriber.transcribed(sound, words) if words else []
        if not phones:
            continue
        folder = out / recording.speaker
        folder.mkdir(parents=True, exist_ok=True)
        sf.write(folder / f"{number:06}.wav", sound, RATE)
        said = " | ".join(" ".join(way) for way in phones)
        row = f"{number:06}.wav\t{recording.text}\t{said}\n"
        lines.setdefault(recording.speaker, []).append(row)
    for speaker, rows in lines.items():
        (out / speaker / "index.tsv").write_text("".join(rows), encoding="utf-8")


def main() -> None:
    """Write a folder of clips for each speaker."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=Path, help="table: file, text, speaker, ...")
    parser.add_argument("out", type=Path, help="folder to write")
    asked = parser.parse_args()
    some = list(recordings(asked.manifest))
    write(some, open_transcriber(some), asked.out)


if __name__ == "__main__":
    main()
