"""Connections to the web: nobody keeps one who says nothing, nor takes them all."""

import asyncio
import socket
from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

from voice.web.peers import is_among, neighbourhood

# Within this a question is asked, and what was answered is taken.
_HEAD_SECONDS = 10.0
# Of all connections one asker has a fifth at the most; a web server of ours has its own
# way to tell its askers apart.
_OF_ONE = 200
# Whoever takes nothing of an answer for so long is gone.
_TAKEN_MS = 60_000


def protocol(proxies: Sequence[str]) -> type[asyncio.Protocol]:
    """Return how the server speaks with each who connects."""
    made = partial(Connection, proxies=proxies)
    return cast(type[asyncio.Protocol], made)


def let_go_of_the_silent(listening: socket.socket) -> None:
    """Let connections end whose other end takes nothing, where the system can."""
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _TAKEN_MS)


class Connection(H11Protocol):
    """A connection that ends when no question comes by it."""

    def __init__(self, *given: Any, proxies: Sequence[str], **named: Any) -> None:
        super().__init__(*given, **named)
        self._proxies = proxies
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a question, unless the same asker has too many connections."""
        super().connection_made(cast(asyncio.Transport, transport))
        if self._has_too_many():
            self.transport.abort()
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._wait_no_longer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what was sent; a question that has come whole is waited for no more."""
        super().data_received(data)
        if self._is_answering():
            self._wait_no_longer()

    def on_response_complete(self) -> None:
        """Wait for the next question, and for this answer to be taken."""
        super().on_response_complete()
        if not self._is_answering():
            self._wait()

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _has_too_many(self) -> bool:
        mine = _asker(self)
        if not mine or is_among(self.client[0] if self.client else "", self._proxies):
            return False
        others = cast(set[Connection], self.connections)
        return sum(_asker(each) == mine for each in others) > _OF_ONE

    def _wait(self) -> None:
        self._wait_no_longer()
        self._waiting = self.loop.call_later(_HEAD_SECONDS, self.transport.abort)

    def _wait_no_longer(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


def _asker(connection: H11Protocol) -> str:
    return neighbourhood(connection.client[0]) if connection.client else ""
