"""A small HTTP server on threads of its own: no call waits for who asks it."""

import asyncio
import ipaddress
import logging
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import WSGIApplication

from voice.errors import VoiceError

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 3.0
# How often the server looks whether it is to end.
_LOOKS_UP_SECONDS = 0.1
_BLOCK = 64 * 1024
TEXT = ("Content-Type", "text/plain; charset=utf-8")


class ListenError(VoiceError):
    """A place to be asked at cannot be opened."""


@asynccontextmanager
async def open_server(
    listen: str, pages: WSGIApplication, setting: str
) -> AsyncIterator[int]:
    """Answer at an address and port until the end; give the port.

    ListenError names the setting that says where.
    """
    host, _, port = listen.rpartition(":")
    address = (host.strip("[]"), int(port))
    try:
        # The standard library looks the address's name up, which can take its time.
        server = await asyncio.to_thread(_Server, address, pages)
    except OSError as error:
        raise ListenError(
            f"{setting}: {listen} cannot be listened at ({error.strerror}): choose "
            "another address or port."
        ) from error
    serve = partial(server.serve_forever, _LOOKS_UP_SECONDS)
    thread = Thread(target=serve, name=setting, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()
        await asyncio.to_thread(thread.join)


class _Quiet(WSGIRequestHandler):
    """Answers one question; a peer that says nothing is not waited for long."""

    timeout = PATIENCE_SECONDS

    def log_message(self, format: str, *args: Any) -> None:
        """Write no line for each question: they come every few seconds."""


class _Server(ThreadingMixIn, WSGIServer):
    """A server whose slow peers hold up nobody else."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], pages: WSGIApplication) -> None:
        if ipaddress.ip_address(address[0]).version == 6:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Quiet)
        self.set_app(pages)

    def shutdown_request(self, request: Any) -> None:
        """Hear a peer out before hanging up, within bounds.

        What is left unread when a connection closes has the peer's system throw away
        the answer too (RFC 1122 §4.2.2.13).
        """
        with suppress(OSError):
            request.shutdown(socket.SHUT_WR)
            end = time.monotonic() + PATIENCE_SECONDS
            while request.recv(_BLOCK) and time.monotonic() < end:
                pass
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say in one line that a peer broke off; socketserver would print a trace."""
        log.debug("a question was broken off", exc_info=True)
