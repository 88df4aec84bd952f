"""The regression of the score finds what tells right from wrong."""

from dataclasses import replace

import numpy as np
import pytest
from recipe.calibrate import NAMES, SIGNS, Sample, table, taught, written

from voice.sound.score import Evidence, Weights

MARGIN, EDITS = NAMES.index("margin"), NAMES.index("edits")


def samples(count: int, seed: int) -> list[Sample]:
    """Evidence of which margin and edits tell the truth, and the rest nothing."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        measures = rng.standard_normal(len(NAMES))
        odds = 3 * measures[MARGIN] - 2 * measures[EDITS] + 0.5
        right = bool(rng.random() < 1 / (1 + np.exp(-odds)))
        made.append(Sample(tuple(measures), right, number % 2 == 0, "bo"))
    return made


def test_weights_come_near_those_that_made_the_samples():
    bias, *weights = taught(samples(6000, 1))
    told = [bias, weights[MARGIN], weights[EDITS]]
    assert told == pytest.approx([0.5, 3, -2], abs=0.3)
    rest = np.delete(weights, [MARGIN, EDITS])
    assert np.abs(rest).max() < 0.2


def test_no_gain_ever_speaks_against_a_phrase():
    turned = [replace(one, right=not one.right) for one in samples(2000, 2)]
    weights = taught(turned)[1:]
    assert all(weight * sign >= 0 for weight, sign in zip(weights, SIGNS, strict=True))
    assert weights[MARGIN] == weights[EDITS] == 0


def test_the_table_counts_who_reaches_a_level():
    weights = np.r_[0.0, 50.0, np.zeros(len(NAMES) - 1)]
    few = [
        Sample((sign, *[0.0] * (len(NAMES) - 1)), right, said, "bo")
        for sign, right, said in ((1, True, True), (-1, True, True), (1, False, True))
    ]
    few.append(Sample((-1.0, *[0.0] * (len(NAMES) - 1)), False, False, "bo"))
    assert "0.50  right 1/2  misheard 1/1  other 0/1" in table(weights, few)


def test_what_is_written_is_what_the_ear_reads():
    import tomllib

    weights = np.arange(len(NAMES) + 1) / 10
    told = tomllib.loads(written(weights))
    judge = Weights(told["bias"], told["weights"])
    some = Evidence(*[0.1] * len(NAMES))
    odds = weights[0] + 0.1 * weights[1:].sum()
    assert judge.probability(some) == pytest.approx(1 / (1 + np.exp(-odds)), abs=1e-3)
