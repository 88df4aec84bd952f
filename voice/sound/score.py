"""How surely a phrase was said: its fit to the sound against speech free of grammar.

Vosk's own confidence says nothing of what lies outside the grammar. So the network's
outputs are computed once more over the utterance alone (1 % of real time), the phrase
is aligned to them, and what it gains in each phone is set against what any phones at
all would gain. A logistic regression joins a few such measures into one number.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np

from voice.sound.alignment import SILENCE, Chain, Way, best_path, loop, spoken
from voice.sound.graph import spelled
from voice.sound.models import Model, ModelError, Phones
from voice.sound.net import Floats, Net, open_net

LARGEST_OUTPUT = 30.0  # as in training
LARGEST_MARGIN = 6.0  # the decoder's --lattice-beam: beyond it nothing is compared
STUCK_FRAMES = 15  # no phone of a word lasts half a second, but tones do
DIGITS = 3  # of a score, so that no machine's last bit shows


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a phrase; gains are logs, nothing lost is 0."""

    margin: float
    """How much better the phrase is than any other the place allows."""
    phone: float
    """Gain of a phone, on the average."""
    frame: float
    """Gain of a frame within the words, on the average."""
    word: float
    """Gain of a frame of the worst word."""
    whole: float
    """Gain of a frame of all the sound."""
    agreeing: float
    """Share of its time a phone is the one that would be heard without a grammar."""
    hurried: float
    """Share of phones that have no time for more than one output."""
    outside: float
    """How many phones are said outside the words."""
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
    free: Chain
    bigram: Floats
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
        return _weighed(chain, said, best_path(outputs, self.free), margin)

    def _ways(self, word: str) -> list[list[int]]:
        return [[self.phones[p] for p in way] for way in self.spelling[word]]


def open_judge(model: Model, graph: Path) -> Judge:
    """Read what judging needs; the network is shared by all places."""
    numbers = {phone: number for number, phone in enumerate(model.phones)}
    free = loop(_bigram(model))
    net, weights = _net(model), _weights(model)
    return Judge(net, free, _bigram(model), numbers, spelled(graph), weights)


def _weighed(chain: Chain, said: Way, free: Way, margin: float) -> Evidence:
    """Compare the phrase's path with the free one, phone by phone."""
    gap = said.gains - free.gains
    phones, words = chain.phones[said.states], chain.words[said.states]
    same = phones == free.states  # the free loop's states are the phones themselves
    inside, loose = words >= 0, free.states != SILENCE
    begins = np.flatnonzero(said.entered)
    lasted = np.diff(begins, append=len(gap))
    spoken_phones = inside[begins]
    gains = np.add.reduceat(gap, begins)[spoken_phones]
    agreed = (np.add.reduceat(same.astype(float), begins) / lasted)[spoken_phones]
    lasted = lasted[spoken_phones]
    worst = min(gap[words == word].mean() for word in range(words.max() + 1))
    return Evidence(
        margin=min(margin, LARGEST_MARGIN),
        phone=max(float(gains.mean()), -10.0),
        frame=max(float(gap[inside].mean()), -4.0),
        word=max(float(worst), -6.0),
        whole=max(float(gap.mean()), -3.0),
        agreeing=float(agreed.mean()),
        hurried=float((lasted <= 1).mean()),
        outside=min(float((free.entered & loose & ~inside).sum()), 10.0),
        stuck=min(max(0.0, float(lasted.max()) / STUCK_FRAMES - 1), 3.0),
        length=math.log(len(gains)),
    )


@cache
def _net(model: Model) -> Net:
    return open_net(model)


@cache
def _bigram(model: Model) -> Floats:
    return np.loadtxt(model.folder / "phone-bigram.txt", dtype=np.float32)


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
