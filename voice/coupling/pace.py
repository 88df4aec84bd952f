"""How fast calendars are asked, and how long one is left alone that did not answer."""

import asyncio
import time

_FIRST, _LONGEST, _LONGEST_EXPONENT = 2.0, 900.0, 12
# Rights come back when an administrator gives them, not by asking.
DENIED_SECONDS = 1800.0
_SPREAD = 0.2


def backoff(failures: int, luck: float, asked: float | None = None) -> float:
    """Return how many seconds to wait after so many failures in a row.

    `luck` is from 0 to 1 and keeps those apart who failed together; no less is waited
    than the calendar has `asked` for.
    """
    longest = min(_FIRST * 2.0 ** min(failures, _LONGEST_EXPONENT), _LONGEST)
    return max(asked or 0.0, longest / 2) + longest / 2 * luck


def jittered(seconds: float, luck: float) -> float:
    """Return an interval a little longer or shorter, by luck from 0 to 1."""
    return seconds * (1 + _SPREAD * (luck - 0.5))


class Pace:
    """Lets so many begin in a minute, and no two of them together."""

    def __init__(self, per_minute: float) -> None:
        self._apart = 60.0 / per_minute
        self._free_at = 0.0

    async def turn(self) -> None:
        """Wait for one's turn."""
        now = time.monotonic()
        mine = max(self._free_at, now)
        self._free_at = mine + self._apart
        if mine > now:
            await asyncio.sleep(mine - now)
