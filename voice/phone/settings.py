"""What a site says of its lines: values, read and checked elsewhere."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

# A port for sound and one for its reports (RFC 3550 §11), and as many for a picture
# that never comes; the stack draws them by lot, and so some must be to spare.
PORTS_A_CALL = 5


class Transport(StrEnum):
    """How SIP messages travel (RFC 3261 §18)."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class Encryption(StrEnum):
    """What is made of SRTP with keys in the offer (SDES, RFC 4568)."""

    OFF = "off"
    OFFERED = "offered"
    """Taken where it is offered, and plain RTP elsewhere."""
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Registration:
    """The account of a registered extension; the password is never shown."""

    user: str
    registrar: str
    """Host, or host:port."""
    password: str = field(repr=False, default="")
    seconds: int = 300
    """How often the registration is renewed."""


@dataclass(frozen=True, slots=True)
class SipSettings:
    """A SIP line: a registered extension, or a trunk where nothing is registered."""

    exchange: str = "127.0.0.1:5060"
    """Where calls are put through to: host, or host:port."""
    listen: str = "0.0.0.0:5060"
    """Address and port; a TLS transport listens there too."""
    transport: Transport = Transport.UDP
    registration: Registration | None = None
    trusted: tuple[str, ...] = ()
    """Addresses and networks whose word for who calls is taken: 10.0.0.0/24."""
    encryption: Encryption = Encryption.OFFERED
    certificate: Path | None = None
    """Certificate and key in one PEM file, for TLS."""
    authorities: Path | None = None
    """Who may vouch for the exchange's certificate, in PEM; else the system's."""
    wideband: bool = True
    """Offer G.722 after A-law and µ-law."""
    rtp_ports: tuple[int, int] = (30000, 40000)
    """The first and the last; each call needs `PORTS_A_CALL` of them."""
    calls: int = 40
    """More calls at once are answered with busy."""


@dataclass(frozen=True, slots=True)
class AsteriskSettings:
    """An Asterisk in front: FastAGI tells who calls, AudioSocket carries the sound."""

    agi: str = "127.0.0.1:4573"
    audio: str = "127.0.0.1:9092"
    """Where this program listens for both; an address and a port."""
    trusted: tuple[str, ...] = ("127.0.0.1",)
    """Addresses and networks of the Asterisk: others are not answered."""
    transfers: str = "telefonist-transfer"
    """The context of its dialplan where the numbers are that can be put through to."""
    calls: int = 40
    """More calls at once are answered with busy."""


@dataclass(frozen=True, slots=True)
class RedirectSettings:
    """A SIP redirect server: an exchange asks it where a call to an extension goes."""

    listen: str = "127.0.0.1:5064"
    """Where it is asked, over UDP and TCP; an address and a port."""
    exchange: str = "127.0.0.1:5060"
    """Where a phone rings: host, or host:port."""
    here: str = "127.0.0.1:5062"
    """Where a call is announced: our SIP line, as the exchange reaches it."""
    ring_through: str = "9{extension}"
    """The number that rings an extension without asking again."""
    trusted: tuple[str, ...] = ("127.0.0.1",)
    """Addresses and networks of the exchange: others are not answered."""
