"""The CalDAV library: questions to servers and their answers, within limits."""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any, cast
from urllib.parse import urlsplit

from caldav.davclient import DAVClient
from caldav.lib import error as dav
from caldav.lib.http_sync import requests
from caldav.response import DAVResponse
from lxml import etree
from niquests.exceptions import RequestException, SSLError

from voice.calendars.caldav_asking import Element
from voice.calendars.port import (
    AccessDeniedError,
    BrokenAnswerError,
    BusyError,
    CalendarError,
    CursorExpiredError,
)

# What the library logs and keeps for its makers quotes what servers answer, and those
# are people's bookings.
logging.getLogger("caldav").setLevel(logging.CRITICAL)
dav.debug_dump_communication = False

_LARGEST = 64 * 1024 * 1024  # bytes: some 50,000 bookings
_TOKEN_EXPIRED = "{DAV:}valid-sync-token"

_BUSY = "The calendar server does not answer as it should: it is tried again."
_SLOW = "The calendar server is too slow to answer: it is tried again."
_WRONG_PASSWORD = (
    "The calendar server does not accept the user name and the password: see user in "
    "[caldav], and TELEFONIST_CALDAV_PASSWORD in the environment."
)
_FORBIDDEN = (
    "The calendar server does not let the user of [caldav] read and write the "
    "calendar: share it with that user, or link another."
)
_ELSEWHERE = "The calendar server sends on to another address: link that one instead."
_TOO_LARGE = "The calendar server's answer is too large: link a smaller calendar."
_CERTIFICATE = (
    "The calendar server's certificate has expired or is not trusted: have it "
    "renewed, or name the file of whoever signed it in [caldav] authorities."
)
_EXPIRED = "The calendar server no longer knows what has changed: read it whole."


@dataclass(frozen=True, slots=True)
class Access:
    """Who we are to CalDAV servers, whom we trust, and how long we wait."""

    user: str
    password: str = field(repr=False)
    authorities: str | None = None
    """A file with the authorities to trust, instead of the system's."""
    patience: float = 30.0
    """How many seconds a server has for each answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, with the root of its XML where it sent any."""

    status: int
    root: Element | None = field(repr=False)
    conditions: tuple[str, ...]
    """What was not as the server wants it (RFC 4918 §16)."""


class Clients:
    """Connections to CalDAV servers, which the calendars of one account share."""

    def __init__(self, access: Access) -> None:
        self._access = access
        # Those of a server that nobody uses. None is used by two threads at once.
        self._idle: defaultdict[str, list[DAVClient]] = defaultdict(list)
        self._lock = Lock()

    def request(
        self, method: str, url: str, body: str, headers: Mapping[str, str]
    ) -> Answer:
        """Return the answer to one question; this blocks, so it belongs in a thread."""
        origin = "{0.scheme}://{0.netloc}/".format(urlsplit(url))
        with self._lock:
            idle = self._idle[origin]
            client = idle.pop() if idle else self._new(origin)
        # One whose question failed is not used again: nobody knows what it waits for.
        found = _translated(client, partial(client.request, url, method, body, headers))
        with self._lock:
            self._idle[origin].append(client)
        conditions = tuple(dav.parse_preconditions(found.raw))
        _refuse(found.status, conditions)
        return Answer(found.status, cast(Element | None, found.tree), conditions)

    def close(self) -> None:
        """Let go of the connections."""
        with self._lock:
            for client in (client for idle in self._idle.values() for client in idle):
                client.close()
            self._idle.clear()

    def _new(self, origin: str) -> DAVClient:
        client = DAVClient(
            origin,
            username=self._access.user,
            password=self._access.password,
            ssl_verify_cert=self._access.authorities or True,
            enable_rfc6764=False,
        )
        client.session = cast(Any, _Session(self._access.patience))
        return client


@dataclass(frozen=True, slots=True)
class _Response:
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


class _Session:
    """The library's road to the network, with limits on time, size and sending on."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        # Only the calendar's own server is asked, never one about its certificate.
        self._session = requests.Session(
            disable_http3=True, revocation_configuration=None
        )

    def request(self, method: str, url: str, **options: Any) -> _Response:
        """Send one question and take in the whole answer."""
        end = time.monotonic() + self._patience
        # Without anything in its place a password is looked for in the home folder.
        options["auth"] = options["auth"] or _nobody
        options |= {"allow_redirects": False, "stream": True, "timeout": self._patience}
        with self._session.request(method, url, **options) as answer:
            content = bytearray()
            # As it comes: a block would be waited for as long as anything comes.
            for part in answer.iter_content(-1):
                content += part
                if time.monotonic() > end:
                    raise _TooSlowError
                if len(content) > _LARGEST:
                    raise _TooLargeError
        return _Response(
            answer.status_code or 0,
            answer.headers,
            str(answer.url),
            answer.reason or "",
            _xml(bytes(content)),
        )

    def close(self) -> None:
        """Close what is open."""
        self._session.close()


class _TooSlowError(Exception):
    """An answer was not whole when its time was over."""


class _TooLargeError(Exception):
    """An answer has more than any calendar needs."""


def _nobody(request: Any) -> Any:
    return request


def _xml(content: bytes) -> bytes:
    """Return an answer if it is XML: the library logs the words of any other."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        etree.XML(content, parser=parser)
    except (etree.XMLSyntaxError, ValueError):
        return b""
    return content


def _translated(client: DAVClient, request: Callable[[], DAVResponse]) -> DAVResponse:
    fault: CalendarError
    try:
        return request()
    except (_TooSlowError, requests.Timeout):
        fault = BusyError(_SLOW)
    except _TooLargeError:
        fault = BrokenAnswerError(_TOO_LARGE)
    except SSLError:
        fault = BrokenAnswerError(_CERTIFICATE)
    except RequestException:
        fault = BusyError(_BUSY)
    except dav.RateLimitError as error:
        fault = BusyError(_BUSY, error.retry_after_seconds)
    except dav.AuthorizationError as error:
        expired = _TOKEN_EXPIRED in error.preconditions
        denied = _WRONG_PASSWORD if error.status == 401 else _FORBIDDEN
        fault = CursorExpiredError(_EXPIRED) if expired else AccessDeniedError(denied)
    except NotImplementedError:  # how the library says that it knows no such way in
        fault = AccessDeniedError(_WRONG_PASSWORD)
    client.close()
    # Only here, so that what the library raised, answer and all, is not dragged along.
    raise fault


def _refuse(status: int, conditions: tuple[str, ...]) -> None:
    if _TOKEN_EXPIRED in conditions:
        raise CursorExpiredError(_EXPIRED)
    if 300 <= status < 400:
        raise BrokenAnswerError(_ELSEWHERE)
    if status in (408, 425, 429) or status >= 500:
        raise BusyError(_BUSY)
