"""Packets that never arrive: some phones repeat the last one, some fall silent."""

import numpy as np

from recipe.spectrum import RATE, Sound

PACKET = RATE // 50  # 20 ms, as most exchanges send
FADE = 0.6  # of each repetition against the one before, as in G.711 Appendix I


def lost(
    count: int, share: float, burst: float, rng: np.random.Generator
) -> list[bool]:
    """Say which packets are lost: a share of them, in bursts of this mean length."""
    ends = 1 / burst
    begins = ends * share / (1 - share)  # Gilbert's model
    gone, told = False, []
    for chance in rng.random(count):
        gone = bool(chance >= ends) if gone else bool(chance < begins)
        told.append(gone)
    return told


def without(sound: Sound, gone: list[bool], concealed: bool) -> Sound:
    """Return the sound with its lost packets silent, or concealed by the last one."""
    heard = sound.copy()
    fading = np.linspace(1, FADE, PACKET)
    for number in np.flatnonzero(gone).tolist():
        packet = heard[number * PACKET : (number + 1) * PACKET]
        before = heard[max(0, number - 1) * PACKET : number * PACKET]
        if concealed and len(before):
            # The first repetition is whole, each later one fainter.
            repeated = before * fading * FADE if gone[number - 1] else before
            packet[:] = repeated[: len(packet)]
        else:
            packet[:] = 0
    return heard
