"""Recordings and their words -> the weights of the score: `recipe.calibrate --help`.

Sounds are heard among phrases, as the report hears them, and at a place of the
dialogue (--sounds: a table of file, text, speaker that sounds.py wrote). A hearing is
right when it means what was said; anything else, and every sound that says nothing of
the kind, is wrong. Half of the speakers teach the regression and the others measure
it; what is written is taught by all, and for a net that was taught without a speaker
(--fold) by all others. None may have taught the net that hears them.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recipe.measure_clips import Clips, by_list
from recipe.measure_ear import Listeners, listened
from recipe.measure_line import ALAW, WHITE, Line, arrived
from recipe.report import NOISES, add_sources, gathered, opened
from voice.config import Waiting
from voice.dialogue.heard import Heard, Meant, Unclear
from voice.divert.model import Extension
from voice.errors import VoiceError
from voice.hearing import open_hearing, phrase_ears
from voice.house import read_catalog, site
from voice.language.catalog import Catalog
from voice.language.times import Moment
from voice.language.understand import Here, understand
from voice.sound.ears import Ears
from voice.sound.models import Model
from voice.sound.score import Evidence
from voice.sound.wave import read_wave

Array = NDArray[np.float64]

ROOT = Path(__file__).parents[2]
NAMES = [field.name for field in fields(Evidence)]
RIDGE = 3.0
AGAINST = ("edits", "hurried", "uneven", "stuck")  # the other measures speak for
SIGNS = [-1 if name in AGAINST else 1 for name in NAMES]
LEVELS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


class CalibrationError(VoiceError):
    """There is too little to teach the score by."""


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


def at_place(table: Path, place: Place) -> Iterator[Sample]:
    """Hear every sound of a table at a place of the dialogue."""
    for line in table.read_text("utf-8").splitlines():
        file, text, speaker = line.split("\t")
        yield from heard_at(place, read_wave(Path(file)), text, speaker)


def people_at_place(told: Clips, listeners: Listeners, name: str) -> Iterator[Sample]:
    """Hear clips, which say hardly anything of the grammar, at a place of it."""
    for model, some in listeners.by_model(told.clips):
        place = open_place(name, model, listeners.cache)
        for line in (Line(ALAW), Line(ALAW, WHITE)):
            sounds = arrived([clip.file for clip in some], line, NOISES)
            for clip, pcm in zip(some, sounds, strict=True):
                yield from heard_at(place, pcm, clip.text, clip.speaker)


def heard_at(place: Place, pcm: bytes, text: str, speaker: str) -> Iterator[Sample]:
    """Yield what a sound teaches; one that is heard as silence teaches nothing."""
    heard, wanted = listened(pcm, place.ears), place.meaning(text)
    said = bool(text) and not isinstance(wanted, Unclear)
    right = said and place.meaning(heard.text) == wanted
    if heard.evidence is not None:
        yield Sample(astuple(heard.evidence), right, said, speaker)


def among(told: Clips, listeners: Listeners) -> Iterator[Sample]:
    """Hear clips among phrases, on a quiet line and on a noisy one."""
    for name, clips in by_list(told.clips):
        for model, some in listeners.by_model(clips):
            phrases = told.lists[name]
            ears = phrase_ears(phrases, listeners.catalog, model, listeners.cache)
            for line in (Line(ALAW), Line(ALAW, WHITE)):
                sounds = arrived([clip.file for clip in some], line, NOISES)
                for clip, pcm in zip(some, sounds, strict=True):
                    found = listened(pcm, ears)
                    right = clip.listed and found.text == clip.text
                    if found.evidence is not None:
                        told_by = astuple(found.evidence)
                        yield Sample(told_by, right, clip.listed, clip.speaker)


def taught(some: list[Sample]) -> Array:
    """Return bias and weights of a ridge logistic regression.

    A gain never speaks against a phrase: measures that tell much the same can take
    each other's part with opposite signs, which fits the samples and nothing else. One
    whose weight comes out with the wrong sign is left out.
    """
    used = list(range(len(NAMES)))
    while True:
        weights = regressed(some, used)
        wrong = [n for n, w in zip(used, weights[1:], strict=True) if w * SIGNS[n] < 0]
        if not wrong:
            break
        worst = min(wrong, key=lambda n: SIGNS[n] * weights[1 + used.index(n)])
        used.remove(worst)
    every = np.zeros(1 + len(NAMES))
    every[[0, *(1 + n for n in used)]] = weights
    return every


def regressed(some: list[Sample], used: list[int]) -> Array:
    """Return bias and weights of the used measures, by Newton's method."""
    measured = np.array([sample.evidence for sample in some])[:, used]
    middle, spread = measured.mean(0), measured.std(0) + 1e-6
    known = np.c_[np.ones(len(some)), (measured - middle) / spread]
    right = np.array([sample.right for sample in some], float)
    weights = np.zeros(known.shape[1])
    ridge = RIDGE * np.diag([1e-6] + [1.0] * len(used))
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


def keep(weights: Array, model: Model) -> None:
    """Write the score's weights into a model folder."""
    path = model.folder / "score.toml"
    path.write_text(written(weights), encoding="utf-8")


def arguments() -> argparse.ArgumentParser:
    """Return what calibrating may be told."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_sources(parser)
    parser.add_argument("--sounds", type=Path, help="table: file, text, speaker")
    parser.add_argument("--place", default="start", help="dialogue place to hear at")
    return parser


def main() -> None:
    """Hear, teach, measure and write."""
    asked = arguments().parse_args()
    listeners = opened(asked)
    everything: list[Sample] = []
    if asked.sounds:
        place = open_place(asked.place, listeners.shipped, listeners.cache)
        everything += at_place(asked.sounds, place)
    if asked.recordings or asked.folder:
        told = gathered(asked, listeners)
        everything += among(told, listeners)
        everything += people_at_place(told, listeners, asked.place)
    speakers = sorted({sample.speaker for sample in everything})
    teachers = set(speakers[::2])
    teach = [sample for sample in everything if sample.speaker in teachers]
    measure = [sample for sample in everything if sample.speaker not in teachers]
    if not teach or not measure:
        raise CalibrationError(
            "Sounds of two speakers at least are needed: one teaches, one measures."
        )
    sys.stdout.write("\n".join(table(taught(teach), measure)) + "\n")
    keep(taught(everything), listeners.shipped)
    for speaker, model in listeners.folds.items():
        others = [sample for sample in everything if sample.speaker != speaker]
        keep(taught(others), model)


if __name__ == "__main__":
    main()
