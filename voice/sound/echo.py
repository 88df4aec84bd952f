"""Our own voice coming back: told from a caller's by how its loudness moves.

A far end returns what it hears, later and weaker (ITU-T G.131). While the attendant
speaks, what arrives is its echo when it rises and falls as what was sent some time ago
did, and is no louder than that echo has been.
"""

from collections import deque

import numpy as np
from numpy.typing import NDArray

_WINDOW = 40  # frames that are compared: 0.8 s
_LAGS = 30  # frames by which an echo may be late: 0.6 s
_QUIET_DB = -60.0  # levels below this are all alike
_SENT_DB = -45.0  # what was sent above this can be heard again
_ALIKE = 0.6  # correlation from which on the two move together
_LOUDER_DB = 6.0  # more than the echo has been by this much is somebody speaking


class Echo:
    """Compares what comes with what was sent, frame by frame of 20 ms; one a call."""

    def __init__(self) -> None:
        """Know of nothing sent yet."""
        longest = _WINDOW + _LAGS
        self._sent = deque([_QUIET_DB] * longest, maxlen=longest)
        self._came = deque([_QUIET_DB] * _WINDOW, maxlen=_WINDOW)

    def is_own(self, sent: float, came: float) -> bool:
        """Take the levels of one frame each way, in dB below full scale.

        Returns whether what came is no more than an echo.
        """
        self._sent.append(max(sent, _QUIET_DB))
        self._came.append(max(came, _QUIET_DB))
        if max(self._sent) <= _SENT_DB:
            return False
        later = np.lib.stride_tricks.sliding_window_view(np.array(self._sent), _WINDOW)
        return _explains(later, np.array(self._came))


def _explains(sent: NDArray[np.float64], came: NDArray[np.float64]) -> bool:
    """Tell whether one of the windows that were sent explains the one that came."""
    moves = sent - sent.mean(axis=1, keepdims=True)
    move = came - came.mean()
    scale = np.linalg.norm(moves, axis=1) * np.linalg.norm(move)
    alike = (moves @ move) / np.maximum(scale, 1e-9)
    best = int(np.argmax(alike))
    if alike[best] < _ALIKE:
        return False
    heard = sent[best] > _SENT_DB
    loss = float(np.median((came - sent[best])[heard])) if heard.any() else 0.0
    # Its newest frame may have come half a frame sooner or later.
    expected = float(sent[best][-2:].max()) + loss
    return bool(came[-1] <= expected + _LOUDER_DB)
