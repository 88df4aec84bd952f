"""A web that waits for its store, and cannot be opened itself meanwhile."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from web_served import PATIENCE, settings_in

from voice.config import settings
from voice.small_server import ListenError
from voice.store.port import Store, StoreAwayError
from voice.web_opening import serve_web_at_once


@asynccontextmanager
async def away() -> AsyncIterator[Store]:
    raise StoreAwayError("The store is away.")
    yield


async def test_what_keeps_pages_from_being_answered_is_told_while_the_store_is_away(
    tmp_path: Path,
):
    (file, port), leave = settings_in(tmp_path), asyncio.Event()
    with socket.create_server(("127.0.0.1", port)):
        serving = asyncio.ensure_future(
            serve_web_at_once(settings({}, file), away, leave, lambda address: None)
        )
        told, _ = await asyncio.wait([serving], timeout=PATIENCE)
        leave.set()
        with pytest.raises(ListenError, match="cannot be listened at"):
            await serving
    assert told
