"""One calendar on a CalDAV server: what it is asked, and written in it."""

from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from voice.calendars.caldav_asking import Element
from voice.calendars.caldav_clients import Answer, Clients
from voice.calendars.port import AccessDeniedError, BrokenAnswerError

_MULTISTATUS = "{DAV:}multistatus"
_UID_TAKEN = "{urn:ietf:params:xml:ns:caldav}no-uid-conflict"
_HERE = ("127.0.0.1", "::1", "localhost")

_NO_CALENDAR = (
    "There is no calendar at the linked address: link the one that the calendar's "
    "own settings name as its CalDAV address."
)
_NONSENSE = (
    "The server's answer is none of a calendar's: see that the linked address is "
    "the calendar's own CalDAV address."
)
_UNSAFE = (
    "The calendar's address would send the password for everyone to read: "
    "link one that begins with https://."
)


class Wire:
    """The way to one calendar; its methods block, so they belong in threads."""

    def __init__(self, address: str, clients: Clients) -> None:
        self._base, self._clients = address.rstrip("/") + "/", clients
        try:
            parts = urlsplit(self._base)
            is_whole = bool(parts.hostname) and parts.port != 0
        except ValueError:
            raise AccessDeniedError(_NO_CALENDAR) from None
        here = parts.scheme == "http" and parts.hostname in _HERE
        if parts.scheme != "https" and not here:
            raise AccessDeniedError(_UNSAFE)
        if not is_whole:
            raise AccessDeniedError(_NO_CALENDAR)

    def ask(self, method: str, question: str, depth: int) -> Element:
        """Return the answer to a question about the calendar."""
        answer = self._request(method, "", question, {"Depth": str(depth)})
        if answer.status in (404, 410):
            raise AccessDeniedError(_NO_CALENDAR)
        root = answer.root
        if answer.status != 207 or root is None or root.tag != _MULTISTATUS:
            raise BrokenAnswerError(_NONSENSE)
        return root

    def path(self, name: str) -> str:
        """Return the path of a resource in the calendar."""
        return urlsplit(urljoin(self._base, name)).path

    def put(self, place: str, text: str, only: Mapping[str, str]) -> bool:
        """Write a resource if a condition holds, and tell whether it did."""
        headers = {"Content-Type": "text/calendar; charset=utf-8", **only}
        answer = self._request("PUT", place, text, headers)
        is_taken = _UID_TAKEN in answer.conditions
        if answer.status == 412 or (answer.status == 409 and is_taken):
            return False
        # RFC 4918 §9.7.1: 409 is how a server says that there is no such collection.
        if answer.status in (404, 409, 410):
            raise AccessDeniedError(_NO_CALENDAR)
        _expect(answer.status in (200, 201, 204))
        return True

    def delete(self, place: str) -> bool:
        """Remove a resource, and tell whether it was there."""
        # Nextcloud keeps what is removed, and then refuses to have it anew.
        headers = {"X-NC-CalDAV-No-Trashbin": "1"}
        answer = self._request("DELETE", place, "", headers)
        if answer.status in (404, 410):
            return False
        _expect(answer.status in (200, 202, 204))
        return True

    def _request(
        self, method: str, place: str, body: str, headers: Mapping[str, str]
    ) -> Answer:
        url = urljoin(self._base, place)
        return self._clients.request(method, url, body, headers)


def _expect(kept: bool) -> None:
    if not kept:
        raise BrokenAnswerError(_NONSENSE)
