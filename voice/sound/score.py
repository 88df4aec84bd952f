"""How surely a phrase was said: its fit to the sound against speech free of grammar.

Vosk's own confidence says nothing of what lies outside the grammar. So the network's
outputs are computed once more over the utterance alone (1 % of real time), the phrase
is aligned to them, and what it gains in each phone is set against what any Swedish
phones would gain. A logistic regression joins a few such measures into one number.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np

from voice.sound.alignment import SILENCE, Chain, Way, best_path, spoken
from voice.sound.free import by_trigram, freely
from voice.sound.graph import spelled
from voice.sound.models import Model, ModelError, Phones
from voice.sound.net import Floats, Net, open_net

LARGEST_OUTPUT = 30.0  # as in training
LEAST_TOTAL = -60.0  # below it everything is as unlikely
LARGEST_MARGIN = 6.0  # the decoder's --lattice-beam: beyond it nothing is compared
STUCK_FRAMES = 15  # no phone of a word lasts half a second, but tones do
DIGITS = 3  # of a score, so that no machine's last bit shows


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a phrase; gains are logs against free speech, none lost is 0."""

    margin: float
    """How much better the phrase is than any other the place allows."""
    total: float
    """Gain of all the sound, in tens."""
    whole: float
    """Gain of a frame of all the sound."""
    frame: float
    """Gain of a frame within the words, on the average."""
    word: float
    """Gain of a frame of the worst word."""
    worst: float
    """Gain of a frame of the worst phone."""
    edits: float
    """How many phones must be changed to come from free speech, as a share."""
    agreeing: float
    """Share of the words' time in which free speech has the same phone."""
    outside: float
    """Gain of what lies outside the words."""
    hurried: float
    """Share of phones that have no time for more than one output."""
    uneven: float
    """How unlike each other the phones' lengths are: the spread of their logs."""
    stuck: float
    """How much too long the longest phone is, in half seconds."""
    length: float
    """Log of the number of phones."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The regression: what each piece of evidence adds to the log odds."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, evidence: Evidence) -> float:
        """Return 0 (surely not said) to 1 (surely said)."""
        odds = self.bias
        for name, weight in self.weights.items():
            odds += weight * float(getattr(evidence, name))
        return round(1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))), DIGITS)


@dataclass(frozen=True, slots=True)
class Judge:
    """Weighs phrases of one place against the sound they were heard in."""

    net: Net
    bigram: Floats
    trigram: Floats
    phones: Mapping[str, int]
    spelling: Mapping[str, Sequence[Phones]]
    weights: Weights

    def evidence(
        self, pcm: bytes, words: Sequence[str], margin: float
    ) -> Evidence | None:
        """Measure how well the sound fits the words; None when it cannot hold them."""
        outputs = self.net.outputs(pcm).clip(-LARGEST_OUTPUT, LARGEST_OUTPUT)
        if not words or not len(outputs):
            return None
        chain = spoken([self._ways(word) for word in words], self.bigram)
        said = best_path(outputs, chain)
        if not said.fits:
            return None
        said = by_trigram(said, chain, self.trigram)
        return _weighed(chain, said, freely(outputs, self.trigram), margin)

    def _ways(self, word: str) -> list[list[int]]:
        return [[self.phones[p] for p in way] for way in self.spelling[word]]


def open_judge(model: Model, graph: Path) -> Judge:
    """Read what judging needs; the network is shared by all places."""
    numbers = {phone: number for number, phone in enumerate(model.phones)}
    tables = _bigram(model), _trigram(model)
    return Judge(_net(model), *tables, numbers, spelled(graph), _weights(model))


def _weighed(chain: Chain, said: Way, free: Way, margin: float) -> Evidence:
    """Compare the phrase's path with the free one, phone by phone."""
    gap = said.gains - free.gains
    phones, words = chain.phones[said.states], chain.words[said.states]
    inside = words >= 0
    begins = np.flatnonzero(said.entered)
    in_words = inside[begins]
    lasted = np.diff(begins, append=len(gap))
    gains = (np.add.reduceat(gap, begins) / lasted)[in_words]
    lasted = lasted[in_words]
    string, heard = phones[begins], free.states[free.entered]
    string, heard = string[string != SILENCE], heard[heard != SILENCE]
    worst_word = min(gap[words == word].mean() for word in range(words.max() + 1))
    return Evidence(
        margin=min(margin, LARGEST_MARGIN),
        total=max(float(gap.sum()), LEAST_TOTAL) / 10,
        whole=max(float(gap.mean()), -3.0),
        frame=max(float(gap[inside].mean()), -4.0),
        word=max(float(worst_word), -6.0),
        worst=max(float(gains.min()), -8.0),
        edits=min(edits(heard, string) / len(string), 2.0),
        agreeing=float((phones == free.states)[inside].mean()),
        outside=max(float(gap[~inside].sum()), LEAST_TOTAL),
        hurried=float((lasted <= 1).mean()),
        uneven=float(np.log(lasted).std()),
        stuck=min(max(0.0, float(lasted.max()) / STUCK_FRAMES - 1), 3.0),
        length=math.log(len(gains)),
    )


def edits(heard: Sequence[int], said: Sequence[int]) -> int:
    """Return how many phones differ (Levenshtein 1966)."""
    costs = list(range(len(said) + 1))
    for row, one in enumerate(heard, 1):
        diagonal, costs[0] = costs[0], row
        for column, other in enumerate(said, 1):
            change = diagonal + (one != other)
            diagonal = costs[column]
            costs[column] = min(change, costs[column] + 1, costs[column - 1] + 1)
    return costs[-1]


@cache
def _net(model: Model) -> Net:
    return open_net(model)


@cache
def _bigram(model: Model) -> Floats:
    return np.loadtxt(model.folder / "phone-bigram.txt", dtype=np.float32)


@cache
def _trigram(model: Model) -> Floats:
    path = model.folder / "phone-trigram.npy"
    try:
        table: Floats = np.load(path).astype(np.float32)
        return table
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{path} cannot be used ({error}): make it by models/recipe/export.py."
        ) from error


def _weights(model: Model) -> Weights:
    path = model.folder / "score.toml"
    try:
        told = tomllib.loads(path.read_text("utf-8"))
        names = {field.name for field in fields(Evidence)}
        return Weights(told["bias"], {n: told["weights"][n] for n in sorted(names)})
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise ModelError(
            f"{path} cannot be used ({error}): make it by models/recipe/calibrate.py."
        ) from error
