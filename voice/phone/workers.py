"""Work that goes on beside what is awaited, and never outlives the line it is for."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TypeAlias

from voice.errors import where

log = logging.getLogger(__name__)

Start: TypeAlias = Callable[[Coroutine[None, None, None]], "asyncio.Task[None]"]


@asynccontextmanager
async def workers() -> AsyncIterator[Start]:
    """Give a way to start work; what still goes on at the end is cancelled.

    Unlike in a TaskGroup, one call that breaks takes no other with it.
    """
    at_work: set[asyncio.Task[None]] = set()

    def start(work: Coroutine[None, None, None]) -> "asyncio.Task[None]":
        task = asyncio.get_running_loop().create_task(work)
        at_work.add(task)
        task.add_done_callback(ended)
        return task

    def ended(task: "asyncio.Task[None]") -> None:
        at_work.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a call broke off, by a fault of ours: %s", where(error))

    try:
        yield start
    finally:
        going = tuple(at_work)
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)
