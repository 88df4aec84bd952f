"""A system that is called when a divert begins, changes or ends: a real HTTP server."""

import asyncio
import hashlib
import hmac
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

PATIENCE = 60.0


@dataclass(slots=True)
class Letter:
    """What came by one call."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def kind(self) -> str:
        return f"{self.told['extension']} {self.told['type'].removeprefix('divert.')}"


@dataclass(slots=True)
class Receiver:
    """What came, and what is answered to it: 204, where nothing else is said."""

    port: int = 0
    letters: list[Letter] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    """What is answered to the next calls."""
    answering: asyncio.Event = field(default_factory=asyncio.Event)
    """While it is not set, nobody is answered."""
    came: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks/telefonist"

    @property
    def kinds(self) -> list[str]:
        return [letter.kind for letter in self.letters]

    async def wait(self, count: int) -> None:
        """Wait until so many have come."""
        async with asyncio.timeout(PATIENCE), self.came:
            await self.came.wait_for(lambda: len(self.letters) >= count)

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self._take(head, reader)
                await self.answering.wait()
                status = self.answers.pop(0) if self.answers else b"204 No Content"
                more = b"" if b"\r\n" in status else b"\r\nContent-Length: 0"
                writer.write(b"HTTP/1.1 " + status + more + b"\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _take(self, head: bytes, reader: asyncio.StreamReader) -> None:
        first, *lines = head.decode().strip().split("\r\n")
        headers = {
            name.lower(): value for name, _, value in (x.partition(": ") for x in lines)
        }
        body = await reader.readexactly(int(headers["content-length"]))
        async with self.came:
            self.letters.append(Letter(first.split()[1], headers, body))
            self.came.notify_all()


def is_signed(letter: Letter, secret: str) -> bool:
    """Check a signature as a receiver does it."""
    at, signed = letter.headers["x-telefonist-signature"].split(",")
    text = at.removeprefix("t=").encode() + b"." + letter.body
    mine = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    return hmac.compare_digest(signed, f"v1={mine}")


@asynccontextmanager
async def receiving(context: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """Give a receiver that answers until the end."""
    receiver = Receiver()
    receiver.answering.set()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=context)
    receiver.port = server.sockets[0].getsockname()[1]
    async with server:
        yield receiver
        receiver.answering.set()
