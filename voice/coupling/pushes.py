"""Hears Google and Microsoft call when something in a calendar has changed.

What they tell is only that: no call holds anything of a booking, and whatever is
read is read from the calendar. A call is believed by what we gave the calendar when it
promised to call.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from typing import Protocol, TypeAlias
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

from voice.calendars.outlook_notices import LARGEST, Notice, notices
from voice.calendars.port import BrokenAnswerError
from voice.coupling.syncing import NotFollowingError
from voice.small_server import PATIENCE_SECONDS, TEXT, open_server

log = logging.getLogger(__name__)

_LONGEST_TOKEN = 2048
_Believed: TypeAlias = Callable[[], bool]


class Heeds(Protocol):
    """Who is to know what calendars tell."""

    def called(
        self, id: str, token: str, resource: str | None = None, ending: bool = False
    ) -> bool:
        """Believe a calendar that calls, if it is one that promised to.

        NotFollowingError asks it to call again.
        """
        ...


@asynccontextmanager
async def open_pushes(listen: str, heeds: Heeds) -> AsyncIterator[int]:
    """Hear calls until the end; give the port."""
    pages = _Pages(heeds, asyncio.get_running_loop())
    async with open_server(listen, pages, "[calendars] push_listen") as port:
        yield port


class _Pages:
    """Where calendars call, each kind at the end of an address of its own."""

    def __init__(self, heeds: Heeds, loop: asyncio.AbstractEventLoop) -> None:
        self._heeds, self._loop = heeds, loop

    def __call__(self, asked: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        kind = str(asked["PATH_INFO"]).rpartition("/")[2]
        text = b""
        match asked["REQUEST_METHOD"]:
            case "POST" if kind == "google":
                status = self._from_google(asked)
            case "POST" if kind == "outlook":
                status, text = self._from_outlook(asked)
            case "POST":
                status = HTTPStatus.NOT_FOUND
            case _:
                status = HTTPStatus.METHOD_NOT_ALLOWED
        start(f"{status.value} {status.phrase}", [TEXT])
        return [text]

    def _from_google(self, asked: WSGIEnvironment) -> HTTPStatus:
        # https://developers.google.com/workspace/calendar/api/guides/push: all that is
        # told stands in headers, and the body is empty.
        watch, token, resource = (
            str(asked.get(f"HTTP_X_GOOG_{name}", ""))
            for name in ("CHANNEL_ID", "CHANNEL_TOKEN", "RESOURCE_ID")
        )
        return self._answer(lambda: self._heeds.called(watch, token, resource))

    def _from_outlook(self, asked: WSGIEnvironment) -> tuple[HTTPStatus, bytes]:
        # https://learn.microsoft.com/graph/change-notifications-delivery-webhooks: the
        # token must be sent back as plain text before a promise to call is made.
        sent = parse_qs(str(asked["QUERY_STRING"])).get("validationToken")
        if sent is not None:
            if len(sent[0]) > _LONGEST_TOKEN:
                return HTTPStatus.BAD_REQUEST, b""
            return HTTPStatus.OK, sent[0].encode()
        try:
            told = notices(_body(asked))
        except BrokenAnswerError as error:
            log.warning("%s", error)
            return HTTPStatus.BAD_REQUEST, b""
        # A batch can tell of many: each is heard, whatever the others are.
        answers = {self._answer(partial(self._told, each)) for each in told}
        # One that is not believed must not make Graph tell the others once more; one
        # that could not be heeded must.
        if HTTPStatus.ACCEPTED in answers:
            answers.discard(HTTPStatus.NOT_FOUND)
        return max(answers, default=HTTPStatus.ACCEPTED), b""

    def _told(self, notice: Notice) -> bool:
        return self._heeds.called(notice.watch, notice.token, ending=notice.ending)

    def _answer(self, believed: _Believed) -> HTTPStatus:
        async def ask() -> bool:
            return believed()

        asking = asyncio.run_coroutine_threadsafe(ask(), self._loop)
        try:
            is_believed = asking.result(PATIENCE_SECONDS)
        except TimeoutError:
            asking.cancel()
            # They call again, as they must.
            return HTTPStatus.SERVICE_UNAVAILABLE
        except NotFollowingError:
            # Another server heeds them, and they or what lies before us try it next.
            return HTTPStatus.SERVICE_UNAVAILABLE
        if not is_believed:
            log.info("somebody calls as a calendar does, and is not believed")
            return HTTPStatus.NOT_FOUND
        return HTTPStatus.ACCEPTED


def _body(asked: WSGIEnvironment) -> bytes:
    length = str(asked.get("CONTENT_LENGTH") or "0")
    if not (length.isascii() and length.isdecimal()) or int(length) > LARGEST:
        return b""
    return bytes(asked["wsgi.input"].read(int(length)))
