"""Where each phone of known words lies in the network's outputs, by Viterbi."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.sound.net import Floats

Ints = NDArray[np.int64]

HALF = math.log(0.5)  # of staying in a phone, and of going on
NEVER = -1e9
SILENCE = 0
NO_WORD = -1

Ways = Sequence[Sequence[Sequence[int]]]
"""For each word its pronunciations, in numbers of phones."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Phones in states, and the log costs of going from state to state."""

    phones: Ints
    words: Ints
    """Which word each state belongs to; NO_WORD between words."""
    start: Floats
    moves: Floats
    """From the row's state to the column's."""
    end: Floats


@dataclass(frozen=True, slots=True)
class Way:
    """The best way through a chain: a state and a gain for each output frame."""

    states: Ints
    entered: NDArray[np.bool_]
    """Whether a phone begins with this frame."""
    gains: Floats

    @property
    def fits(self) -> bool:
        """Whether there was time for every phone."""
        return bool(self.gains.min() > NEVER / 2)


def spoken(ways: Ways, bigram: Floats) -> Chain:
    """Allow the words in order, in any pronunciation, with or without pauses."""
    phones, words, begins, ends = [SILENCE], [NO_WORD], [True], [False]
    links: list[tuple[int, int]] = []
    before = [0]  # states from which the next word may begin
    for number, pronunciations in enumerate(ways):
        after = []
        for pronunciation in pronunciations:
            first = len(phones)
            phones += pronunciation
            words += [number] * len(pronunciation)
            links += [(state, first) for state in before]
            links += [(s, s + 1) for s in range(first, len(phones) - 1)]
            begins += [number == 0] + [False] * (len(pronunciation) - 1)
            ends += [False] * len(pronunciation)
            after.append(len(phones) - 1)
        pause = len(phones)
        phones.append(SILENCE)
        words.append(NO_WORD)
        begins.append(False)
        ends.append(False)
        links += [(state, pause) for state in after]
        before = [*after, pause]
    for state in before:
        ends[state] = True
    moves = np.full((len(phones), len(phones)), NEVER, np.float32)
    logs = np.log(bigram)
    for source, to in links:
        moves[source, to] = logs[phones[source], phones[to]]
    allowed = (np.where(flags, 0, NEVER).astype(np.float32) for flags in (begins, ends))
    start, end = allowed
    return Chain(np.array(phones), np.array(words), start, moves, end)


def best_path(outputs: Floats, chain: Chain) -> Way:
    """Return the likeliest states for outputs of (first, later frames) by phone."""
    first, later = outputs[:, 2 * chain.phones], outputs[:, 2 * chain.phones + 1]
    scores = chain.start + first[0]
    history = np.zeros((len(outputs), len(chain.phones)), np.int64)
    stays = np.arange(len(chain.phones))
    for frame in range(1, len(outputs)):
        reached = scores[:, None] + chain.moves
        source = reached.argmax(axis=0)
        entering = reached[source, stays] + first[frame]
        staying = scores + later[frame]
        enters = entering > staying
        # Entering from state n is kept as -1 - n, and staying as the state itself.
        history[frame] = np.where(enters, -1 - source, stays)
        scores = np.where(enters, entering, staying) + np.float32(HALF)
    return _traced(history, int((scores + chain.end).argmax()), first, later, chain)


def _traced(
    history: Ints, last: int, first: Floats, later: Floats, chain: Chain
) -> Way:
    """Walk back from the last state, and count what each frame gained."""
    count = len(history)
    states = np.zeros(count, np.int64)
    entered = np.zeros(count, np.bool_)
    gains = np.zeros(count, np.float32)
    state = last
    for frame in range(count - 1, 0, -1):
        states[frame] = state
        source = int(history[frame, state])
        if source >= 0:
            gains[frame] = later[frame, state] + HALF
            continue
        entered[frame], source = True, -1 - source
        gains[frame] = first[frame, state] + chain.moves[source, state] + HALF
        state = source
    states[0], entered[0] = state, True
    gains[0] = chain.start[state] + first[0, state]
    gains[-1] += chain.end[last]
    return Way(states, entered, gains)
