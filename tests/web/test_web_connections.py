"""Connections on which nobody asks: they end, and leave others their place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from web_served import PATIENCE, settings_in

from voice import web_connections
from voice.config import settings
from voice.store.memory import memory_store
from voice.web_service import serve_web

HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"


@asynccontextmanager
async def served(
    folder: Path, more: str = "", slow: "Slow | None" = None
) -> AsyncIterator[int]:
    """Serve a web, and give its port."""
    file, port = settings_in(folder, more)
    leave, is_open = asyncio.Event(), asyncio.Event()
    store = memory_store() if slow is None else replace(memory_store(), directory=slow)
    web = asyncio.create_task(
        serve_web(settings({}, file), store, leave, lambda address: is_open.set())
    )
    async with asyncio.timeout(PATIENCE):
        await is_open.wait()
        try:
            yield port
        finally:
            leave.set()
            await web


async def ended(port: int, *sent: bytes, address: str = "127.0.0.1") -> bytes:
    """Say something and then nothing; return what is answered until it ends."""
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", port, local_addr=(address, 0)
    )
    try:
        for piece in sent:
            writer.write(piece)
            await writer.drain()
        return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def test_who_asks_nothing_is_hung_up_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(web_connections, "_HEAD_SECONDS", 0.2)
    async with served(tmp_path) as port:
        assert await ended(port) == b""
        assert await ended(port, HEAD) == b""
        # Also when a question came before, and the next is begun and never ends.
        answer = await ended(port, HEAD + b"\r\n", b"GET /")
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")


class Slow:
    """A directory that tells its revision when it may."""

    def __init__(self) -> None:
        self.asked, self.may = asyncio.Event(), asyncio.Event()

    async def revision(self) -> int:
        self.asked.set()
        await self.may.wait()
        return 1


async def test_an_answer_may_take_longer_than_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(web_connections, "_HEAD_SECONDS", 0.2)
    slow = Slow()
    async with served(tmp_path, slow=slow) as port, asyncio.TaskGroup() as group:
        last = HEAD + b"Connection: close\r\n\r\n"
        answered = group.create_task(ended(port, last))
        await slow.asked.wait()
        # By then, whoever came later and asked nothing has been hung up on.
        assert await ended(port) == b""
        slow.may.set()
        assert (await answered).endswith(b"ok\n")


@pytest.mark.parametrize(
    ("proxy", "address", "is_let_in"),
    [
        ("192.0.2.1", "127.0.0.1", False),
        ("192.0.2.1", "127.0.0.2", True),
        ("127.0.0.1", "127.0.0.1", True),
    ],
)
async def test_one_asker_leaves_connections_for_others(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    proxy: str,
    address: str,
    is_let_in: bool,
):
    monkeypatch.setattr(web_connections, "_OF_ONE", 2)
    more = f'proxies = ["{proxy}"]'
    async with served(tmp_path, more) as port, AsyncExitStack() as open_ones:
        for _ in range(2):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            open_ones.callback(writer.close)
        last = HEAD + b"Connection: close\r\n\r\n"
        answer = await ended(port, last, address=address)
        assert answer.endswith(b"ok\n") is is_let_in
