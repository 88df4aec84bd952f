"""When an utterance begins and ends, frame by frame; no clock but the sound's own."""

import math
from collections import deque
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from voice.sound.acceptor import Progress

FRAME_SECONDS = 0.02
FULL_SCALE = 32768.0
PRE_EMPHASIS = 0.95  # takes mains hum away and lifts a final s
SMOOTHED_FRAMES = 5
FLOOR_FRAMES = 150  # any 3 s of speech hold some closure to see the line's noise in
ABOVE_FLOOR_DB = 9.0
QUIETEST_SPEECH_DB = -60.0
LOUDEST_FLOOR_DB = -32.0  # a call may begin in the middle of a word
BEGIN_WINDOW, BEGIN_LOUD = 6, 4  # a click or two is no speech


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds of quiet that end an utterance, by how far its words have come."""

    whole: float = 0.2
    extendable: float = 0.6
    incomplete: float = 1.2
    longest: float = 15.0
    """An utterance is ended after this many seconds in any case."""

    def after(self, progress: Progress) -> float:
        """Return how much quiet to wait for."""
        match progress:
            case Progress.WHOLE:
                return self.whole
            case Progress.EXTENDABLE | Progress.NOTHING:
                return self.extendable
            case Progress.INCOMPLETE:
                return self.incomplete


class Loudness:
    """Tells speech from the line's own noise by level; one for a whole call."""

    def __init__(self) -> None:
        """Know nothing of the line yet."""
        self._newest: deque[float] = deque(maxlen=SMOOTHED_FRAMES)
        # Only what can still become the lowest level, and when it was: they rise.
        self._lowest: deque[tuple[float, int]] = deque()
        self._frames = 0

    def loud(self, frame: bytes) -> bool:
        """Hear one frame and say whether it stands out of the noise."""
        level = level_db(frame)
        self._newest.append(level)
        floor = min(
            self._floor(sum(self._newest) / len(self._newest)), LOUDEST_FLOOR_DB
        )
        return level > max(floor + ABOVE_FLOOR_DB, QUIETEST_SPEECH_DB)

    def _floor(self, smoothed: float) -> float:
        """Return the lowest level of the newest frames."""
        self._frames += 1
        while self._lowest and self._lowest[-1][0] >= smoothed:
            self._lowest.pop()
        self._lowest.append((smoothed, self._frames))
        if self._lowest[0][1] <= self._frames - FLOOR_FRAMES:
            self._lowest.popleft()
        return self._lowest[0][0]


# Several look at each frame, soon after each other.
@lru_cache(256)
def level_db(frame: bytes) -> float:
    """Return the level of s16le sound in dB below full scale."""
    sound = np.frombuffer(frame, "<i2") / FULL_SCALE
    lifted = sound[1:] - PRE_EMPHASIS * sound[:-1]
    return 10 * math.log10(float(lifted @ lifted) / max(len(lifted), 1) + 1e-10)


class Endpoint:
    """Begin and end of one utterance."""

    def __init__(self, patience: Patience) -> None:
        """Wait for speech to begin."""
        self._patience = patience
        self._newest: deque[bool] = deque(maxlen=BEGIN_WINDOW)
        self._quiet_frames = 0
        self._frames = 0
        self.begun = False

    def hear(self, loud: bool) -> None:
        """Take one frame in."""
        self._newest.append(loud)
        self.begun = self.begun or sum(self._newest) >= BEGIN_LOUD
        self._frames += self.begun
        # One loud frame alone is a click, and does not end the quiet.
        resumed = loud and list(self._newest)[-2:] == [True, True]
        self._quiet_frames = 0 if resumed else self._quiet_frames + 1

    @property
    def quiet(self) -> float:
        """Seconds since the last speech."""
        return round(self._quiet_frames * FRAME_SECONDS, 2)

    def ended(self, progress: Progress) -> bool:
        """Say whether the utterance is over, its words having come so far."""
        if not self.begun:
            return False
        late = self._frames * FRAME_SECONDS >= self._patience.longest
        return late or self.quiet >= self._patience.after(progress)
