"""What a CalDAV server is asked, and what its answers say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

_DAV, _CALDAV = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
_CTAG = "{http://calendarserver.org/ns/}getctag"
_SPACES = (
    'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" '
    'xmlns:S="http://calendarserver.org/ns/"'
)


class Element(Protocol):
    """As much of an XML element as an answer is read by."""

    tag: str
    text: str | None

    def iter(self, tag: str) -> Iterable["Element"]:
        """Return the elements with this tag, at any depth."""
        ...

    def find(self, path: str) -> "Element | None":
        """Return the first element at a path below this one."""
        ...


@dataclass(frozen=True, slots=True)
class State:
    """What a server tells of a calendar as a whole."""

    is_calendar: bool
    token: str | None
    """From which the server can tell later what has changed (RFC 6578)."""
    tag: str | None
    """Which changes whenever anything does; for servers that give no token."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of a calendar: a booking, or a series with all its exceptions."""

    path: str
    tag: str | None
    text: str | None = field(default=None, repr=False)
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since a token, or as much of it as the server tells at once."""

    resources: tuple[Resource, ...]
    token: str | None
    more: bool


def asks_state() -> str:
    """Ask what a calendar is and how far it has come."""
    wanted = "<resourcetype/><sync-token/><S:getctag/>"
    return _asks("propfind", f"<prop>{wanted}</prop>")


def asks_within(start: datetime, end: datetime, texts: bool) -> str:
    """Ask for what lies within a time, with its text or by its tag alone."""
    span = f'<C:time-range start="{_stamp(start)}" end="{_stamp(end)}"/>'
    return _asks("C:calendar-query", f"{_wanted(texts)}{_filter(span)}")


def asks_named(uid: str) -> str:
    """Ask for the text of what has a UID, whatever the server calls it."""
    match = f'<C:text-match collation="i;octet">{escape(uid)}</C:text-match>'
    named = f'<C:prop-filter name="UID">{match}</C:prop-filter>'
    return _asks("C:calendar-query", f"{_wanted(texts=True)}{_filter(named)}")


def asks_since(token: str) -> str:
    """Ask what has changed since a token (RFC 6578 §3.2)."""
    since = f"<sync-token>{escape(token)}</sync-token><sync-level>1</sync-level>"
    return _asks("sync-collection", f"{since}{_wanted(texts=False)}")


def asks_texts(paths: Iterable[str]) -> str:
    """Ask for the text of named resources."""
    hrefs = "".join(f"<href>{escape(path)}</href>" for path in paths)
    return _asks("C:calendar-multiget", f"{_wanted(texts=True)}{hrefs}")


def state(answer: Element) -> State:
    """Read what a calendar is and how far it has come."""
    found = next(iter(answer.iter(f"{_DAV}response")), answer)
    kind = _property(found, f"{_DAV}resourcetype")
    is_calendar = kind is not None and kind.find(f"{_CALDAV}calendar") is not None
    token = _text(_property(found, f"{_DAV}sync-token"))
    return State(is_calendar, token, _text(_property(found, _CTAG)))


def resources(answer: Element) -> Iterator[Resource]:
    """Read the resources that an answer tells of."""
    for found in answer.iter(f"{_DAV}response"):
        # Wherever a server says that it is, we ask for it where the calendar is.
        path = urlsplit(_text(found.find(f"{_DAV}href")) or "/").path
        status = _text(found.find(f"{_DAV}status")) or ""
        # The collection itself can be among what is in it.
        if path.endswith("/") or " 507" in status:
            continue
        tag = _text(_property(found, f"{_DAV}getetag"))
        text = _text(_property(found, f"{_CALDAV}calendar-data"))
        is_gone = " 404" in status or " 410" in status
        yield Resource(path, tag, text, is_gone)


def changes(answer: Element) -> Changes:
    """Read what has changed, and from where to ask on."""
    statuses = answer.iter(f"{_DAV}status")
    # A server that told only a part says so of the calendar itself (RFC 6578 §3.6).
    more = any(" 507" in (_text(status) or "") for status in statuses)
    token = _text(answer.find(f"{_DAV}sync-token"))
    return Changes(tuple(resources(answer)), token, more)


def _asks(name: str, what: str) -> str:
    head = '<?xml version="1.0" encoding="utf-8"?>'
    return f"{head}<{name} {_SPACES}>{what}</{name}>"


def _filter(what: str) -> str:
    events = f'<C:comp-filter name="VEVENT">{what}</C:comp-filter>'
    calendar = f'<C:comp-filter name="VCALENDAR">{events}</C:comp-filter>'
    return f"<C:filter>{calendar}</C:filter>"


def _wanted(texts: bool) -> str:
    return f"<prop><getetag/>{'<C:calendar-data/>' if texts else ''}</prop>"


def _property(found: Element, tag: str) -> Element | None:
    for part in found.iter(f"{_DAV}propstat"):
        status = _text(part.find(f"{_DAV}status")) or " 200"
        value = part.find(f"{_DAV}prop/{tag}")
        if value is not None and " 200" in status:
            return value
    return None


def _text(element: Element | None) -> str | None:
    return (element.text or "").strip() or None if element is not None else None


def _stamp(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"
