"""Where people under trial have their calendars, and what they do in them."""

import asyncio
import json
import secrets
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeAlias
from urllib.request import Request, urlopen

from voice.errors import VoiceError
from voice.store.links_port import LinkKind

Json: TypeAlias = dict[str, Any]

_SECONDS = 30.0


class HostError(VoiceError):
    """There are no calendars to try with."""


@dataclass(frozen=True, slots=True)
class Booking:
    """What stands in somebody's calendar."""

    subject: str
    start: datetime
    end: datetime


class Host(Protocol):
    """Where people have calendars, and what they do in them."""

    @property
    def kind(self) -> LinkKind:
        """Whose calendars it has, or stands in for."""
        ...

    async def add(self, owner: str, bookings: Sequence[Booking]) -> str:
        """Let somebody have a calendar with bookings, and return its address."""
        ...

    async def book(self, address: str, booking: Booking) -> str:
        """Make a booking as its owner does, and return its name."""
        ...

    async def move(self, address: str, name: str, booking: Booking) -> None:
        """Give a booking other times."""
        ...

    async def remove(self, address: str, name: str) -> None:
        """Remove a booking."""
        ...


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a stand-in was asked, and how much of it it refused for that."""

    refused: int
    most_in_all: int
    most_of_a_person: int


@dataclass(frozen=True, slots=True)
class StandIn:
    """Google or Graph, as our own stand-ins know them."""

    kind: LinkKind
    place: str
    trust: ssl.SSLContext | None = None

    async def add(self, owner: str, bookings: Sequence[Booking]) -> str:
        """Let somebody have a calendar with bookings, and return its address."""
        address = f"{owner}@kommun.example"
        rows = [_row(booking) for booking in bookings]
        await self._tell("people", email=address, bookings=rows)
        return address

    async def book(self, address: str, booking: Booking) -> str:
        """Make a booking as its owner does, and return its name."""
        told = await self._tell("bookings", email=address, **_row(booking))
        return str(told["id"])

    async def move(self, address: str, name: str, booking: Booking) -> None:
        """Give a booking other times."""
        row = _row(booking)
        times = {"start": row["start"], "end": row["end"]}
        await self._tell("edits", email=address, id=name, **times)

    async def remove(self, address: str, name: str) -> None:
        """Remove a booking."""
        await self._tell("removals", email=address, id=name)

    async def bound(self, per_person: int, in_all: int) -> None:
        """Let no more be asked in a minute than the real one lets us."""
        await self._tell("quota", per_person=per_person, in_all=in_all)

    async def counts(self) -> Counts:
        """Return how much was asked."""
        return Counts(**await self._tell("counts"))

    async def _tell(self, what: str, **body: Any) -> Json:
        text = json.dumps(body).encode()
        address = f"{self.place}/stand-in/{what}"
        told = json.loads(await _sent("POST", address, text, trust=self.trust))
        assert isinstance(told, dict)
        return told


@dataclass(frozen=True, slots=True)
class Radicale:
    """A real CalDAV server, in which one account has everybody's calendar."""

    place: str
    account: str
    authorization: str = field(repr=False)
    kind: LinkKind = LinkKind.CALDAV

    async def add(self, owner: str, bookings: Sequence[Booking]) -> str:
        """Let somebody have a calendar with bookings, and return its address."""
        address = f"{self.place}/{self.account}/{owner}/"
        await self._sent("MKCALENDAR", address)
        for booking in bookings:
            await self.book(address, booking)
        return address

    async def book(self, address: str, booking: Booking) -> str:
        """Make a booking as its owner does, and return its name."""
        name = secrets.token_hex(8)
        await self.move(address, name, booking)
        return name

    async def move(self, address: str, name: str, booking: Booking) -> None:
        """Give a booking other times."""
        await self._sent("PUT", f"{address}{name}.ics", _text(name, booking))

    async def remove(self, address: str, name: str) -> None:
        """Remove a booking."""
        await self._sent("DELETE", f"{address}{name}.ics")

    async def _sent(self, method: str, address: str, text: str = "") -> None:
        headers = {"Authorization": self.authorization, "Content-Type": "text/calendar"}
        await _sent(method, address, text.encode(), headers)


async def _sent(
    method: str,
    address: str,
    body: bytes,
    headers: Mapping[str, str] | None = None,
    trust: ssl.SSLContext | None = None,
) -> bytes:
    asking = Request(address, body, dict(headers or {}), method=method)

    def wait() -> bytes:
        with urlopen(asking, timeout=_SECONDS, context=trust) as answer:
            return bytes(answer.read())

    try:
        return await asyncio.to_thread(wait)
    except OSError as error:
        raise HostError(f"What stands in for a calendar fails: {error}.") from error


def _row(booking: Booking) -> Json:
    times = {"start": booking.start.isoformat(), "end": booking.end.isoformat()}
    return asdict(booking) | times


def _text(name: str, booking: Booking) -> str:
    lines = (
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//telefonist//trial//SV"),
        *("BEGIN:VEVENT", f"UID:{name}", f"DTSTAMP:{_stamp(booking.start)}"),
        f"DTSTART:{_stamp(booking.start)}",
        f"DTEND:{_stamp(booking.end)}",
        f"SUMMARY:{booking.subject}",
        *("END:VEVENT", "END:VCALENDAR"),
    )
    return "".join(f"{line}\r\n" for line in lines)


def _stamp(instant: datetime) -> str:
    return f"{instant:%Y%m%dT%H%M%SZ}"
