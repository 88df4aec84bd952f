"""How fast calendars are asked, and how long one is left alone that did not answer."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Lock
from typing import TypeAlias

from voice.store.links_port import LinkKind

_FIRST, _LONGEST, _LONGEST_EXPONENT = 2.0, 900.0, 12
# Rights come back when an administrator gives them, not by asking.
DENIED_SECONDS = 1800.0
_SPREAD = 0.1
LONGEST_SECONDS = 3600.0
"""However long a calendar asks to be left alone, it is tried again by then."""

_Waiting: TypeAlias = asyncio.Future[None]


def backoff(failures: int, luck: float, asked: float | None = None) -> float:
    """Return how many seconds to wait after so many failures in a row.

    `luck` is from 0 to 1 and keeps those apart who failed together; no less is waited
    than the calendar has `asked` for, within bounds.
    """
    longest = min(_FIRST * 2.0 ** min(failures, _LONGEST_EXPONENT), _LONGEST)
    seconds = max(asked or 0.0, longest / 2) + longest / 2 * luck
    return min(seconds, LONGEST_SECONDS)


def jittered(seconds: float, luck: float) -> float:
    """Return an interval, or a little less by luck from 0 to 1, and never more."""
    return seconds * (1 - _SPREAD * luck)


class Pace:
    """Lets so many questions be asked in a minute, and no two of them together.

    Whoever writes goes before all who only read: people wait for what they have set.
    """

    def __init__(self, per_minute: float) -> None:
        self._apart = 60.0 / per_minute
        self._free_at = 0.0
        # Of turns that are being taken, how many, and of how many no question is known.
        self._taken, self._unasked = 0, 0
        self._lock = Lock()
        self._writers: deque[_Waiting] = deque()
        self._readers: deque[_Waiting] = deque()
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def turn(self, writes: bool = False) -> AsyncIterator[None]:
        """Wait for one's turn, which is good for one question."""
        mine = asyncio.get_running_loop().create_future()
        (self._writers if writes else self._readers).append(mine)
        self._let_in()
        try:
            await mine
            yield
        finally:
            if not mine.cancelled():
                self._end_turn()

    def asked(self) -> None:
        """Count a question, from whichever thread; one beyond a turn delays the next.

        How many questions a reading takes is known only when it is done.
        """
        with self._lock:
            if self._unasked:
                self._unasked -= 1
            else:
                self._count()

    def _end_turn(self) -> None:
        with self._lock:
            self._taken -= 1
            self._unasked = min(self._unasked, self._taken)

    def _count(self) -> None:
        now = time.monotonic()
        # Who was woken a little late does not make all others late.
        is_late = now - self._free_at < self._apart
        self._free_at = (self._free_at if is_late else now) + self._apart

    def _let_in(self) -> None:
        """Give the next one its turn, now or when there is one."""
        while self._timer is None and (mine := self._next()) is not None:
            with self._lock:
                seconds = self._free_at - time.monotonic()
                if seconds <= 0:
                    self._count()
                    self._taken += 1
                    self._unasked += 1
            if seconds > 0:
                loop = asyncio.get_running_loop()
                self._timer = loop.call_later(seconds, self._wake)
                return
            mine.set_result(None)

    def _wake(self) -> None:
        self._timer = None
        self._let_in()

    def _next(self) -> _Waiting | None:
        for waiting in (self._writers, self._readers):
            while waiting:
                # Who waits no more has been cancelled, or has had the turn.
                if not waiting[0].done():
                    return waiting[0]
                waiting.popleft()
        return None


def paces(per_minute: float) -> dict[LinkKind, Pace]:
    """Return the pace of each kind of calendar, which has a quota of its own."""
    return {kind: Pace(per_minute) for kind in LinkKind}
