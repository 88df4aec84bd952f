"""Tells a supervisor how the house is: `/healthz`, and `/metrics` for Prometheus."""

import asyncio
import ipaddress
import logging
import socket
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    Mapping,
)
from contextlib import asynccontextmanager
from functools import partial
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any, TypeAlias
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIEnvironment

from prometheus_client import CollectorRegistry, make_wsgi_app

from voice.config import HealthSettings
from voice.errors import VoiceError
from voice.measures import Measures
from voice.phone.port import Condition

log = logging.getLogger(__name__)

Check: TypeAlias = Callable[[], Awaitable[Condition]]
# A part that has not answered by now is not well; a supervisor asks again soon.
_PATIENCE_SECONDS = 3.0
# How often the server looks whether it is to end.
_LOOKS_UP_SECONDS = 0.1
_TEXT = ("Content-Type", "text/plain; charset=utf-8")


class HealthError(VoiceError):
    """The place to ask about health cannot be opened."""


@asynccontextmanager
async def open_health(
    settings: HealthSettings,
    measures: Measures,
    checks: Mapping[str, Check],
    patience: float = _PATIENCE_SECONDS,
) -> AsyncIterator[int]:
    """Answer questions about health until the end; give the port.

    A part that has not answered within the seconds of `patience` is not well.
    """
    host, _, port = settings.listen.rpartition(":")
    address = (host.strip("[]"), int(port))
    loop = asyncio.get_running_loop()
    pages = _Pages(measures.registry, partial(well, checks, patience), patience, loop)
    try:
        # The standard library looks the address's name up, which can take its time.
        server = await asyncio.to_thread(_Server, address, pages)
    except OSError as error:
        raise HealthError(
            f"[health] listen: {settings.listen} cannot be listened at "
            f"({error.strerror}): choose another address or port."
        ) from error
    serve = partial(server.serve_forever, _LOOKS_UP_SECONDS)
    thread = Thread(target=serve, name="health", daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()
        await asyncio.to_thread(thread.join)


async def well(checks: Mapping[str, Check], patience: float) -> list[str]:
    """Ask every part at once; return a line for each that is not well."""
    asked = (_asked(check, patience) for check in checks.values())
    conditions = await asyncio.gather(*asked)
    return [
        f"{name}: {condition.detail}"
        for name, condition in zip(checks, conditions, strict=True)
        if not condition.ready
    ]


async def _asked(check: Check, patience: float) -> Condition:
    try:
        async with asyncio.timeout(patience):
            return await check()
    except TimeoutError:
        return Condition(False, f"no answer within {patience:g} s.")
    except VoiceError as error:
        return Condition(False, str(error))


class _Pages:
    """The pages, made on threads of their own: no call waits for them."""

    def __init__(
        self,
        registry: CollectorRegistry,
        faults: Callable[[], Coroutine[None, None, list[str]]],
        patience: float,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._metrics = make_wsgi_app(registry)
        self._faults, self._patience, self._loop = faults, patience, loop

    def __call__(self, asked: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        match asked["REQUEST_METHOD"], asked["PATH_INFO"]:
            case "GET", "/metrics":
                page: Iterable[bytes] = self._metrics(asked, start)
                return page
            case "GET", "/healthz":
                return self._healthz(start)
            case "GET", _:
                start("404 Not Found", [_TEXT])
                return [b"Ask for /healthz or /metrics.\n"]
            case _:
                start("405 Method Not Allowed", [_TEXT, ("Allow", "GET")])
                return [b"Only GET is answered.\n"]

    def _healthz(self, start: StartResponse) -> Iterable[bytes]:
        asking = asyncio.run_coroutine_threadsafe(self._faults(), self._loop)
        try:
            faults = asking.result(2 * self._patience)
        except TimeoutError:
            asking.cancel()
            # Whoever holds the loop holds every call.
            faults = ["house: it does not answer; restart the program."]
        start("503 Service Unavailable" if faults else "200 OK", [_TEXT])
        return ["".join(f"{line}\n" for line in faults or ["ok"]).encode()]


class _Quiet(WSGIRequestHandler):
    """Answers one question; a peer that says nothing is not waited for long."""

    timeout = _PATIENCE_SECONDS

    def log_message(self, format: str, *args: Any) -> None:
        """Write no line for each question: they come every few seconds."""


class _Server(ThreadingMixIn, WSGIServer):
    """A server whose slow peers hold up nobody else."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], pages: _Pages) -> None:
        if ipaddress.ip_address(address[0]).version == 6:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Quiet)
        self.set_app(pages)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say in one line that a peer broke off; socketserver would print a trace."""
        log.debug("a question about health was broken off", exc_info=True)
