"""PINs: given, checked, and locked for ever longer after too many wrong tries."""

import asyncio
import logging
import re
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, partial

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from voice.divert.model import Extension
from voice.errors import VoiceError
from voice.store.credentials_port import Counted, Tries
from voice.store.engine import to_the_end
from voice.store.port import Store

log = logging.getLogger(__name__)

# argon2id, as much of it as OWASP asks for at least: 19 MiB twice over.
# https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

DIGITS = 6
FREE_TRIES = 5
FIRST_LOCK = timedelta(minutes=5)
LONGEST_LOCK = timedelta(hours=24)
_DOUBLINGS = 16  # enough to be past the longest, and no overflow
_FORM = re.compile(rf"[0-9]{{{DIGITS}}}")
_BY = "pin"


class PinError(VoiceError):
    """A PIN cannot be what was asked for; the text never holds it."""


class Verdict(StrEnum):
    """What came of a try.

    The caller is told the last two in the same words: whether an extension has a PIN,
    or is locked, is nobody's business.
    """

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"


class Pins:
    """The PIN of each extension that has one."""

    def __init__(self, store: Store, hasher: PasswordHasher = HASHER) -> None:
        self._store, self._hasher = store, hasher
        self._nobodys = _nobodys(hasher)
        # Each hash fills many megabytes and a core: calls must not wait for them all.
        self._one_at_a_time = asyncio.Lock()

    # A caller who hangs up while it is checked has tried all the same.
    @to_the_end
    async def verify(self, extension: Extension, pin: str, now: datetime) -> Verdict:
        """Tell whether it is the extension's PIN; it takes as long if there is none."""
        count = self._store.credentials.count
        # Counted as wrong before it is looked at: many tries at once, in any number of
        # processes, are no more than as many one by one.
        before = await count(extension, partial(_one_more, now=now), now, _BY)
        tries = Tries() if before is None else before.tries
        kept = None if before is None or is_locked(tries, now) else before.hash
        is_right = await self._fits(kept or self._nobodys, pin) and kept is not None
        if is_right:
            await count(extension, lambda _: Counted(Tries()), now, _BY)
            return Verdict.RIGHT
        locks = kept is not None and after_wrong(tries, now).locked_until is not None
        event = "PinLocked" if locks else None
        await count(extension, lambda there: Counted(there, event), now, _BY)
        return Verdict.LOCKED if is_locked(tries, now) else Verdict.WRONG

    async def set(self, extension: Extension, pin: str, now: datetime, by: str) -> None:
        """Give an extension a PIN instead of any it had; PinError when it is too easy.

        An extension that was locked is open again.
        """
        check(pin, extension)
        async with self._one_at_a_time:
            kept = await asyncio.to_thread(self._hasher.hash, pin)
        await self._store.credentials.put(extension, kept, now, by)

    async def clear(self, extension: Extension, now: datetime, by: str) -> None:
        """Take the PIN away; with none, an extension can be reached by no PIN."""
        await self._store.credentials.remove(extension, now, by)

    async def unlock(self, extension: Extension, now: datetime, by: str) -> None:
        """Forget the wrong tries; PinError when there is no PIN to try."""
        await self._store.directory.find(extension)
        if await self._store.credentials.count(extension, _open, now, by) is None:
            raise PinError(
                f"Extension {extension} has no PIN: "
                f"give it one with `telefonist pin set {extension}`."
            )

    async def _fits(self, kept: str, pin: str) -> bool:
        # What has not the form of a PIN costs as much time as what has.
        tried = pin if _FORM.fullmatch(pin) else "-"
        async with self._one_at_a_time:
            try:
                return await asyncio.to_thread(self._hasher.verify, kept, tried)
            except VerifyMismatchError:
                return False
            except (VerificationError, InvalidHashError):
                log.error("a kept PIN is damaged: give that extension a new one")
                return False


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    """Return the hash of no PIN, which nothing that is keyed fits."""
    return hasher.hash("")


def check(pin: str, extension: Extension) -> None:
    """Say plainly why a PIN cannot be used, before it is kept."""
    if not _FORM.fullmatch(pin):
        raise PinError(f"A PIN is {DIGITS} digits and nothing else: choose such a one.")
    if _is_easy(pin) or _is_of(pin, extension):
        raise PinError(
            "That PIN is among the first that anybody would try: choose digits that "
            "are no row, no pattern and not the extension."
        )


def _is_easy(pin: str) -> bool:
    steps = {(int(b) - int(a)) % 10 for a, b in zip(pin, pin[1:], strict=False)}
    half = len(pin) // 2
    return (
        # 123456, 987654, 135791
        len(steps) == 1
        # 121212, 112112
        or len(set(pin)) < 3
        # 123123
        or pin[:half] == pin[half:]
        # 123321
        or pin == pin[::-1]
        # 112233
        or pin[::2] == pin[1::2]
    )


def _is_of(pin: str, extension: Extension) -> bool:
    # A short extension is in many a PIN by chance.
    is_in = len(extension) > 3 and (extension in pin or pin in extension)
    return is_in or (extension * DIGITS)[:DIGITS] == pin


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


def _open(tries: Tries) -> Counted:
    return Counted(Tries(), "PinUnlocked" if tries.wrong else None)
