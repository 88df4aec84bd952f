"""The web, open before its store is: pages say that nothing can be read just now."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    suppress,
)
from typing import TypeAlias

from voice.config import Settings
from voice.store.away import away_store
from voice.store.port import Store, StoreAwayError
from voice.web_service import serve_web

log = logging.getLogger(__name__)

Opening: TypeAlias = Callable[[], AbstractAsyncContextManager[Store]]
Ready: TypeAlias = Callable[[str], None]
_AGAIN_SECONDS = 1.0


async def serve_web_at_once(
    chosen: Settings, opening: Opening, leave: asyncio.Event, ready: Ready
) -> None:
    """Answer pages until `leave` is set, with the store as soon as it is there."""
    async with AsyncExitStack() as opened:
        store: Store | None
        try:
            store = await opened.enter_async_context(opening())
        except StoreAwayError as error:
            log.error("%s", error)
            async with _meanwhile(chosen, away_store(error), ready) as serving:
                store = await _there(opened, opening, leave, serving)
            log.warning("The web has its store.")
            ready = _said_already
        if store is not None:
            await serve_web(chosen, store, leave, ready)


async def _there(
    opened: AsyncExitStack,
    opening: Opening,
    leave: asyncio.Event,
    serving: asyncio.Future[None],
) -> Store | None:
    """Wait until the store can be opened; None where nobody waits any more."""
    while not (leave.is_set() or serving.done()):
        with suppress(TimeoutError):
            async with asyncio.timeout(_AGAIN_SECONDS):
                await leave.wait()
        with suppress(StoreAwayError):
            return await opened.enter_async_context(opening())
    return None


@asynccontextmanager
async def _meanwhile(
    chosen: Settings, store: Store, ready: Ready
) -> AsyncIterator[asyncio.Future[None]]:
    """Answer pages until the block ends; done sooner, they cannot be answered."""
    over = asyncio.Event()
    # No group of tasks: what goes wrong is told by its own sentence.
    serving = asyncio.ensure_future(serve_web(chosen, store, over, ready))
    try:
        yield serving
    finally:
        over.set()
        await serving


def _said_already(_: str) -> None:
    """Say no more where the web is."""
