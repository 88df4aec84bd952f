"""The wire of the Google stand-in: HTTP on loopback, one thread per connection."""

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.fakes.google_answers import Answer

_PATIENCE = 10.0


@dataclass(frozen=True)
class Asking:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: Message
    body: bytes

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(unquote(part) for part in self.path.strip("/").split("/"))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


Answering: TypeAlias = Callable[[Asking], Answer | None]


class _Handler(BaseHTTPRequestHandler):
    """Read one request after the other, and send what is answered."""

    protocol_version = "HTTP/1.1"
    server: "WebServer"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what tests look for is in the stand-in."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        place, method = urlsplit(self.path), self.command
        query = dict(parse_qsl(place.query, keep_blank_values=True))
        if self.headers.get("X-HTTP-Method-Override"):
            # The library sends what is too long for an address in the body.
            method = self.headers["X-HTTP-Method-Override"]
            query, body = query | dict(parse_qsl(body.decode())), b""
        asking = Asking(method, place.path, query, self.headers, body)
        found = self.server.answering(asking)
        if found is None:
            self.close_connection = True
            return
        self._send(found)

    def _send(self, found: Answer) -> None:
        self.send_response(found.status)
        length = len(found.body) if found.length is None else found.length
        for name, value in found.headers.items():
            self.send_header(name, value)
        if found.status != 204:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(found.body)
        if found.length is not None:
            self.close_connection = True

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer  # noqa: N815


class WebServer(ThreadingHTTPServer):
    """A server that can be stopped while others are still connected to it."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, answering: Answering, host: str, port: int) -> None:
        super().__init__((host, port), _Handler)
        self.answering = answering
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,))

    @property
    def place(self) -> str:
        return "http://{}:{}".format(*self.server_address[:2])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        with self._guard:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()
        self._thread.join(_PATIENCE)

    def process_request(self, request: Any, client_address: Any) -> None:
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that leaves in the middle is what tests are about."""
