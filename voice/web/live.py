"""What happens in calls, asked for once and told to all who look."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from voice.store.accounts_port import Login
from voice.store.live_port import Live, News
from voice.store.port import StoreError
from voice.store.positions import Position
from voice.web.errors import TooManyViewersError

# Words are to be seen before the next are spoken, and the store is to be left in peace.
_EVERY_SECONDS = 0.1
_AFTER_A_FAULT_SECONDS = 1.0
# One who is further behind than this begins anew.
_MOST_BEHIND = 500
_MOST_VIEWERS = 500
# However many windows one account has open, others find a place.
_MOST_OF_ONE = 250


@dataclass(slots=True, eq=False)
class Viewer:
    """Somebody who looks at what happens, until they have fallen behind."""

    whose: Login
    _news: asyncio.Queue[News] = field(
        default_factory=lambda: asyncio.Queue(_MOST_BEHIND)
    )
    is_behind: bool = False

    async def next(self, patience: float) -> News | None:
        """Return what happens next; None when nothing has for so many seconds."""
        try:
            async with asyncio.timeout(patience):
                return await self._news.get()
        except TimeoutError:
            return None

    def tell(self, news: News) -> None:
        """Tell of something that happened; who does not listen is not waited for."""
        try:
            self._news.put_nowait(news)
        except asyncio.QueueFull:
            self.is_behind = True


class Feed:
    """One who asks the store for all, and only while somebody looks."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._viewers: set[Viewer] = set()
        self._looked_at, self._follows = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def viewing(self, patience: float, whose: Login) -> AsyncIterator[Viewer]:
        """Give a viewer, who is told of all that happens from now on.

        TimeoutError where the store cannot be asked within some seconds.
        """
        mine = sum(viewer.whose == whose for viewer in self._viewers)
        if len(self._viewers) >= _MOST_VIEWERS or mine >= _MOST_OF_ONE:
            raise TooManyViewersError
        viewer = Viewer(whose)
        self._viewers.add(viewer)
        self._looked_at.set()
        try:
            async with asyncio.timeout(patience):
                await self._follows.wait()
            yield viewer
        finally:
            self._viewers.discard(viewer)

    async def run(self) -> None:
        """Ask what is new while somebody looks, until cancelled."""
        while True:
            self._looked_at.clear()
            self._follows.clear()
            if not self._viewers:
                await self._looked_at.wait()
            await self._follow()

    async def _follow(self) -> None:
        position: Position | None = None
        while self._viewers:
            wait = _EVERY_SECONDS
            try:
                position = await self._look(position)
                self._follows.set()
            except StoreError:
                # The store itself tells the log, once.
                wait = _AFTER_A_FAULT_SECONDS
            await asyncio.sleep(wait)

    async def _look(self, position: Position | None) -> Position:
        if position is None:
            return await self._live.position()
        told = await self._live.after(position)
        for news in told.news:
            for viewer in self._viewers:
                viewer.tell(news)
        return told.position
