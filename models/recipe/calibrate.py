"""Recordings and their words -> the score's weights: `calibrate.py --help`.

SOUNDS is a table (tab-separated): file, text, speaker. A hearing is right when it
means what the text means at the place; anything else, and every sound without text,
is wrong. Every second speaker teaches the regression, the others measure it; what is
written is taught by all.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.config import Waiting
from voice.dialogue.states import Heard, Meant, Unclear
from voice.divert.model import Extension
from voice.hearing import open_hearing
from voice.house import read_catalog, site
from voice.language.catalog import Catalog
from voice.language.times import Moment
from voice.language.understand import Here, understand
from voice.sound.ears import FRAME_BYTES, Ears
from voice.sound.models import Model, open_model
from voice.sound.score import Evidence
from voice.sound.wave import read_wave

Array = NDArray[np.float64]

ROOT = Path(__file__).parents[2]
NAMES = [field.name for field in fields(Evidence)]
RIDGE = 3.0
LEVELS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Sample:
    """One sound that was heard as some phrase."""

    evidence: tuple[float, ...]
    right: bool
    said: bool
    """Whether its text is a sentence of the place."""
    speaker: str


@dataclass(frozen=True, slots=True)
class Place:
    """A dialogue place to hear at, and what its sentences mean."""

    ears: Ears
    here: Here
    catalog: Catalog

    def meaning(self, text: str) -> Heard:
        """Say what a text means here, however sure."""
        heard = understand(text, self.here, self.catalog)
        return replace(heard, sure=True) if isinstance(heard, Meant) else heard


def open_place(name: str, model: Model, cache: Path) -> Place:
    """Open the ears of a place as the house does."""
    catalog = read_catalog(ROOT / "grammar")
    now = datetime(2025, 3, 5, 11, 40, tzinfo=UTC)
    moment = Moment(now, site(catalog, now).red_days, catalog.parts)
    here = Here(name, Extension("1234"), moment)
    hearing = open_hearing(catalog, model, cache, Waiting())
    return Place(hearing.places[name].ears, here, catalog)


def samples(table: Path, place: Place) -> Iterator[Sample]:
    """Hear every sound of the table; those heard as silence teach nothing."""
    for line in table.read_text("utf-8").splitlines():
        file, text, speaker = line.split("\t")
        ear, pcm = place.ears.listen(), read_wave(Path(file))
        for at in range(0, len(pcm) - FRAME_BYTES + 1, FRAME_BYTES):
            ear.feed(pcm[at : at + FRAME_BYTES])
        heard = ear.finish()
        wanted = place.meaning(text)
        said = bool(text) and not isinstance(wanted, Unclear)
        right = said and place.meaning(heard.text) == wanted
        if heard.evidence is not None:
            yield Sample(astuple(heard.evidence), right, said, speaker)


def taught(some: list[Sample]) -> Array:
    """Return bias and weights of a ridge logistic regression (Newton's method)."""
    measured = np.array([sample.evidence for sample in some])
    middle, spread = measured.mean(0), measured.std(0) + 1e-6
    known = np.c_[np.ones(len(some)), (measured - middle) / spread]
    right = np.array([sample.right for sample in some], float)
    weights = np.zeros(known.shape[1])
    ridge = RIDGE * np.diag([1e-6] + [1.0] * len(NAMES))
    for _ in range(50):
        chance = 1 / (1 + np.exp(-known @ weights))
        slope = known.T @ (chance - right) + ridge @ weights
        bend = (known.T * (chance * (1 - chance))) @ known + ridge
        weights -= np.linalg.solve(bend, slope)
    plain = weights[1:] / spread
    return np.r_[weights[0] - plain @ middle, plain]


def table(weights: Array, some: list[Sample]) -> Iterator[str]:
    """Yield a line for each level: what is accepted from there upwards."""
    evidence = np.array([sample.evidence for sample in some])
    scores = 1 / (1 + np.exp(-(weights[0] + evidence @ weights[1:])))
    right = np.array([sample.right for sample in some])
    said = np.array([sample.said for sample in some])
    groups = {"right": right, "misheard": said & ~right, "other": ~said}
    for level in LEVELS:
        shares = (
            f"{name} {(scores[group] >= level).sum()}/{group.sum()}"
            for name, group in groups.items()
        )
        yield f"{level:.2f}  " + "  ".join(shares)


def written(weights: Array) -> str:
    """Return score.toml."""
    lines = ["# Weights of the score. Written by models/recipe/calibrate.py."]
    lines += [f"bias = {weights[0]:.4f}", "", "[weights]"]
    pairs = zip(NAMES, weights[1:], strict=True)
    return "\n".join([*lines, *(f"{n} = {w:.4f}" for n, w in pairs)]) + "\n"


def main() -> None:
    """Hear, teach, measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sounds", type=Path, help="table: file, text, speaker")
    parser.add_argument("--place", default="start", help="dialogue place to hear at")
    parser.add_argument("--model", default="sv-telephone")
    parser.add_argument("--cache", type=Path, required=True, help="folder for graphs")
    asked = parser.parse_args()
    model = open_model(ROOT / "models", asked.model)
    place = open_place(asked.place, model, asked.cache)
    everything = list(samples(asked.sounds, place))
    speakers = sorted({sample.speaker for sample in everything})
    teachers = set(speakers[::2])
    teach = [sample for sample in everything if sample.speaker in teachers]
    measure = [sample for sample in everything if sample.speaker not in teachers]
    sys.stdout.write("\n".join(table(taught(teach), measure)) + "\n")
    weights = taught(everything)
    (model.folder / "score.toml").write_text(written(weights), encoding="utf-8")


if __name__ == "__main__":
    main()
