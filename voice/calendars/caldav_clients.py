"""The CalDAV library: questions to servers and their answers, within limits."""

import logging
import ssl
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
from caldav.davclient import DAVClient
from caldav.lib import error as dav
from caldav.response import DAVResponse

from voice.calendars.caldav_asking import Element
from voice.calendars.caldav_road import Road, TooLargeError, TooSlowError
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
_AUTHORITIES = (
    "The authorities of the calendar server cannot be read ({}): name a file of their "
    "certificates, in PEM, as authorities in [caldav]."
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
        self._access, self._trust = access, _trusted(access.authorities)
        self._is_closed = False
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
        with ExitStack() as failed:
            # It is not used again then: nobody knows what it waits for.
            failed.callback(client.close)
            found = _translated(partial(client.request, url, method, body, headers))
            failed.pop_all()
        self._keep(origin, client)
        conditions = tuple(dav.parse_preconditions(found.raw))
        _refuse(found.status, conditions)
        return Answer(found.status, cast(Element | None, found.tree), conditions)

    def close(self) -> None:
        """Let go of the connections."""
        with self._lock:
            # Those in use are closed once they are answered.
            self._is_closed = True
            for client in (client for idle in self._idle.values() for client in idle):
                client.close()
            self._idle.clear()

    def _keep(self, origin: str, client: DAVClient) -> None:
        with self._lock:
            if self._is_closed:
                client.close()
            else:
                self._idle[origin].append(client)

    def _new(self, origin: str) -> DAVClient:
        # It is told no name and no password: the road shows them.
        client = DAVClient(origin, enable_rfc6764=False)
        client.session.close()
        access = self._access
        road = Road(access.user, access.password, self._trust, access.patience)
        client.session = cast(Any, road)
        return client


def _trusted(authorities: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=authorities)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise AccessDeniedError(_AUTHORITIES.format(why)) from None


def _translated(request: Callable[[], DAVResponse]) -> DAVResponse:
    fault: CalendarError
    try:
        return request()
    except (TooSlowError, httpx.TimeoutException):
        fault = BusyError(_SLOW)
    except TooLargeError:
        fault = BrokenAnswerError(_TOO_LARGE)
    except (httpx.RequestError, httpx.InvalidURL) as error:
        fault = _unreached(error)
    except dav.RateLimitError as error:
        fault = BusyError(_BUSY, error.retry_after_seconds)
    except dav.AuthorizationError as error:
        expired = _TOKEN_EXPIRED in error.preconditions
        denied = _WRONG_PASSWORD if error.status == 401 else _FORBIDDEN
        fault = CursorExpiredError(_EXPIRED) if expired else AccessDeniedError(denied)
    # Only here, so that what the library raised, answer and all, is not dragged along.
    raise fault


def _unreached(error: BaseException | None) -> CalendarError:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return BrokenAnswerError(_CERTIFICATE)
        error = error.__cause__ or error.__context__
    return BusyError(_BUSY)


def _refuse(status: int, conditions: tuple[str, ...]) -> None:
    if _TOKEN_EXPIRED in conditions:
        raise CursorExpiredError(_EXPIRED)
    if 300 <= status < 400:
        raise BrokenAnswerError(_ELSEWHERE)
    if status in (408, 425, 429) or status >= 500:
        raise BusyError(_BUSY)
