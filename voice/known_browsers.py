"""Browsers in which somebody has logged in: no stranger's guesses lock their owner out.

Each has what OWASP calls a device cookie, and tries of its own.
"""

import hmac
import re
import secrets
from collections import OrderedDict
from typing import NewType

from voice.store.accounts_port import Login

Mark = NewType("Mark", str)
"""What a browser keeps: that somebody has logged in there by the password of now."""

NO_MARK = Mark("")
# A browser that is stolen guesses no more often than a stranger.
FREE_TRIES = 5
_MOST = 10_000
_WRITTEN = re.compile(r"([\w-]{22})\.([0-9a-f]{64})", re.ASCII)


def mark(login: Login, kept: str) -> Mark:
    """Return what a browser is to keep; `kept` is the hash of the password."""
    seed = secrets.token_urlsafe(16)
    return Mark(f"{seed}.{_proof(seed, login, kept)}")


def is_marked(shown: Mark, login: Login, kept: str) -> bool:
    """Tell whether it was given for this account, whose password is still the same."""
    read = _WRITTEN.fullmatch(shown)
    return read is not None and hmac.compare_digest(
        _proof(read[1], login, kept), read[2]
    )


def _proof(seed: str, login: Login, kept: str) -> str:
    # Who knew the hash could try passwords without asking us at all.
    return hmac.new(kept.encode(), f"{seed} {login}".encode(), "sha256").hexdigest()


class Tries:
    """How often known browsers were wrong, in the memory of this one process."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[Mark, int] = OrderedDict()

    def begin(self, shown: Mark) -> bool:
        """Count one more as wrong; False where there have been too many."""
        wrong = self._wrong.pop(shown, 0) + 1
        self._wrong[shown] = min(wrong, FREE_TRIES + 1)
        while len(self._wrong) > _MOST:
            self._wrong.popitem(last=False)
        return wrong <= FREE_TRIES

    def forget(self, shown: Mark) -> None:
        """Begin anew, after a right one."""
        self._wrong.pop(shown, None)
