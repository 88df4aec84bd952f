"""Somebody whom Graph calls, and who answers as he is told."""

import queue
from contextlib import contextmanager

from tests.fakes.google_answers import Answer
from tests.fakes.google_http import WebServer

_PATIENCE = 10.0


class Receiver:
    """Keeps what comes, and echoes what validates it."""

    def __init__(self) -> None:
        self.echoes = True
        self._came = queue.SimpleQueue()
        self._server = WebServer(self._answer, "127.0.0.1", 0)
        self.address = f"{self._server.place}/outlook"

    def next(self) -> bytes:
        """Return the body of the next call, once it has come."""
        return self._came.get(timeout=_PATIENCE)

    def _answer(self, asking):
        token = asking.query.get("validationToken")
        if token is None:
            self._came.put(asking.body)
            return Answer(202)
        echoed = token if self.echoes else "nothing"
        return Answer(200, echoed.encode(), {"Content-Type": "text/plain"})

    @contextmanager
    def listening(self):
        self._server.start()
        try:
            yield self
        finally:
            self._server.stop()
