"""What was heard of the attendant in a call, set against what it said, and when."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.phone.port import FRAME_BYTES
from voice.phone.telephones import Placed, Spoken
from voice.sound.endpoint import Loudness

Frames = NDArray[np.int32]

_SAMPLES = FRAME_BYTES // 2
_LOUD = 330  # of 32768: -40 dB
_SILENT = 16  # A-law has no nought
# A-law's steps are a sixteenth of a value at most, and at the least 16 (ITU-T G.711).
_STEP, _LEAST_STEP = 1 / 24, 16
_SURE_FRAMES = 3
# After so much silence nothing more of a prompt comes.
_CUT_FRAMES = 50


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as it was heard: where it began and ended, and what was not right."""

    first: int
    after: int
    gaps: int
    """Frames of silence within it that are not its own."""
    wrong: int
    """Frames that are neither its own nor silence."""


def answer_delay(placed: Placed, spoken: Spoken) -> float | None:
    """Return the seconds from the last loud sound of some words to the answer."""
    ended = spoken.gone_at(_loud_until(spoken.pcm))
    loud = _loud(frames(placed.heard))
    later = (at for at, is_loud in zip(placed.heard_at, loud, strict=True) if is_loud)
    return next((at - ended for at in later if at > ended), None)


def _loud_until(pcm: bytes) -> int:
    loudness, until = Loudness(), FRAME_BYTES
    for at in range(0, len(pcm), FRAME_BYTES):
        frame = pcm[at : at + FRAME_BYTES]
        if any(frame) and loudness.loud(frame):
            until = min(at + FRAME_BYTES, len(pcm))
    return until


def greeting_delay(placed: Placed, said: Sequence[bytes]) -> float | None:
    """Return the seconds from the INVITE to the first word of the greeting."""
    greeting = next(iter(prompts(placed, said[:1])), None)
    if greeting is None:
        return None
    return placed.heard_at[greeting.first] - placed.dialled


def prompts(placed: Placed, said: Sequence[bytes]) -> list[Prompt | None]:
    """Find what was said, one after the other; None for what was not heard."""
    heard, at = frames(placed.heard), 0
    found: list[Prompt | None] = []
    for pcm in said:
        prompt = _prompt(heard, _trimmed(frames(pcm)), at)
        at = at if prompt is None else prompt.after
        found.append(prompt)
    return found


def is_spoken_over(placed: Placed, prompt: Prompt) -> bool:
    """Tell whether the caller spoke while it was heard, and may have ended it so."""
    began, ended = placed.heard_at[prompt.first], placed.heard_at[prompt.after - 1]
    return any(
        each.gone[0][0] < ended and each.gone_at(_loud_until(each.pcm)) > began
        for each in placed.spoken
        if each.gone
    )


def frames(pcm: bytes) -> Frames:
    """Return sound as rows of 20 ms."""
    whole = len(pcm) // FRAME_BYTES * FRAME_BYTES
    return np.frombuffer(pcm[:whole], "<i2").astype(np.int32).reshape(-1, _SAMPLES)


def _loud(rows: Frames) -> NDArray[np.bool_]:
    loud: NDArray[np.bool_] = np.abs(rows).max(axis=1, initial=0) > _LOUD
    return loud


def _trimmed(rows: Frames) -> Frames:
    loud = np.flatnonzero(_loud(rows))
    return rows[loud[0] : loud[-1] + 1] if len(loud) else rows[:0]


def _alike(heard: Frames, said: Frames) -> NDArray[np.bool_]:
    allowed = np.abs(said) * _STEP + _LEAST_STEP
    alike: NDArray[np.bool_] = (np.abs(heard - said) <= allowed).all(axis=-1)
    return alike


def _prompt(heard: Frames, said: Frames, at: int) -> Prompt | None:
    """Follow a prompt frame by frame from where it begins."""
    first = _beginning(heard, said, at) if len(said) else None
    if first is None:
        return None
    at, gaps, wrong = first, 0, 0
    for nth, is_loud in enumerate(_loud(said)):
        quiet = _silent(heard[at : at + _CUT_FRAMES]) if is_loud else 0
        if at + quiet >= len(heard) or quiet >= _CUT_FRAMES:
            # It was broken off here.
            return Prompt(first, at, gaps, wrong + len(said) - nth)
        gaps, at = gaps + quiet, at + quiet
        if is_loud and not _alike(heard[at], said[nth]):
            wrong += 1
            if nth + 1 < len(said) and _alike(heard[at], said[nth + 1]):
                continue  # it was left out
        at += 1
    return Prompt(first, at, gaps, wrong)


def _silent(heard: Frames) -> int:
    """Return how many frames of silence there are before anything else."""
    sounding = np.flatnonzero(np.abs(heard).max(axis=1, initial=0) > _SILENT)
    return int(sounding[0]) if len(sounding) else len(heard)


def _beginning(heard: Frames, said: Frames, at: int) -> int | None:
    sure = min(_SURE_FRAMES, len(said))
    starts = len(heard) - sure + 1
    if starts <= at:
        return None
    fits = np.ones(starts - at, bool)
    for nth in range(sure):
        fits &= _alike(heard[at + nth : starts + nth], said[nth])
    places = np.flatnonzero(fits)
    return at + int(places[0]) if len(places) else None
