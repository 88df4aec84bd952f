"""Clips not trained on -> a table of sounds on the line, for calibrate.py."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile as sf

from recipe.examples import read_clips
from recipe.line import RATE, Sound, nothing_said, telephone

GOING_ON = 0.2


def spoken(
    folder: Path, copies: int, rng: np.random.Generator
) -> Iterator[tuple[Sound, str, str]]:
    """Yield every clip of a folder on several lines, with its text and speaker.

    Some have another clip right after them, so that a sentence goes on as none does.
    Who mixed the voices of a clip is not told, so each clip has a speaker of its own.
    """
    index = (folder / "index.tsv").read_text("utf-8").splitlines()
    texts = [line.split("\t")[1] for line in index]
    clips = [sf.read(clip.file)[0] for clip in read_clips(folder)]
    for number, (sound, text) in enumerate(zip(clips, texts, strict=True)):
        for _ in range(copies):
            others = [clips[n] for n in rng.integers(0, len(clips), 3)]
            more = int(rng.integers(len(clips))) if rng.random() < GOING_ON else None
            whole = sound if more is None else np.concatenate([sound, clips[more]])
            said = text if more is None else f"{text} {texts[more]}"
            yield telephone(whole, rng, others), said, f"{folder.name}-{number}"


def main() -> None:
    """Write the sounds and their table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write; sounds.tsv in it")
    parser.add_argument("folders", nargs="+", help="FOLDER with index.tsv, or FOLDER*2")
    parser.add_argument("--silent", type=int, default=200, help="sounds of no words")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    rng, rows = np.random.default_rng(1), []
    sounds = [(nothing_said(rng), "", f"line-{n % 8}") for n in range(asked.silent)]
    for told in asked.folders:
        folder, _, copies = told.partition("*")
        sounds += spoken(Path(folder), int(copies or 1), rng)
    for number, (sound, text, speaker) in enumerate(sounds):
        path = asked.out.absolute() / f"{number:06}.wav"
        sf.write(path, sound.clip(-1, 1), RATE, subtype="PCM_16")
        rows.append(f"{path}\t{text}\t{speaker}\n")
    (asked.out / "sounds.tsv").write_text("".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
