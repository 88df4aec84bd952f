"""One try to log in elsewhere: all of it follows from what one browser keeps."""

import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from voice.web.forms import local_path

# Nobody takes longer to type a password and read a code off a telephone.
KEPT_FOR = timedelta(minutes=15)
_KEPT = re.compile(r"([\w-]{43})\.([0-9]{1,12})\.([\w=-]*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A seed, and what it is for.

    Nothing of it is kept here: so nobody can crowd others out by beginning many.
    """

    seed: str = field(repr=False)
    began: datetime
    till: str
    """The page that somebody wanted."""

    @property
    def state(self) -> str:
        """What the answer must bring back, to be the answer to this browser."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """What the token must hold, to have been made for this try."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What proves that who fetches the token is who asked for the code."""
        return self._derived("verifier")

    def _derived(self, name: str) -> str:
        made = hmac.digest(self.seed.encode(), name.encode(), "sha256")
        return urlsafe_b64encode(made).decode().rstrip("=")


def new_attempt(till: str, now: datetime) -> Attempt:
    """Begin a try, with a seed that nobody can guess."""
    return Attempt(secrets.token_urlsafe(32), now, local_path(till) or "/")


def written(attempt: Attempt) -> str:
    """Return what the browser keeps of a try."""
    till = urlsafe_b64encode(attempt.till.encode()).decode()
    return f"{attempt.seed}.{attempt.began.timestamp():.0f}.{till}"


def read(kept: str, now: datetime) -> Attempt | None:
    """Return the try that a browser brings back; None when it is none, or is old."""
    split = _KEPT.fullmatch(kept)
    if split is None:
        return None
    try:
        began = datetime.fromtimestamp(int(split[2]), now.tzinfo)
        till = urlsafe_b64decode(split[3]).decode()
    except (ValueError, OverflowError, OSError):
        return None
    if not timedelta(0) <= now - began + timedelta(seconds=1) < KEPT_FOR:
        return None
    return Attempt(split[1], began, local_path(till) or "/")
