"""Places where calendars are, each a stand-in, a server or a file, and their owners."""

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import trustme

from tests.calendars.on_caldav.radicale_server import (
    PASSWORD,
    USER,
    RadicaleHand,
    make_calendar,
    radicale,
    vevent,
)
from tests.fakes import google, graph
from tests.fakes.graph_entra import CLIENT, SECRET, TENANT
from voice.store.links_port import LinkKind

_OWNER = "bo@kommun.example"
# Read as soon as they may, so that a test need not wait.
OFTEN = """
[calendars]
google_seconds = 0.5
outlook_seconds = 0.5
caldav_seconds = 0.5
ics_seconds = 0.5
"""


@dataclass(frozen=True, slots=True)
class CalendarPlace:
    """Where somebody's calendar is, and what its owner does there."""

    kind: LinkKind
    address: str
    book: Callable[[str, datetime, datetime], str]
    """Make a booking, and return what it is removed by."""
    remove: Callable[[str], None]
    settings: str = ""
    environment: dict[str, str] = field(default_factory=dict)


@contextmanager
def at_google(folder: Path) -> Iterator[CalendarPlace]:
    """Give a calendar at the stand-in for Google."""
    with google.stand_in() as there:
        there.person(_OWNER)
        key = folder / "google-key.json"
        key.write_text(json.dumps(there.key))
        yield CalendarPlace(
            LinkKind.GOOGLE,
            _OWNER,
            lambda subject, start, end: there.book(_OWNER, subject, start, end),
            lambda name: there.remove(_OWNER, name),
            f'[google]\nkey = "{key}"\naddress = "{there.endpoint}"\n',
        )


@contextmanager
def at_microsoft(folder: Path) -> Iterator[CalendarPlace]:
    """Give a calendar at the stand-in for Graph, asked over TLS as Entra is."""
    authority = trustme.CA(key_type=trustme.KeyType.RSA)
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with graph.stand_in(trusted=context) as there:
        there.person(_OWNER)
        yield CalendarPlace(
            LinkKind.OUTLOOK,
            _OWNER,
            lambda subject, start, end: there.book(
                _OWNER, subject=subject, start=start, end=end
            ),
            lambda name: there.remove(_OWNER, name),
            f'[outlook]\ntenant = "{TENANT}"\nclient = "{CLIENT}"\n'
            f'sign_in = "{there.place}"\ngraph = "{there.base}"\n',
            {
                "TELEFONIST_OUTLOOK_SECRET": SECRET,
                "SSL_CERT_FILE": str(folder / "authority.pem"),
            },
        )


@contextmanager
def on_a_server(folder: Path) -> Iterator[CalendarPlace]:
    """Give a calendar on a real Radicale."""
    with radicale(folder / "radicale") as (_, place):
        address = make_calendar(place)
        hand = RadicaleHand(address)

        def book(subject: str, start: datetime, end: datetime) -> str:
            hand.put("a.ics", _event(subject, start, end))
            return "a.ics"

        yield CalendarPlace(
            LinkKind.CALDAV,
            address,
            book,
            hand.delete,
            f'[caldav]\nuser = "{USER}"\n',
            {"TELEFONIST_CALDAV_PASSWORD": PASSWORD},
        )


@contextmanager
def in_a_file(folder: Path) -> Iterator[CalendarPlace]:
    """Give a calendar that is a file."""
    file = folder / "bo.ics"
    now = datetime.now().astimezone()
    nothing = _event("Något annat", now, now)
    file.write_text(nothing, "utf-8")

    def book(subject: str, start: datetime, end: datetime) -> str:
        file.write_text(_event(subject, start, end), "utf-8")
        return ""

    def remove(_: str) -> None:
        file.write_text(nothing, "utf-8")

    yield CalendarPlace(LinkKind.ICS, str(file), book, remove)


PLACES = (at_google, at_microsoft, on_a_server, in_a_file)


def _event(subject: str, start: datetime, end: datetime) -> str:
    begins, ends = (f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}" for at in (start, end))
    lines = "UID:a", f"DTSTAMP:{begins}", f"DTSTART:{begins}", f"DTEND:{ends}"
    return str(vevent(*lines, f"SUMMARY:{subject}"))
