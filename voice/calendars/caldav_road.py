"""The CalDAV library's road to a server, with limits on time, size and sending on."""

import logging
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from lxml import etree

# They write down addresses, and with them whose calendars there are.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

_LARGEST = 64 * 1024 * 1024  # bytes: some 50,000 bookings
# A calendar is read every minute, for which a connection is kept.
_KEPT = httpx.Limits(max_connections=1, keepalive_expiry=90.0)
# What httpx raises of a way to prove who we are that it does not know, or not so.
_UNKNOWN_WAYS = (LookupError, ValueError, NotImplementedError)


class TooSlowError(Exception):
    """An answer was not whole when its time was over."""


class TooLargeError(Exception):
    """An answer has more than any calendar needs."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer as the library wants to see it."""

    status_code: int
    headers: Mapping[str, str]
    url: str
    reason: str
    content: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The answer as text."""
        return self.content.decode("utf-8", "replace")


class Road:
    """One connection, on which we say who we are as the server wants to hear it."""

    def __init__(
        self, user: str, password: str, trust: ssl.SSLContext, patience: float
    ) -> None:
        """Trust whom a context trusts, and wait so many seconds for each answer."""
        self._basic = httpx.BasicAuth(user, password)
        # It shows nothing of us before the server has asked for it.
        self._shown: httpx.Auth = httpx.DigestAuth(user, password)
        self._patience = patience
        # Nothing in the environment or the home folder gives a password or a detour.
        self._http = httpx.Client(
            verify=trust, timeout=patience, limits=_KEPT, trust_env=False
        )

    def request(self, method: str, url: str, **options: Any) -> Response:
        """Send one question and take in the whole answer; the library calls this."""
        end = time.monotonic() + self._patience
        # A tag that a server made up can hold any letter.
        headers = {name: text.encode() for name, text in options["headers"].items()}
        request = self._http.build_request(
            method, url, content=options["data"], headers=headers
        )
        answer, content = self._proven(request, end)
        if self._wants_basic(answer):
            self._shown = self._basic
            answer, content = self._proven(request, end)
        return Response(
            answer.status_code,
            answer.headers,
            str(answer.url),
            answer.reason_phrase,
            _xml(content),
        )

    def close(self) -> None:
        """Close what is open."""
        self._http.close()

    def _proven(
        self, request: httpx.Request, end: float
    ) -> tuple[httpx.Response, bytes]:
        """Send a question, and once more if the server wants a proof made for it."""
        flow = self._shown.sync_auth_flow(request)
        answer, content = self._sent(next(flow), end)
        try:
            again = flow.send(answer)
        # There is nothing to prove, or only in a way that nobody here knows.
        except (StopIteration, httpx.ProtocolError, *_UNKNOWN_WAYS):
            return answer, content
        return self._sent(again, end)

    def _sent(self, request: httpx.Request, end: float) -> tuple[httpx.Response, bytes]:
        answer = self._http.send(request, stream=True, auth=None)
        try:
            content = bytearray()
            # As it comes: a block would be waited for as long as anything comes.
            for part in answer.iter_bytes():
                content += part
                if time.monotonic() > end:
                    raise TooSlowError
                if len(content) > _LARGEST:
                    raise TooLargeError
        finally:
            answer.close()
        return answer, bytes(content)

    def _wants_basic(self, answer: httpx.Response) -> bool:
        is_refused = answer.status_code == httpx.codes.UNAUTHORIZED
        if not is_refused or self._shown is self._basic:
            return False
        kinds = answer.headers.get_list("WWW-Authenticate", split_commas=True)
        if not kinds:
            # RFC 9110 §11.6.1 wants a kind to be named, and some servers name none.
            return answer.url.scheme == "https"
        return any(kind.lower().split(" ")[0] == "basic" for kind in kinds)


def _xml(content: bytes) -> bytes:
    """Return an answer if it is XML: the library logs the words of any other."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        etree.XML(content, parser=parser)
    except (etree.XMLSyntaxError, ValueError):
        return b""
    return content
