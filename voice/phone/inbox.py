"""What has come on a line and is not fetched yet: it has an end, and a size."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from voice.phone.port import Arrival, Backlog, HungUp, Keyed, Sound


class Inbox:
    """Keeps what comes in its order; of too much sound the oldest goes."""

    def __init__(self, most_frames: int, most_keys: int) -> None:
        self._arrived: deque[Arrival] = deque()
        self._most = {Sound: most_frames, Keyed: most_keys}
        self._held = {Sound: 0, Keyed: 0}
        self._something = asyncio.Event()
        self._ended = False
        self.dropped = 0

    @property
    def backlog(self) -> Backlog:
        """How much sound waits, and how much came in vain."""
        return Backlog(self._held[Sound], self.dropped)

    @property
    def is_full(self) -> bool:
        """Whether more sound would push out some that has come."""
        return self._held[Sound] >= self._most[Sound]

    def put(self, arrival: Sound | Keyed) -> None:
        """Add what came; a key too many is not taken."""
        kind = type(arrival)
        if self._held[kind] >= self._most[kind]:
            self.dropped += 1
            if isinstance(arrival, Keyed):
                return
            oldest = next(one for one in self._arrived if isinstance(one, Sound))
            self._arrived.remove(oldest)
            self._held[kind] -= 1
        self._held[kind] += 1
        self._arrived.append(arrival)
        self._something.set()

    def end(self, last: HungUp | None) -> None:
        """Say that nothing comes after what has come, and after `last`."""
        if last is not None and not self._ended:
            self._arrived.append(last)
        self._ended = True
        self._something.set()

    async def arrivals(self) -> AsyncIterator[Arrival]:
        """Yield everything until the end."""
        while True:
            while self._arrived:
                arrival = self._arrived.popleft()
                if not isinstance(arrival, HungUp):
                    self._held[type(arrival)] -= 1
                yield arrival
            if self._ended:
                return
            self._something.clear()
            await self._something.wait()
