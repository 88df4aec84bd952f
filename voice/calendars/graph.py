"""Microsoft Graph over HTTP: questions and answers, and what its faults mean."""

import asyncio
import json
import logging
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeAlias

import httpx

from voice.calendars.outlook_tokens import Tokens
from voice.calendars.port import (
    AccessDeniedError,
    Asked,
    BrokenAnswerError,
    BusyError,
    CalendarError,
    CursorExpiredError,
    unheeded,
)

# They write down addresses, and with them who is asked about.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

Json: TypeAlias = dict[str, Any]

_SECONDS = 60.0
_LARGEST = 32 * 1024 * 1024
_MOST_PAGES = 1000
_PREFER = (
    'outlook.timezone="UTC", outlook.body-content-type="text", '
    'IdType="ImmutableId", odata.maxpagesize=100'
)
# https://learn.microsoft.com/graph/errors, and what it has been seen to send.
_EXPIRED = {
    "syncstatenotfound",
    "syncstateinvalid",
    "resyncrequired",
    "fullsyncrequired",
    "errorinvalidsyncstatedata",
}
_TAKEN = "errorduplicatetransactionid"


class MissingError(AccessDeniedError):
    """Graph knows nothing by that name: a booking, a watch, or a person."""


class TakenError(BrokenAnswerError):
    """The transaction has already written another booking."""


class RefusedError(BrokenAnswerError):
    """Graph does not understand the question."""


class Graph:
    """The way to Graph, which all calendars share."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        tokens: Tokens,
        base: str,
        asked: Asked = unheeded,
    ) -> None:
        """Ask below an address; each question is told to `asked`."""
        self._http, self._tokens, self._base = http, tokens, base.rstrip("/")
        self._asked = asked

    async def ask(
        self, method: str, path: str, params: Mapping[str, str] | None = None
    ) -> Json:
        """Ask a question, and return the answer."""
        return await self._carried(method, self._url(path, params), None)

    async def tell(self, method: str, path: str, body: Json) -> Json:
        """Tell Graph something, and return the answer."""
        return await self._carried(method, self._url(path, None), body)

    async def pages(
        self, path: str, params: Mapping[str, str] | None = None
    ) -> AsyncIterator[Json]:
        """Yield the pages of an answer, from a path or from an earlier one's link."""
        url = self._url(path, params) if path.startswith("/") else self._link(path)
        for _ in range(_MOST_PAGES):
            page = await self._carried("GET", url, None)
            yield page
            link = page.get("@odata.nextLink")
            if link is None:
                return
            url = self._link(link)
        raise BrokenAnswerError("Outlook's answer has no end: it is asked again.")

    def _url(self, path: str, params: Mapping[str, str] | None) -> httpx.URL:
        return httpx.URL(f"{self._base}{path}").copy_merge_params(params or {})

    def _link(self, link: object) -> httpx.URL:
        # Our token is shown to nobody but Graph, whatever an answer says.
        if not isinstance(link, str) or not link.startswith(f"{self._base}/"):
            raise _broken()
        try:
            return httpx.URL(link)
        except httpx.InvalidURL:
            raise _broken() from None

    async def _carried(self, method: str, url: httpx.URL, body: Json | None) -> Json:
        token = await self._tokens.token()
        status, answer, retry_after = await self._sent(method, url, body, token)
        if status == httpx.codes.UNAUTHORIZED:
            token = await self._tokens.token(anew=True)
            status, answer, retry_after = await self._sent(method, url, body, token)
        if not httpx.codes.is_success(status):
            raise _fault(status, _code(answer), retry_after)
        return answer

    async def _sent(
        self, method: str, url: httpx.URL, body: Json | None, token: str
    ) -> tuple[int, Json, float | None]:
        headers = {"Authorization": f"Bearer {token}", "Prefer": _PREFER}
        self._asked()
        try:
            async with (
                asyncio.timeout(_SECONDS),
                self._http.stream(method, url, json=body, headers=headers) as response,
            ):
                text = await _text(response)
        # What these say holds the address, and with it the person.
        except (httpx.TransportError, TimeoutError):
            raise BusyError(
                "Outlook does not answer: look at this machine's way to the "
                "network. It is tried again."
            ) from None
        except httpx.DecodingError:
            raise _broken() from None
        status = response.status_code
        answer = _object(text, needed=httpx.codes.is_success(status))
        return status, answer, _seconds(response.headers.get("Retry-After"))


@asynccontextmanager
async def open_graph(
    tokens: Tokens,
    base: str,
    trust: ssl.SSLContext | None = None,
    asked: Asked = unheeded,
) -> AsyncIterator[Graph]:
    """Open the way to Graph, until the end."""
    async with httpx.AsyncClient(timeout=_SECONDS, verify=trust or True) as http:
        yield Graph(http, tokens, base, asked)


async def _text(response: httpx.Response) -> bytes:
    text = bytearray()
    async for piece in response.aiter_bytes():
        text += piece
        if len(text) > _LARGEST:
            raise BrokenAnswerError(
                "Outlook's answer is larger than any calendar: it is asked again."
            )
    return bytes(text)


def _object(text: bytes, needed: bool) -> Json:
    """Return an answer's object; none was needed when nothing was sent."""
    if not text:
        return {}
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if isinstance(answer, dict):
        return answer
    if needed:
        raise _broken()
    return {}


def _code(answer: Json) -> str:
    """Return Graph's name of a fault; its other words can hold what was asked."""
    error = answer.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    is_name = isinstance(code, str) and re.fullmatch(r"[A-Za-z._]{1,80}", code)
    return str(code) if is_name else "no code"


def _fault(status: int, code: str, retry_after: float | None) -> CalendarError:
    named = f"({status} {code})"
    match status:
        case _ if status == 410 or code.lower() in _EXPIRED:
            return CursorExpiredError(
                "Outlook no longer knows what has changed: the calendar is read whole."
            )
        case 429 | 408 | 500 | 502 | 503 | 504 | 509:
            return BusyError(
                f"Outlook asks for patience {named}: it is tried again.", retry_after
            )
        case 404:
            return MissingError(
                f"Outlook has no such calendar {named}: correct the address that the "
                "extension is linked to."
            )
        case 401 | 403:
            return AccessDeniedError(
                f"Outlook does not let us in {named}: give the application "
                "Calendars.ReadWrite, with consent, for this person's mailbox."
            )
        case 409 if code.lower() == _TAKEN:
            return TakenError(
                "Outlook has seen this booking before: it is tried again."
            )
        case 400:
            return RefusedError(f"Outlook refuses what was asked {named}: report it.")
        case _:
            return BrokenAnswerError(
                f"Outlook answered strangely {named}: look at the address that Graph "
                "is asked at, and at what lies between."
            )


def _seconds(retry_after: str | None) -> float | None:
    # RFC 9110 §10.2.3: seconds, or a date.
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdecimal():
        return float(retry_after)
    try:
        date = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    ahead = date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)
    return max(0.0, ahead.total_seconds())


def _broken() -> BrokenAnswerError:
    return BrokenAnswerError(
        "What answered is not Outlook, or only half of it: look at the address that "
        "Graph is asked at, and at what lies between."
    )
