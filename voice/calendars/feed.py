"""A calendar's feed, fetched over HTTPS, and only when it has changed."""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx

from voice.calendars.port import (
    AccessDeniedError,
    Asked,
    BrokenAnswerError,
    BusyError,
    unheeded,
)

# It writes addresses to the log, and a feed's address is all that one needs to read it.
for _loud in ("httpx", "httpcore"):
    logging.getLogger(_loud).setLevel(logging.WARNING)

_PATIENCE_SECONDS = 15.0
_WHOLE_SECONDS = 60.0
_MOST_REDIRECTS = 5
_HERE = ("localhost", "127.0.0.1", "::1")
_DENIED = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.GONE,
}
# Which answer's tag is told in which question (RFC 9110 §13.1).
_ASKS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was fetched; without a body, nothing has changed since the tags."""

    body: bytes | None = field(repr=False)
    tags: Mapping[str, str] = field(default_factory=dict)
    charset: str | None = None


class Feed:
    """One address that is asked again and again."""

    def __init__(self, address: str, largest: int, asked: Asked = unheeded) -> None:
        """Fetch no more bytes than the largest; each question is told to `asked`."""
        self._address = _https(address)
        self._largest, self._asked = largest, asked
        self._client = httpx.AsyncClient(
            timeout=_PATIENCE_SECONDS, follow_redirects=False
        )

    async def fetch(self, tags: Mapping[str, str]) -> Fetched:
        """Return the feed; its faults become ours, and none of them tells its text."""
        fault: Exception
        try:
            async with asyncio.timeout(_WHOLE_SECONDS):
                return await self._follow(tags)
        except httpx.ConnectError as error:
            fault = _unconnected(error)
        except (httpx.TimeoutException, TimeoutError, httpx.TransportError):
            fault = BusyError(
                "The calendar's server does not answer: it is tried again."
            )
        except (httpx.InvalidURL, httpx.DecodingError):
            fault = BrokenAnswerError(
                "The calendar's server answers with nonsense: see that the address is "
                "right."
            )
        # Out here, where the client's error, which tells the address, is no part of it.
        raise fault

    async def close(self) -> None:
        """Let go of the connection."""
        await self._client.aclose()

    async def _follow(self, tags: Mapping[str, str]) -> Fetched:
        address = httpx.URL(self._address)
        asks = {_ASKS[name]: value for name, value in tags.items() if name in _ASKS}
        for _ in range(_MOST_REDIRECTS):
            self._asked()
            async with self._client.stream("GET", address, headers=asks) as answer:
                if answer.has_redirect_location:
                    address = _next(address, answer.headers["location"])
                    continue
                return await self._body(answer)
        raise BrokenAnswerError(
            "The calendar's address leads on for ever: ask whoever has it for another."
        )

    async def _body(self, answer: httpx.Response) -> Fetched:
        if answer.status_code == HTTPStatus.NOT_MODIFIED:
            return Fetched(None)
        _refuse(answer)
        body = bytearray()
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > self._largest:
                raise BrokenAnswerError(
                    f"The calendar is larger than {self._largest // 10**6} MB: let its "
                    "feed be of fewer years."
                )
        tags = {name: answer.headers[name] for name in _ASKS if name in answer.headers}
        return Fetched(bytes(body), tags, answer.charset_encoding)


def _https(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme == "webcal":
        return address.replace("webcal", "https", 1)
    # In the clear, anybody on the way could close phones.
    plain = parts.scheme == "http" and parts.hostname in _HERE
    if not parts.hostname or not (plain or parts.scheme == "https"):
        raise AccessDeniedError(
            "The calendar's address is none of a feed: give one that begins with "
            "https:// or webcal://, or a file."
        )
    return address


def _next(address: httpx.URL, location: str) -> httpx.URL:
    to = address.join(location)
    if to.scheme != "https" and to.scheme != address.scheme:
        raise BrokenAnswerError(
            "The calendar's address leads to one that is not encrypted: "
            "ask whoever has it for another."
        )
    return to


def _unconnected(error: httpx.ConnectError) -> BusyError | BrokenAnswerError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return BrokenAnswerError(
                "The certificate of the calendar's server is not valid "
                f"({cause.verify_message}): ask whoever runs it to renew it."
            )
        cause = cause.__cause__ or cause.__context__
    return BusyError("The calendar's server cannot be reached: it is tried again.")


def _refuse(answer: httpx.Response) -> None:
    status = answer.status_code
    if status in _DENIED:
        raise AccessDeniedError(
            f"The calendar may not be read (HTTP {status}): give its address anew."
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500:
        raise BusyError(
            f"The calendar's server is busy (HTTP {status}): it is tried again.",
            retry_after(answer.headers.get("retry-after"), datetime.now(UTC)),
        )
    if status != HTTPStatus.OK:
        raise BrokenAnswerError(
            f"The calendar's server answers HTTP {status}: see that the address is "
            "right."
        )


def retry_after(text: str | None, now: datetime) -> float | None:
    """Read how many seconds a server asks to be left alone (RFC 9110 §10.2.3)."""
    if text is None:
        return None
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError):
        return None
