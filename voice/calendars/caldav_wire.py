"""The CalDAV library: one question to a server and its answer, within limits."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

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
logging.getLogger("caldav").propagate = False
logging.getLogger("caldav").addHandler(logging.NullHandler())
dav.debug_dump_communication = False

_LARGEST = 64 * 1024 * 1024  # bytes: some 50,000 bookings
_BLOCK = 64 * 1024
_MULTISTATUS = "{DAV:}multistatus"
_TOKEN_EXPIRED = "{DAV:}valid-sync-token"
_UID_TAKEN = "{urn:ietf:params:xml:ns:caldav}no-uid-conflict"
_HERE = ("127.0.0.1", "::1", "localhost")

_BUSY = "The calendar server does not answer as it should: it is tried again."
_SLOW = "The calendar server is too slow to answer: it is tried again."
_WRONG_PASSWORD = (
    "The calendar server does not accept the user name and the password: "
    "link the calendar again with those that hold."
)
_FORBIDDEN = (
    "The calendar server does not let this user read and write the calendar: "
    "share it with the user, or link another."
)
_NO_CALENDAR = (
    "There is no calendar at the linked address: link the one that the calendar's "
    "own settings name as its CalDAV address."
)
_NONSENSE = (
    "The server's answer is none of a calendar's: see that the linked address is "
    "the calendar's own CalDAV address."
)
_ELSEWHERE = "The calendar server sends on to another address: link that one instead."
_TOO_LARGE = "The calendar server's answer is too large: link a smaller calendar."
_CERTIFICATE = (
    "The calendar server's certificate has expired or is not trusted: have it "
    "renewed, or name the file of the authority that signed it."
)
_EXPIRED = "The calendar server no longer knows what has changed: read it whole."
_UNSAFE = (
    "The calendar's address would send the password for everyone to read: "
    "link one that begins with https://."
)


@dataclass(frozen=True, slots=True)
class Account:
    """Where a calendar is, and who we are there."""

    address: str
    user: str
    password: str = field(repr=False)
    authorities: str | None = None
    """A file with the authorities to trust, instead of the system's."""
    patience: float = 30.0
    """How many seconds the server has for each answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, as far as the library and we look at it."""

    status_code: int
    headers: Mapping[str, str]
    url: str
    reason: str
    content: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The answer as text."""
        return self.content.decode("utf-8", "replace")


class Wire:
    """A connection to one calendar; its methods block, so they belong in threads."""

    def __init__(self, account: Account) -> None:
        self._base = account.address.rstrip("/") + "/"
        parts = urlsplit(self._base)
        here = parts.scheme == "http" and parts.hostname in _HERE
        if parts.scheme != "https" and not here:
            raise AccessDeniedError(_UNSAFE)
        self._client = DAVClient(
            self._base,
            username=account.user,
            password=account.password,
            ssl_verify_cert=account.authorities or True,
            enable_rfc6764=False,
        )
        self._session = _Session(account.patience)
        self._client.session = cast(Any, self._session)
        # A session is not made for threads, and one that waits no longer for an
        # answer leaves its thread behind for a while.
        self._one_at_a_time = Lock()

    def ask(self, method: str, question: str, depth: int) -> Element:
        """Return the answer to a question about the calendar."""
        answer = self._request(method, self._base, question, {"Depth": str(depth)})
        if answer.status in (404, 410):
            raise AccessDeniedError(_NO_CALENDAR)
        tree = answer.tree
        if answer.status != 207 or tree is None or tree.tag != _MULTISTATUS:
            raise BrokenAnswerError(_NONSENSE)
        return cast(Element, tree)

    def path(self, name: str) -> str:
        """Return the path of a resource in the calendar."""
        return urlsplit(urljoin(self._base, name)).path

    def put(self, place: str, text: str, only: Mapping[str, str]) -> bool:
        """Write a resource if a condition holds, and tell whether it did."""
        headers = {"Content-Type": "text/calendar; charset=utf-8", **only}
        answer = self._request("PUT", urljoin(self._base, place), text, headers)
        is_taken = _UID_TAKEN in dav.parse_preconditions(answer.raw)
        if answer.status == 412 or (answer.status == 409 and is_taken):
            return False
        # RFC 4918 §9.7.1: 409 is how a server says that there is no such collection.
        if answer.status in (404, 409, 410):
            raise AccessDeniedError(_NO_CALENDAR)
        self._expect(answer.status in (200, 201, 204))
        return True

    def delete(self, place: str) -> bool:
        """Remove a resource, and tell whether it was there."""
        # Nextcloud keeps what is removed, and then refuses to have it anew.
        headers = {"X-NC-CalDAV-No-Trashbin": "1"}
        answer = self._request("DELETE", urljoin(self._base, place), "", headers)
        if answer.status in (404, 410):
            return False
        self._expect(answer.status in (200, 202, 204))
        return True

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()

    def _expect(self, kept: bool) -> None:
        if not kept:
            raise BrokenAnswerError(_NONSENSE)

    def _request(
        self, method: str, url: str, body: str, headers: Mapping[str, str]
    ) -> DAVResponse:
        with self._one_at_a_time:
            answer = _translated(
                partial(self._client.request, url, method, body, headers)
            )
        _refuse(answer.status, dav.parse_preconditions(answer.raw))
        return answer


class _Session:
    """The library's road to the network, with limits on time, size and sending on."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        # Only the calendar's own server is asked, never one about its certificate.
        self._session = requests.Session(
            disable_http3=True, revocation_configuration=None
        )

    def request(self, method: str, url: str, **options: Any) -> Answer:
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
        return Answer(
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


def _translated(request: Callable[[], DAVResponse]) -> DAVResponse:
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
    # Only here, so that what the library raised, answer and all, is not dragged along.
    raise fault


def _refuse(status: int, conditions: list[str]) -> None:
    if _TOKEN_EXPIRED in conditions:
        raise CursorExpiredError(_EXPIRED)
    if 300 <= status < 400:
        raise BrokenAnswerError(_ELSEWHERE)
    if status in (408, 425, 429) or status >= 500:
        raise BusyError(_BUSY)
