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

from voice.calendars.caldav_accounts import is_below
from voice.calendars.caldav_asking import Element
from voice.calendars.caldav_road import Road, TooLargeError, TooSlowError
from voice.calendars.port import (
    AccessDeniedError,
    Asked,
    BrokenAnswerError,
    BusyError,
    CalendarError,
    CursorExpiredError,
    unheeded,
)
from voice.calendars.settings import CaldavAccount

# What the library logs and keeps for its makers quotes what servers answer, and those
# are people's bookings.
logging.getLogger("caldav").setLevel(logging.CRITICAL)
dav.debug_dump_communication = False

_PATIENCE = 30.0
_TOKEN_EXPIRED = "{DAV:}valid-sync-token"

_BUSY = "The calendar server does not answer as it should: it is tried again."
_SLOW = "The calendar server is too slow to answer: it is tried again."
_WRONG_PASSWORD = (
    "The calendar server does not accept the user name and the password: see user in "
    "[{0.section}], and {0.variable} in the environment."
)
_FORBIDDEN = (
    "The calendar server does not let the user of [{0.section}] read and write the "
    "calendar: share it with that user, or link another."
)
_ELSEWHERE = "The calendar server sends on to another address: link that one instead."
_TOO_LARGE = "The calendar server's answer is too large: link a smaller calendar."
_CERTIFICATE = (
    "The calendar server's certificate has expired or is not trusted: have it "
    "renewed, or name the file of whoever signed it in [{0.section}] authorities."
)
_NO_ADDRESS = (
    "The linked address is none: link the one that the calendar's own settings name "
    "as its CalDAV address."
)
_OUTSIDE = (
    "The calendar server points to what is not below the address in [{0.section}]: "
    "write an address there that is above the whole calendar."
)
_AUTHORITIES = (
    "The authorities of the calendar server cannot be read ({1}): name a file of "
    "their certificates, in PEM, as authorities in [{0.section}]."
)
_EXPIRED = "The calendar server no longer knows what has changed: read it whole."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, with the root of its XML where it sent any."""

    status: int
    root: Element | None = field(repr=False)
    conditions: tuple[str, ...]
    """What was not as the server wants it (RFC 4918 §16)."""


class Clients:
    """Connections to CalDAV servers, which the calendars of one account share."""

    def __init__(
        self,
        account: CaldavAccount,
        patience: float = _PATIENCE,
        asked: Asked = unheeded,
    ) -> None:
        """Wait so many seconds for each answer; each question is told to `asked`."""
        self._account, self._patience, self._asked = account, patience, asked
        self._trust = _trusted(account)
        # Those of a server that nobody uses. None is used by two threads at once.
        self._idle: defaultdict[str, list[DAVClient]] = defaultdict(list)
        self._lock, self._is_closed = Lock(), False

    def request(
        self, method: str, url: str, body: str, headers: Mapping[str, str]
    ) -> Answer:
        """Return the answer to one question; this blocks, so it belongs in a thread."""
        if self._account.address and not is_below(url, self._account.address):
            raise AccessDeniedError(_OUTSIDE.format(self._account))
        origin = "{0.scheme}://{0.netloc}/".format(urlsplit(url))
        with self._lock:
            idle = self._idle[origin]
            client = idle.pop() if idle else self._new(origin)
        question = partial(client.request, url, method, body, headers)
        with ExitStack() as failed:
            # It is not used again then: nobody knows what it waits for.
            failed.callback(client.close)
            self._asked()
            found = _translated(question, self._account)
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
        account = self._account
        road = Road(account.user, account.password, self._trust, self._patience)
        client.session = cast(Any, road)
        return client


def _trusted(account: CaldavAccount) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=account.authorities)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise AccessDeniedError(_AUTHORITIES.format(account, why)) from None


def _translated(
    request: Callable[[], DAVResponse], account: CaldavAccount
) -> DAVResponse:
    fault: CalendarError
    try:
        return request()
    except (TooSlowError, httpx.TimeoutException):
        fault = BusyError(_SLOW)
    except TooLargeError:
        fault = BrokenAnswerError(_TOO_LARGE)
    except httpx.InvalidURL:
        fault = AccessDeniedError(_NO_ADDRESS)
    except httpx.RequestError as error:
        fault = _unreached(error, account)
    except dav.RateLimitError as error:
        fault = BusyError(_BUSY, error.retry_after_seconds)
    except dav.AuthorizationError as error:
        expired = _TOKEN_EXPIRED in error.preconditions
        denied = _WRONG_PASSWORD if error.status == 401 else _FORBIDDEN
        fault = AccessDeniedError(denied.format(account))
        fault = CursorExpiredError(_EXPIRED) if expired else fault
    # Only here, so that what the library raised, answer and all, is not dragged along.
    raise fault


def _unreached(error: BaseException | None, account: CaldavAccount) -> CalendarError:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return BrokenAnswerError(_CERTIFICATE.format(account))
        error = error.__cause__ or error.__context__
    return BusyError(_BUSY)


def _refuse(status: int, conditions: tuple[str, ...]) -> None:
    if _TOKEN_EXPIRED in conditions:
        raise CursorExpiredError(_EXPIRED)
    if 300 <= status < 400:
        raise BrokenAnswerError(_ELSEWHERE)
    if status in (408, 425, 429) or status >= 500:
        raise BusyError(_BUSY)
