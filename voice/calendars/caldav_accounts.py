"""Which account opens a CalDAV calendar: the one whose address is nearest above it."""

from urllib.parse import SplitResult, unquote, urlsplit

from voice.calendars.settings import CaldavAccount, CaldavSettings

_USUAL_PORTS = {"https": ":443", "http": ":80"}


def account_for(settings: CaldavSettings, address: str) -> CaldavAccount:
    """Return the account that opens the calendar at an address."""
    above = [each for each in settings.accounts if is_below(address, each.address)]
    return max(above, key=_depth, default=settings.usual)


def is_below(address: str, top: str) -> bool:
    """Tell whether an address is another's, or lies below it on the same server."""
    try:
        here, there = urlsplit(address), urlsplit(top)
    except ValueError:
        return False
    steps, first = _steps(here), _steps(there)
    # Whoever steps back again can be anywhere, and some servers read \ as /.
    is_straight = ".." not in "/".join(steps).replace("\\", "/").split("/")
    is_there = _server(here) == _server(there) and steps[: len(first)] == first
    return is_straight and is_there


def is_same(one: str, other: str) -> bool:
    """Tell whether two addresses are of the same place."""
    return is_below(one, other) and is_below(other, one)


def is_same_server(one: str, other: str) -> bool:
    """Tell whether two addresses are of one server."""
    try:
        return _server(urlsplit(one)) == _server(urlsplit(other))
    except ValueError:
        return False


def _depth(account: CaldavAccount) -> int:
    return len(_steps(urlsplit(account.address)))


def _server(parts: SplitResult) -> tuple[str, str]:
    place = parts.netloc.rpartition("@")[2].lower()
    return parts.scheme, place.removesuffix(_USUAL_PORTS.get(parts.scheme, ":"))


def _steps(parts: SplitResult) -> list[str]:
    # Split first: a / that is written as %2F is part of a name.
    return [unquote(step) for step in parts.path.split("/") if step]
