"""Clips heard by the program's own ears, each on some lines."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from recipe.measure import Clip, Heard
from recipe.measure_clips import Clips, by_list
from recipe.measure_line import Line, arrived
from voice.errors import VoiceError
from voice.hearing import phrase_ears, words_by_rule
from voice.language.catalog import Catalog
from voice.sound.ears import FRAME_BYTES, Ears, Utterance
from voice.sound.models import Model


class MeasureError(VoiceError):
    """A model to measure cannot be opened."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """The model that is measured, and those that were taught without one speaker."""

    catalog: Catalog
    shipped: Model
    folds: Mapping[str, Model]
    cache: Path

    def hear(self, told: Clips, lines: Sequence[Line], noises: Path) -> Iterator[Heard]:
        """Yield every clip on every line, heard by a model that never met its speaker.

        A speaker without such a model is heard by the shipped one.
        """
        for name, clips in by_list(told.clips):
            for model, some in self.by_model(clips):
                ears = phrase_ears(told.lists[name], self.catalog, model, self.cache)
                for line in lines:
                    sounds = arrived([clip.file for clip in some], line, noises)
                    for clip, pcm in zip(some, sounds, strict=True):
                        found = listened(pcm, ears)
                        score = round(found.score, 4)
                        yield Heard(clip, line.name, found.text, score)

    def by_model(self, clips: Sequence[Clip]) -> Iterator[tuple[Model, list[Clip]]]:
        """Yield each model with the clips that it is to hear."""
        for speaker, model in self.folds.items():
            if some := [clip for clip in clips if clip.speaker == speaker]:
                yield model, some
        if rest := [clip for clip in clips if clip.speaker not in self.folds]:
            yield self.shipped, rest


def listened(pcm: bytes, ears: Ears) -> Utterance:
    """Hear a whole sound as one utterance, 20 ms at a time."""
    ear, pcm = ears.listen(), pcm + bytes(-len(pcm) % FRAME_BYTES)
    for at in range(0, len(pcm), FRAME_BYTES):
        ear.feed(pcm[at : at + FRAME_BYTES])
    return ear.finish()


def by_rule(told: Clips, listeners: Listeners) -> Iterator[str]:
    """Yield a note on each list that has words which no lexicon pronounces."""
    for name, phrases in told.lists.items():
        if words := words_by_rule(phrases, listeners.catalog, listeners.shipped):
            yield f"Pronounced by rule among the {name}: {', '.join(words)}"


def model_in(folder: Path, shipped: Model) -> Model:
    """Open a model folder that no manifest tells of, with the shipped levels."""
    try:
        phones = tuple((folder / "phones.txt").read_text("utf-8").split())
        weights = (folder / "am/final.mdl").read_bytes()
    except (OSError, UnicodeDecodeError) as error:
        raise MeasureError(
            f"{folder} is no model folder ({error}): name one that was exported."
        ) from error
    digest = hashlib.sha256(weights + " ".join(phones).encode()).hexdigest()
    named = replace(shipped, name=folder.name, folder=folder.resolve())
    return replace(named, phones=phones, digest=digest)
