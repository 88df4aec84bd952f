"""Tells a supervisor how the house is: `/healthz`, and `/metrics` for Prometheus."""

import asyncio
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
from typing import TypeAlias
from wsgiref.types import StartResponse, WSGIEnvironment

from prometheus_client import CollectorRegistry, make_wsgi_app

from voice.config import HealthSettings
from voice.errors import VoiceError
from voice.measures import Measures
from voice.phone.port import Condition
from voice.small_server import PATIENCE_SECONDS, TEXT, open_server

Check: TypeAlias = Callable[[], Awaitable[Condition]]


@asynccontextmanager
async def open_health(
    settings: HealthSettings,
    measures: Measures,
    checks: Mapping[str, Check],
    patience: float = PATIENCE_SECONDS,
) -> AsyncIterator[int]:
    """Answer questions about health until the end; give the port.

    A part that has not answered within the seconds of `patience` is not well.
    """
    loop = asyncio.get_running_loop()
    pages = _Pages(measures.registry, partial(well, checks, patience), patience, loop)
    async with open_server(settings.listen, pages, "[health] listen") as port:
        yield port


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
                start("404 Not Found", [TEXT])
                return [b"Ask for /healthz or /metrics.\n"]
            case _:
                start("405 Method Not Allowed", [TEXT, ("Allow", "GET")])
                return [b"Only GET is answered.\n"]

    def _healthz(self, start: StartResponse) -> Iterable[bytes]:
        asking = asyncio.run_coroutine_threadsafe(self._faults(), self._loop)
        try:
            faults = asking.result(2 * self._patience)
        except TimeoutError:
            asking.cancel()
            # Whoever holds the loop holds every call.
            faults = ["house: it does not answer; restart the program."]
        start("503 Service Unavailable" if faults else "200 OK", [TEXT])
        return ["".join(f"{line}\n" for line in faults or ["ok"]).encode()]
