"""Speech free of any grammar: the likeliest phones of a sound, by a phone trigram.

What a phrase gains is set against what any Swedish phones would. A bigram lets that
free path follow every breath; the trigram keeps it to strings that words are made of,
so that it is better than the right phrase less often (see the model card's figures).
"""

import numpy as np
from numpy.typing import NDArray

from voice.sound.alignment import HALF, NEVER, SILENCE, Chain, Way
from voice.sound.net import Floats


def freely(outputs: Floats, trigram: Floats) -> Way:
    """Return the likeliest phones for outputs of (first, later frames) by phone.

    `trigram` holds logs of P(third phone | first, second): phones x phones x phones.
    """
    first, later = outputs[:, 0::2], outputs[:, 1::2]
    count = len(trigram)
    # Second, third, first: the phone that is left behind is last, to be maximised over.
    into = np.ascontiguousarray(trigram.transpose(1, 2, 0))
    scores = np.full((count, count), NEVER, np.float32)  # phone before, phone
    scores[SILENCE] = first[0]
    history = np.full((len(outputs), count, count), -1, np.int16)
    for frame in range(1, len(outputs)):
        reached = scores.T[:, None, :] + into
        source = reached.argmax(axis=2)
        entering = np.take_along_axis(reached, source[:, :, None], 2)[:, :, 0]
        entering = entering + first[frame]
        staying = scores + later[frame]
        history[frame] = np.where(entering > staying, source, -1)
        scores = np.maximum(entering, staying) + np.float32(HALF)
    return _traced(history, int(scores.argmax()), first, later, trigram)


def _traced(
    history: NDArray[np.int16],
    last: int,
    first: Floats,
    later: Floats,
    trigram: Floats,
) -> Way:
    """Walk back from the last pair of phones, and count what each frame gained."""
    count = len(history)
    states = np.zeros(count, np.int64)
    entered = np.zeros(count, np.bool_)
    gains = np.zeros(count, np.float32)
    before, phone = divmod(last, len(trigram))
    for frame in range(count - 1, 0, -1):
        states[frame] = phone
        source = int(history[frame, before, phone])
        if source < 0:
            gains[frame] = later[frame, phone] + HALF
            continue
        entered[frame] = True
        gains[frame] = first[frame, phone] + trigram[source, before, phone] + HALF
        before, phone = source, before
    states[0], entered[0] = phone, True
    gains[0] = first[0, phone]
    return Way(states, entered, gains)


def by_trigram(way: Way, chain: Chain, trigram: Floats) -> Way:
    """Return a way through a chain with the trigram's costs of its phones instead."""
    gains = way.gains.copy()
    gains[0] -= chain.start[way.states[0]]
    gains[-1] -= chain.end[way.states[-1]]
    begins = np.flatnonzero(way.entered)
    states = way.states[begins]
    phones = chain.phones[states]
    steps = zip(begins[1:], states, states[1:], strict=False)
    past = [SILENCE, *phones]
    for number, (frame, source, state) in enumerate(steps, 1):
        gains[frame] -= chain.moves[source, state]
        gains[frame] += trigram[past[number - 1], past[number], phones[number]]
    return Way(way.states, way.entered, gains)
