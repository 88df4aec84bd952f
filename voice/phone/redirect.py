"""A SIP redirect server: an exchange asks it, over UDP or TCP, where calls go."""

import asyncio
import logging
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import cast

from voice.phone.peers import Place, read_place
from voice.phone.port import Condition, LineError, Route
from voice.phone.redirect_answers import Redirecting
from voice.phone.settings import RedirectSettings
from voice.phone.sip_message import Cutter, SipError, reply_place
from voice.phone.workers import Start, workers

log = logging.getLogger(__name__)

# An exchange that keeps its connection asks more often than this.
_IDLE_SECONDS = 3600.0
_PIECE = 4096


@dataclass(frozen=True, slots=True)
class Redirect:
    """A redirect server that listens."""

    place: Place

    @property
    def condition(self) -> Condition:
        """How the server is now."""
        return Condition(True, f"The exchange is told where calls go at {self.place}.")


@asynccontextmanager
async def open_redirect(
    settings: RedirectSettings, route: Route
) -> AsyncIterator[Redirect]:
    """Answer an exchange that asks, until the end."""
    redirecting, place = Redirecting(settings, route), read_place(settings.listen)
    async with AsyncExitStack() as opened:
        start = await opened.enter_async_context(workers())

        def connected(reader: StreamReader, writer: StreamWriter) -> None:
            # Nobody else may hold connections, in the process that holds all calls.
            if redirecting.trusts(_peer(writer)):
                start(_conversed(redirecting, reader, writer))
            else:
                writer.close()

        try:
            server = await asyncio.start_server(connected, place.host, place.port)
            opened.callback(server.close)
            # With port 0 the system has chosen one, for both.
            place = Place(place.host, server.sockets[0].getsockname()[1])
            transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: _Datagrams(redirecting, start),
                local_addr=(place.host, place.port),
            )
            opened.callback(transport.close)
        except OSError as error:
            raise LineError(
                f"The exchange cannot ask at {place} ({error.strerror}): give "
                "[redirect] listen a free address and port of this machine."
            ) from error
        yield Redirect(place)


class _Datagrams(asyncio.DatagramProtocol):
    """Takes datagrams, each of them a message."""

    def __init__(self, redirecting: Redirecting, start: Start) -> None:
        self._redirecting, self._start = redirecting, start
        self._out: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        self._out = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer a message."""
        self._start(self._answered(data, Place(*addr[:2])))

    async def _answered(self, data: bytes, source: Place) -> None:
        answered = await self._redirecting.answer(data, source)
        if answered is not None and self._out is not None:
            request, answer = answered
            place = reply_place(request, source)
            self._out.sendto(answer, (place.host, place.port))


async def _conversed(
    redirecting: Redirecting, reader: StreamReader, writer: StreamWriter
) -> None:
    """Answer the messages of one connection, one after the other."""
    source, cutter = _peer(writer), Cutter()
    try:
        while piece := await _piece(reader):
            for message in cutter.feed(piece):
                answered = await redirecting.answer(message, source)
                if answered is not None:
                    writer.write(answered[1])
            await writer.drain()
    except (OSError, TimeoutError, SipError) as error:
        log.info("A SIP connection was closed: %s", type(error).__name__)
    finally:
        writer.close()


def _peer(writer: StreamWriter) -> Place:
    """Return who has connected; nobody, when they have left already."""
    host, port, *_ = writer.get_extra_info("peername") or ("", 0)
    return Place(host, port)


async def _piece(reader: StreamReader) -> bytes:
    async with asyncio.timeout(_IDLE_SECONDS):
        return await reader.read(_PIECE)
