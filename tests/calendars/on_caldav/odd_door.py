"""A door before a CalDAV server, through which answers come as a test wants them."""

import contextlib
import http.client
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias
from urllib.parse import urlsplit

_PATIENCE = 20
_DROP = 0.02
XML = {"Content-Type": "text/xml"}


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: str

    @property
    def kind(self):
        """The method, with what a report is about."""
        names = ("sync-collection", "calendar-query", "calendar-multiget")
        return next((name for name in names if name in self.body), self.method)


@dataclass(frozen=True)
class Answered:
    """What is answered; with `cut` no more of it than so many bytes, or in drops."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    in_drops: bool = False

    def replacing(self, words, others):
        """Return it with other words."""
        return replace(self, body=self.body.replace(words.encode(), others.encode()))

    def without(self, *names):
        """Return it without properties of these names."""
        answer = self
        for name in names:
            answer = answer.replacing(f"<{name}", "<other")
            answer = answer.replacing(f"</{name}", "</other")
        return answer


Bend: TypeAlias = Callable[[Asked, Callable[[], Answered]], Answered | None]


def straight(_, ask):
    """Answer as the server does."""
    return ask()


def always(answer):
    """Bend every answer to this one."""
    return lambda asked, ask: answer


def only(kind, answer):
    """Bend the answers to one kind of question."""
    return lambda asked, ask: answer if asked.kind == kind else ask()


def silent_about_passwords(asked, ask):
    """Let in whoever shows a password, and tell nobody that one is wanted."""
    return ask() if "authorization" in asked.headers else Answered(401)


def lost(kind):
    """Do what is asked of one kind, and lose the answer."""

    def bend(asked, ask):
        answer = ask()
        return None if asked.kind == kind else answer

    return bend


class Door(ThreadingHTTPServer):
    """Passes on to `place` what is asked, and bends the answers."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, place):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.place, self.bend = place, straight
        self.asked, self.callers = [], set()
        self.closed = threading.Event()
        self.left = threading.Semaphore(0)

    @property
    def kinds(self):
        """What was asked, in its order."""
        return [asked.kind for asked in self.asked]

    @property
    def address(self):
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    scheme = "http"

    def wrap(self, context):
        """Let what goes through be read by nobody else."""
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.scheme = "https"

    def shutdown_request(self, request):
        """Close a connection whose caller has left."""
        super().shutdown_request(request)
        self.left.release()

    def handle_error(self, request, client_address):
        """Say nothing: that callers go away is what is tried."""


@contextlib.contextmanager
def opened(door):
    """Let callers in."""
    thread = threading.Thread(target=door.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield door
    finally:
        door.closed.set()
        door.shutdown()
        door.server_close()
        thread.join(_PATIENCE)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE

    def log_message(self, format, *args):
        """Say nothing."""

    def _pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, body.decode())
        self.server.asked.append(asked)
        self.server.callers.add(self.client_address)
        answer = self.server.bend(asked, lambda: _answer(self.server.place, asked))
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            if answer.in_drops:
                self._drip(answer.body)
            self.wfile.write(answer.body[: answer.cut])
        if answer.cut is not None:
            self.close_connection = True

    def _drip(self, body):
        for place in range(len(body)):
            self.wfile.write(body[place : place + 1])
            self.server.closed.wait(_DROP)

    do_PROPFIND = do_REPORT = do_PUT = do_DELETE = _pass_on  # noqa: N815


_KEPT = ("Content-Type", "ETag", "WWW-Authenticate")


def _answer(place, asked):
    """Ask the server itself."""
    there = urlsplit(place)
    # Answers come as they are, so that they can be bent.
    left = "host", "accept-encoding"
    headers = {name: asked.headers[name] for name in asked.headers if name not in left}
    connection = http.client.HTTPConnection(there.netloc, timeout=_PATIENCE)
    with contextlib.closing(connection):
        connection.request(asked.method, asked.path, asked.body.encode(), headers)
        answer = connection.getresponse()
        kept = {name: answer.headers[name] for name in _KEPT if name in answer.headers}
        return Answered(answer.status, answer.read(), kept)
