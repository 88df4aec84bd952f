"""Checks secrets against their hashes, and locks out for ever longer who guesses."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, partial
from typing import TypeAlias

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from voice.store.credentials_port import Count, Counted, Credential, Tries

log = logging.getLogger(__name__)

# argon2id, as much of it as OWASP asks for at least: 19 MiB twice over.
# https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

FREE_TRIES = 5
FIRST_LOCK = timedelta(minutes=5)
LONGEST_LOCK = timedelta(hours=24)
_DOUBLINGS = 16  # enough to be past the longest, and no overflow

Counting: TypeAlias = Callable[[Count], Awaitable[Credential | None]]
"""Changes the tries of one secret, and returns what there was before."""


class Verdict(StrEnum):
    """What came of a try.

    Who tried is told the last two in the same words: whether there is such a secret,
    or it is locked, is nobody's business.
    """

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"


class Lockout:
    """Checks secrets one at a time, and counts the wrong tries."""

    def __init__(self, locked: str, hasher: PasswordHasher = HASHER) -> None:
        """Write on the trail, when a try locks, the event that is named `locked`."""
        self._locked, self._hasher = locked, hasher
        self._nobodys = _nobodys(hasher)
        # Each hash fills many megabytes and a core: they must not all be made at once.
        self._one_at_a_time = asyncio.Lock()

    async def hashed(self, secret: str) -> str:
        """Return what is kept of a new secret."""
        async with self._one_at_a_time:
            return await asyncio.to_thread(self._hasher.hash, secret)

    async def verdict(self, count: Counting, secret: str, now: datetime) -> Verdict:
        """Tell whether it is the one counted; it takes as long if there is none."""
        # Counted as wrong before it is looked at: many tries at once, in any number of
        # processes, are no more than as many one by one.
        before = await count(partial(_one_more, now=now))
        tries = Tries() if before is None else before.tries
        kept = None if before is None or is_locked(tries, now) else before.hash
        is_right = await self.fits(kept or self._nobodys, secret) and kept is not None
        if is_right:
            await count(lambda _: Counted(Tries()))
            return Verdict.RIGHT
        locks = kept is not None and after_wrong(tries, now).locked_until is not None
        event = self._locked if locks else None
        await count(lambda there: Counted(there, event))
        return Verdict.LOCKED if is_locked(tries, now) else Verdict.WRONG

    async def fits(self, kept: str, secret: str) -> bool:
        """Tell whether a secret is the one that is kept, and count nothing."""
        async with self._one_at_a_time:
            try:
                return await asyncio.to_thread(self._hasher.verify, kept, secret)
            except VerifyMismatchError:
                return False
            except (VerificationError, InvalidHashError):
                log.error("a hash that is kept is damaged: give a new secret there")
                return False


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    """Return the hash of no secret, which nothing that is tried fits."""
    return hasher.hash("")


def unlocked(event: str) -> Count:
    """Forget the wrong tries, and write this event on the trail if there were any."""
    return lambda tries: Counted(Tries(), event if tries.wrong else None)


def is_locked(tries: Tries, now: datetime) -> bool:
    """Tell whether no try is taken now."""
    return tries.locked_until is not None and now < tries.locked_until


def after_wrong(tries: Tries, now: datetime) -> Tries:
    """Return the tries after one more that was wrong.

    The fifth locks, and each that comes later locks for twice as long as the last.
    """
    wrong = tries.wrong + 1
    if wrong < FREE_TRIES:
        return Tries(wrong)
    doublings = min(wrong - FREE_TRIES, _DOUBLINGS)
    return Tries(wrong, now + min(FIRST_LOCK * 2**doublings, LONGEST_LOCK))


def _one_more(tries: Tries, now: datetime) -> Counted:
    return Counted(tries if is_locked(tries, now) else after_wrong(tries, now))
