"""Whom a line listens to, and where: addresses as a site writes them."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from voice.phone.port import LineError

# Whoever likes can send datagrams from any address.
_TOLD = 100

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Place:
    """An address and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def anywhere(self) -> bool:
        """Whether it is every address of the machine."""
        return self.host in ("0.0.0.0", "::")


def read_place(text: str) -> Place:
    """Read `127.0.0.1:4573` or `[::1]:4573`."""
    host, colon, port = text.rpartition(":")
    is_port = port.isascii() and port.isdigit() and int(port) < 1 << 16
    if not (host and colon and is_port):
        raise LineError(
            f"{text!r} is no address to listen on: write an address and a port, "
            "such as 127.0.0.1:4573."
        )
    return Place(host.removeprefix("[").removesuffix("]"), int(port))


class Trusted:
    """The addresses and networks whose word is taken."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._networks = tuple(_network(text) for text in texts)
        self._strangers: set[str] = set()

    def __contains__(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return False
        plain = _plain(address)
        return any(plain in network for network in self._networks)

    def is_news(self, stranger: str) -> bool:
        """Tell whether a log has not been told of a stranger yet, nor of too many."""
        is_news = stranger not in self._strangers and len(self._strangers) < _TOLD
        if is_news:
            self._strangers.add(stranger)
        return is_news


def _plain(address: _Address) -> _Address:
    # A socket that takes both kinds shows 10.0.0.1 as ::ffff:10.0.0.1.
    mapped = address.ipv4_mapped if address.version == 6 else None
    return mapped or address


def _network(text: str) -> _Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise LineError(
            f"{text!r} in `trusted` is neither an address nor a network: "
            "write 10.0.0.5 or 10.0.0.0/24."
        ) from error
