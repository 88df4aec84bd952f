"""What hangs, or is no directory server, is left and told of."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from directory_server import BASE, READER, READER_PASSWORD
from told_faults import fault

from voice.ldap.reading import read_people
from voice.ldap.settings import LdapSettings, Unencrypted

ACCESS = LdapSettings(user=READER, password=READER_PASSWORD, base=BASE, seconds=10)


class Strange:
    """Listens as a directory server does, and answers as none."""

    def __init__(self) -> None:
        self.says: bytes | None = b""
        """What it says to whoever asks, and ends; with None it says nothing."""
        self.port = 0

    async def hear(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            await reader.read(1)
            if self.says is None:
                await reader.read()
            else:
                writer.write(self.says)
                await writer.drain()
        finally:
            writer.close()


@pytest.fixture
async def strange() -> AsyncIterator[Strange]:
    strange = Strange()
    server = await asyncio.start_server(strange.hear, "127.0.0.1", 0)
    strange.port = server.sockets[0].getsockname()[1]
    async with server:
        yield strange


async def test_a_server_that_hangs_is_left(strange: Strange):
    strange.says = None
    address = f"ldap://127.0.0.1:{strange.port}"
    for unencrypted in (Unencrypted.HERE, Unencrypted.NEVER):
        chosen = replace(ACCESS, address=address, unencrypted=unencrypted, seconds=1)
        assert await fault(chosen) == "does not answer within 1 s: see that it runs"


@pytest.mark.parametrize(
    "says",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00",
        b"\x30\x84\xff\xff\xff\xff",
        bytes(range(256)),
        b"\x30\x03\x02\x01\x01",
    ],
)
async def test_what_is_no_directory_server_is_told(strange: Strange, says: bytes):
    strange.says = says
    address = f"ldap://127.0.0.1:{strange.port}"
    told = await fault(replace(ACCESS, address=address, seconds=2))
    assert told.startswith(("cannot be reached", "answers in a way", "does not answer"))


async def test_a_reading_that_is_given_up_lets_its_thread_end(strange: Strange):
    strange.says = None
    address = f"ldap://127.0.0.1:{strange.port}"
    reading = asyncio.create_task(read_people(replace(ACCESS, address=address)))
    await asyncio.wait([reading], timeout=0.3)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    # Otherwise this would take the 10 s that an answer is waited for.
    async with asyncio.timeout(5):
        await asyncio.get_running_loop().shutdown_default_executor()
