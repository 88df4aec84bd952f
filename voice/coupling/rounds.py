"""Does one job for each of many, each at its own time and a few of them at once."""

import asyncio
import heapq
import logging
import time
from collections.abc import Awaitable, Callable

from voice.divert.model import Extension
from voice.errors import VoiceError, where
from voice.store.port import LeaseLostError

# After a fault that nobody foresaw.
_AGAIN_SECONDS = 300.0
_SOON_SECONDS = 5.0

log = logging.getLogger(__name__)


class Rounds:
    """Goes from one to the next as each is due; none has the job done twice at once."""

    def __init__(
        self,
        name: str,
        job: Callable[[Extension], Awaitable[float | None]],
        at_once: int,
    ) -> None:
        """Do a job that returns in how many seconds it is to be done again, if ever."""
        self._name, self._job = name, job
        self._room = asyncio.Semaphore(at_once)
        self._due: dict[Extension, float] = {}
        self._queue: list[tuple[float, Extension]] = []
        self._busy: set[Extension] = set()
        self._changed = asyncio.Event()

    def ask(self, extension: Extension, within: float = 0.0) -> None:
        """Have the job done within some seconds; of several wishes the first holds.

        While it is being done, it will be done once more afterwards.
        """
        due = time.monotonic() + within
        if due < self._due.get(extension, float("inf")):
            self._due[extension] = due
            self._queue_up(extension)

    def forget(self, extension: Extension) -> None:
        """Do the job no more, unless it is asked for again."""
        self._due.pop(extension, None)

    async def run(self) -> None:
        """Go round until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                await self._room.acquire()
                try:
                    extension = await self._next()
                except asyncio.CancelledError:
                    self._room.release()
                    raise
                self._busy.add(extension)
                group.create_task(self._do(extension))

    async def _next(self) -> Extension:
        while True:
            self._changed.clear()
            seconds = self._until_next()
            if seconds is not None and seconds <= 0:
                _, extension = heapq.heappop(self._queue)
                del self._due[extension]
                return extension
            try:
                async with asyncio.timeout(seconds):
                    await self._changed.wait()
            except TimeoutError:
                continue

    def _until_next(self) -> float | None:
        """Return how long the next one has yet to wait; None when there is none."""
        while self._queue:
            due, extension = self._queue[0]
            if self._due.get(extension) == due and extension not in self._busy:
                return due - time.monotonic()
            # Another time holds, or it comes again when what is being done is done.
            heapq.heappop(self._queue)
        return None

    async def _do(self, extension: Extension) -> None:
        again: float | None = _AGAIN_SECONDS
        try:
            again = await self._job(extension)
        except LeaseLostError:
            # It is another's job by now: nobody's rounds go on here.
            raise
        except VoiceError as error:
            # The store is away, which is soon mended.
            log.warning("%s: %s; it is tried again", self._name, error)
            again = _SOON_SECONDS
        except Exception as error:
            # Of whatever kind: it must not end the others' rounds.
            log.error("%s: %s; it is tried again", self._name, where(error))
        finally:
            self._busy.discard(extension)
            self._room.release()
        if again is not None:
            self.ask(extension, again)
        if extension in self._due:
            self._queue_up(extension)

    def _queue_up(self, extension: Extension) -> None:
        heapq.heappush(self._queue, (self._due[extension], extension))
        self._changed.set()
