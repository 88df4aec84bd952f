"""By what those who are logged in can take leave of the identity provider."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_MOST = 2000
# No session is longer.
_KEPT_FOR = timedelta(days=1)
# It goes in an address, and a web server takes 8 kB with all its headers.
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class _Hint:
    token: str = field(repr=False)
    at: datetime


class Farewells:
    """The last ID token of each session, in the memory of this one process.

    It tells who somebody is, and so it is written down nowhere. After a new start the
    provider asks those who leave whether they mean it.
    """

    def __init__(self) -> None:
        self._hints: OrderedDict[str, _Hint] = OrderedDict()

    def put(self, key: str, token: str, now: datetime) -> None:
        """Keep a token; one that is too long to be sent is not."""
        self._hints.pop(key, None)
        if token and len(token) <= _LONGEST:
            self._hints[key] = _Hint(token, now)
        while len(self._hints) > _MOST:
            self._hints.popitem(last=False)

    def take(self, key: str, now: datetime) -> str:
        """Take a token out; the empty one where there is none, or it is old."""
        hint = self._hints.pop(key, None)
        return hint.token if hint and now - hint.at < _KEPT_FOR else ""
