"""Addresses that we call when a divert changes: which will do, and how one is made."""

import ipaddress
import re
import secrets
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from voice.errors import VoiceError
from voice.store.hooks_port import Hook, HookEvent, HookId

_LONGEST = 2000
# RFC 3986 §2, without the sign of a fragment, which is never sent.
_SIGNS = re.compile(r"https?://[A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]+")
_BYTES = 32


class HookError(VoiceError):
    """An address cannot be called."""


def new_hook(url: str, events: Iterable[HookEvent] = HookEvent) -> Hook:
    """Make a hook with a secret of its own; HookError when its address will not do."""
    wanted = frozenset(events)
    if not wanted:
        raise HookError("A hook is called for something: name an event, or more.")
    check_address(url)
    id = HookId(secrets.token_hex(4))
    return Hook(id, url, secrets.token_urlsafe(_BYTES), wanted)


def check_address(url: str) -> None:
    """Say plainly why an address cannot be called, before it is kept."""
    parts = _parts(url)
    if parts is None:
        raise HookError(
            "This is no address that can be called: write it as "
            "https://tavla.example.se/hooks/telefonist."
        )
    # What is sent tells who is away: nobody on the way may read it.
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise HookError("What is told would be read on the way: write https://.")
    if "@" in parts.netloc:
        raise HookError(
            "An address with a name and password in it is shown to all who see it: "
            "leave them out; the receiver knows us by the signature."
        )


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, by its address and not by its name's."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parts(url: str) -> SplitResult | None:
    """Take an address apart; None where it is none, or names a part of a page."""
    if len(url) > _LONGEST or not _SIGNS.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None  # a port that is no number, or half an address of IPv6
    return parts if is_whole else None
