"""Google's own library: who we are, questions and answers, and what faults mean."""

import asyncio
import http.client
import json
import logging
import re
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, TypeAlias

import google_auth_httplib2
import httplib2
from google.auth import exceptions as refusals
from google.oauth2.service_account import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import Error, HttpError

from voice.calendars.port import (
    AccessDeniedError,
    Asked,
    BrokenAnswerError,
    BusyError,
    CalendarError,
    CursorExpiredError,
    unheeded,
)

# They write down addresses, and a 403 that is no JSON with all that is in it.
for _name in (
    "googleapiclient",
    "google.auth",
    "google.oauth2",
    "google_auth_httplib2",
):
    logging.getLogger(_name).setLevel(logging.ERROR)

Json: TypeAlias = dict[str, Any]
Question: TypeAlias = Callable[[Any], Any]
"""Makes a request of the library's collections, and asks nothing."""

ENDPOINT = "https://www.googleapis.com/calendar/v3/"
# The least that lets us read a person's own calendar and write into it.
SCOPE = "https://www.googleapis.com/auth/calendar.events.owned"
_SECONDS, _SECONDS_IN_ALL = 20.0, 90.0
# https://developers.google.com/workspace/calendar/api/guides/errors
_ASKS_FOR_PATIENCE = (
    "calendarUsageLimitsExceeded",
    "dailyLimitExceeded",
    "quotaExceeded",
    "rateLimitExceeded",
    "userRateLimitExceeded",
)


class MissingError(AccessDeniedError):
    """Google knows nothing by that name: a booking, a watch, or a person's calendar."""


class TakenError(BrokenAnswerError):
    """There is, or was, a booking with this id."""


class _Api:
    """The library's collections, each made once: that takes longer than a question."""

    def __init__(self, events: Any, channels: Any) -> None:
        self._events, self._channels = events, channels

    def events(self) -> Any:
        """Return what is asked about bookings."""
        return self._events

    def channels(self) -> Any:
        """Return what is asked about promises to call."""
        return self._channels


class Workspace:
    """The way to Google, which all calendars share.

    The library waits for its answers, and so it does that in threads of its own; each
    has its own connection, because the library's connections bear only one.
    """

    def __init__(
        self,
        key: Json,
        endpoint: str = ENDPOINT,
        threads: int = 16,
        asked: Asked = unheeded,
    ) -> None:
        """Ask at an endpoint; each question is told to `asked`, in its thread."""
        self._asked = asked
        try:
            make = Credentials.from_service_account_info
            # The library has types, but not for this.
            self._credentials = make(key, scopes=[SCOPE])  # type: ignore[no-untyped-call]
        # What it says can hold a piece of the key.
        except (refusals.GoogleAuthError, TypeError, ValueError, AttributeError):
            raise _no_key() from None
        # It asks nobody: the description of the API comes with the library.
        resource = build(
            "calendar",
            "v3",
            http=httplib2.Http(),
            client_options={"api_endpoint": f"{endpoint.rstrip('/')}/"},
            static_discovery=True,
            cache_discovery=False,
        )
        self._api = _Api(resource.events(), resource.channels())
        self._threads = ThreadPoolExecutor(threads, "google")
        # Who waits for a thread is not yet waiting for Google.
        self._free = asyncio.Semaphore(threads)
        self._owned: dict[str, Credentials] = {}
        self._own = threading.local()
        self._connections: list[httplib2.Http] = []

    def credentials(self, owner: str) -> Credentials:
        """Return what opens one person's calendar; its token is kept until it ends."""
        if owner not in self._owned:
            self._owned[owner] = self._credentials.with_subject(owner)
        return self._owned[owner]

    async def ask(self, credentials: Credentials, question: Question) -> Json:
        """Ask a question, and return the answer."""
        loop = asyncio.get_running_loop()
        try:
            async with self._free, asyncio.timeout(_SECONDS_IN_ALL):
                return await loop.run_in_executor(
                    self._threads, self._answer, credentials, question
                )
        except TimeoutError:
            raise _silent() from None

    async def close(self) -> None:
        """Let go of every connection, once what is being asked is answered."""
        await asyncio.to_thread(self._threads.shutdown, True, cancel_futures=True)
        for connection in self._connections:
            connection.close()

    def _answer(self, credentials: Credentials, question: Question) -> Json:
        """Wait for an answer, in a thread, and translate what went wrong.

        No fault of the library's goes further, not even as the cause of ours: they
        hold addresses, and answers.
        """
        try:
            request = question(self._api)
            way = google_auth_httplib2.AuthorizedHttp(credentials, self._connection())
            self._asked()
            answer = request.execute(http=way)
        except HttpError as error:
            raise _fault(error) from None
        except refusals.RefreshError as error:
            raise (_silent() if error.retryable else _not_let_in()) from None
        except ssl.SSLCertVerificationError:
            raise BrokenAnswerError(
                "Google's certificate is not believed: look at this machine's clock, "
                "and at what lies between it and Google."
            ) from None
        except (refusals.TransportError, httplib2.HttpLib2Error, OSError):
            raise _silent() from None
        except (
            Error,
            refusals.GoogleAuthError,
            http.client.HTTPException,
            # What the library stumbles on when an answer has another shape.
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
        ):
            raise broken() from None
        if answer == "":
            return {}
        if not isinstance(answer, dict):
            raise broken()
        return answer

    def _connection(self) -> httplib2.Http:
        found: httplib2.Http | None = getattr(self._own, "connection", None)
        if found is None:
            found = httplib2.Http(timeout=_SECONDS)
            # Our token is shown to nobody else.
            found.follow_redirects = False
            self._own.connection = found
            self._connections.append(found)
        return found


def read_key(file: Path) -> Json:
    """Read a service account's key, as it comes from Google's console."""
    try:
        key = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        raise _no_key() from None
    if not isinstance(key, dict):
        raise _no_key()
    return key


def broken() -> BrokenAnswerError:
    """Make the fault of an answer that is none of Google's."""
    return BrokenAnswerError(
        "What answered is not Google, or only half of it: look at what lies between "
        "this machine and Google."
    )


def _fault(error: HttpError) -> CalendarError:
    status, reason = int(error.resp.status), _reason(error.content)
    named = f"({status} {reason})"
    if status == 403 and reason in _ASKS_FOR_PATIENCE:
        status = 429
    match status:
        case 400 | 401 if reason.startswith("push."):
            return BrokenAnswerError(
                f"Google does not call the address that it is given {named}: see that "
                "[calendars] push_address begins with https:// and is a web server's "
                "whose certificate all trust."
            )
        case 410:
            return CursorExpiredError(
                "Google no longer knows what has changed: the calendar is read whole."
            )
        case 408 | 429 | 500 | 502 | 503 | 504:
            return BusyError(
                f"Google asks for patience {named}: it is tried again.",
                _seconds(error.resp.get("retry-after")),
            )
        case 404:
            return MissingError(
                f"Google has no such calendar {named}: correct the address that the "
                "extension is linked to."
            )
        case 401 | 403:
            return _not_let_in(named)
        case 409:
            return TakenError(
                f"Google has seen this booking before {named}: it is tried again."
            )
        case _:
            return BrokenAnswerError(
                f"Google answered strangely {named}: look at what lies between this "
                "machine and Google, and report it if that is nothing."
            )


def _reason(content: bytes) -> str:
    """Return Google's name of a fault; its other words can hold what was asked."""
    try:
        reason = json.loads(content)["error"]["errors"][0]["reason"]
    except (LookupError, TypeError, ValueError):
        reason = None
    is_name = isinstance(reason, str) and re.fullmatch(r"[A-Za-z.]{1,60}", reason)
    return str(reason) if is_name else "no reason"


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


def _silent() -> BusyError:
    return BusyError(
        "Google does not answer: look at this machine's way to the network. It is "
        "tried again."
    )


def _not_let_in(named: str = "(no token)") -> AccessDeniedError:
    return AccessDeniedError(
        f"Google does not let us in {named}: in the admin console, under domain-wide "
        f"delegation, give the service account {SCOPE}, and see that the person has "
        "a calendar."
    )


def _no_key() -> CalendarError:
    return CalendarError(
        "The key of Google's service account cannot be read: name the JSON file that "
        "its console gave you, and let this program read it."
    )
