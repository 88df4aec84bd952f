"""What every question passes first: whose it is, how large, and how often."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import TypeAlias
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from voice.errors import where
from voice.web.buckets import Buckets, Rate
from voice.web.peers import is_among, neighbourhood, peer
from voice.web.port import Clock
from voice.web.security import SAFE_METHODS, headers, is_host
from voice.web.settings import WebSettings

log = logging.getLogger(__name__)

Refuse: TypeAlias = Callable[[Request, int], Response]

HEALTH = "/healthz"
# The largest question, in bytes; a file of the whole staff is larger than a form.
_FORM_BYTES = 64 * 1024
_LARGER = {"/installningar/katalog/": 8 * 1024 * 1024}
# Somebody who sends a form slower than this keeps a place that others need; what is
# larger than most forms may take longer.
_BODY_SECONDS = 30.0
_BYTES_A_SECOND = 16 * 1024
_AT_ONCE_FACTOR = 10
_LOOPBACK = ("127.0.0.0/8", "::1")


class Doorkeeper:
    """Lets questions in, and sees that no answer leaves without its headers."""

    def __init__(
        self, app: ASGIApp, settings: WebSettings, clock: Clock, refuse: Refuse
    ) -> None:
        self._app, self._settings = app, settings
        self._clock, self._refuse = clock, refuse
        a_second = settings.requests_a_second
        self._asked = Buckets(Rate(a_second, a_second * _AT_ONCE_FACTOR))
        self._headers = headers(settings.is_safe)
        host = settings.listen.rpartition(":")[0].strip("[]")
        self._is_loopback = not host or is_among(host, _LOOPBACK)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one question, or hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        self._see(request)
        dressed = _Dressed(self._headers, send)
        answer: ASGIApp = self._refused(request) or self._app
        try:
            await answer(scope, _bounded(request, receive), dressed)
        except Exception as error:
            # Of whatever kind: the server would write its words to the log, and they
            # can hold what somebody said.
            log.error("a page broke off, by a fault of ours: %s", where(error))
            if not dressed.has_begun:
                await self._refuse(request, 500)(scope, receive, dressed)

    def _see(self, request: Request) -> None:
        """Put down who really asks, for all who look at the question after us."""
        asked_by = request.scope.get("client") or ("", 0)
        seen = peer(
            asked_by[0],
            request.scope["scheme"],
            request.headers.getlist("x-forwarded-for"),
            request.headers.get("x-forwarded-proto", ""),
            self._settings.proxies,
        )
        request.scope["client"] = (seen.address, 0)
        request.scope["scheme"] = seen.scheme

    def _refused(self, request: Request) -> Response | None:
        path = request.scope["path"]
        if path == HEALTH:
            return None
        # No store takes a NUL, and so none has what is called so.
        if "\0" in path:
            return self._refuse(request, 404)
        settings, host = self._settings, request.headers.get("host", "")
        if not is_host(host, settings.base, self._is_loopback):
            return self._refuse(request, 400)
        if settings.is_safe and request.scope["scheme"] != "https":
            return self._sent_to_https(request)
        asked_by = neighbourhood(request.scope["client"][0])
        seconds = self._asked.wait(asked_by, self._clock().timestamp())
        if seconds:
            refusal = self._refuse(request, 429)
            refusal.headers["Retry-After"] = f"{seconds + 1:.0f}"
            return refusal
        length = request.headers.get("content-length", "0")
        is_length = length.isascii() and length.isdecimal()
        if is_length and int(length[:20]) > _most(path):
            return self._refuse(request, 413)
        return None

    def _sent_to_https(self, request: Request) -> Response:
        if request.method not in SAFE_METHODS:
            return self._refuse(request, 400)
        asked = request.scope["query_string"].decode("latin-1")
        query = f"?{asked}" if asked else ""
        path = quote(request.scope["path"], safe="/")
        return RedirectResponse(f"{self._settings.base}{path}{query}", 308)


class _Dressed:
    """A way to send an answer, with the headers that every answer has."""

    def __init__(self, headers: Mapping[str, str], send: Send) -> None:
        self._headers, self._send = headers, send
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            given = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                given[name] = value
            # Whose page it is depends on a cookie: nobody in between keeps it.
            given.setdefault("Cache-Control", "no-store")
        await self._send(message)


def _bounded(request: Request, receive: Receive) -> Receive:
    """Return a way to receive no more, and no slower, than is reasonable."""
    most, taken, is_whole = _most(request.scope["path"]), 0, False
    began = asyncio.get_running_loop().time()

    async def bounded() -> Message:
        nonlocal taken, is_whole
        if is_whole:
            return await receive()
        try:
            # Of all of it: one byte now and then is no sending.
            late = began + _BODY_SECONDS + taken / _BYTES_A_SECOND
            async with asyncio.timeout_at(late):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408) from None
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413)
        is_whole = not message.get("more_body", False)
        return message

    return bounded


def _most(path: str) -> int:
    return next(
        (most for at, most in _LARGER.items() if path.startswith(at)), _FORM_BYTES
    )
