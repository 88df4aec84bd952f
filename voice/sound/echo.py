"""Our own voice coming back: told from a caller's by how its loudness moves.

A far end returns what it hears, later and weaker (ITU-T G.131). While the attendant
speaks, what arrives is its echo when it rises and falls as what was sent some time ago
did, and is no louder than that echo has been.
"""

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
        self._sent = np.full(_WINDOW + _LAGS, _QUIET_DB)
        self._came = np.full(_WINDOW, _QUIET_DB)
        # Seen through at each lag; it is the same memory, whatever comes.
        self._later = np.lib.stride_tricks.sliding_window_view(self._sent, _WINDOW)
        self._sounding = self._heard = 0

    def is_own(self, sent: float, came: float) -> bool:
        """Take the levels of one frame each way, in dB below full scale.

        Returns whether what came is no more than an echo.
        """
        _push(self._sent, sent)
        _push(self._came, came)
        self._sounding = len(self._sent) if sent > _SENT_DB else self._sounding - 1
        self._heard = _WINDOW if came > _QUIET_DB else self._heard - 1
        # Nothing has been sent that could come back, or nothing has come.
        if self._sounding <= 0 or self._heard <= 0:
            return False
        return _explains(self._later, self._came)


def _push(levels: NDArray[np.float64], newest: float) -> None:
    levels[:-1] = levels[1:]
    levels[-1] = max(newest, _QUIET_DB)


def _explains(sent: NDArray[np.float64], came: NDArray[np.float64]) -> bool:
    """Tell whether one of the windows that were sent explains the one that came."""
    moves = sent - sent.sum(axis=1, keepdims=True) / _WINDOW
    move = came - came.sum() / _WINDOW
    scale = np.sqrt(np.einsum("ij,ij->i", moves, moves) * (move @ move))
    alike = (moves @ move) / np.maximum(scale, 1e-9)
    best = int(np.argmax(alike))
    if alike[best] < _ALIKE:
        return False
    heard = sent[best] > _SENT_DB
    loss = float(np.median((came - sent[best])[heard])) if heard.any() else 0.0
    # Its newest frame may have come half a frame sooner or later.
    expected = float(sent[best][-2:].max()) + loss
    return bool(came[-1] <= expected + _LOUDER_DB)
