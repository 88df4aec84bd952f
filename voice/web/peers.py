"""Who asks, seen past the web servers in front of us."""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Peer:
    """Where a question came from, and how it travelled there."""

    address: str
    scheme: str


def peer(
    address: str,
    scheme: str,
    forwarded_for: Sequence[str],
    forwarded_proto: str,
    proxies: Sequence[str],
) -> Peer:
    """Return who asked: the last address that is none of our web servers'.

    What stands further to the left in X-Forwarded-For anybody can have written.
    """
    if not is_among(address, proxies):
        return Peer(address, scheme)
    named = [name.strip() for line in forwarded_for for name in line.split(",")]
    strangers = (name for name in reversed(named) if not is_among(name, proxies))
    asked_by = next(strangers, address)
    proto = forwarded_proto.strip().lower()
    known = proto if proto in ("http", "https") else scheme
    return Peer(asked_by if _is_address(asked_by) else address, known)


def neighbourhood(address: str) -> str:
    """Return what is counted as one asker: of IPv6, the network of a household."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    if read.version == 4:
        return address
    return str(ipaddress.ip_network((address.partition("%")[0], 64), strict=False))


def is_among(address: str, networks: Iterable[str]) -> bool:
    """Tell whether an address is one of these, or in one of these networks."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(read in ipaddress.ip_network(each, strict=False) for each in networks)


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False
