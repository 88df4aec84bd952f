"""PINs: given, checked, and locked for ever longer after too many wrong tries."""

import re
from datetime import datetime
from functools import partial

from argon2 import PasswordHasher

from voice.divert.model import Extension
from voice.errors import VoiceError
from voice.lockout import HASHER, Lockout, Verdict, unlocked
from voice.store.engine import to_the_end
from voice.store.port import Store

DIGITS = 6
_FORM = re.compile(rf"[0-9]{{{DIGITS}}}")
_BY = "pin"


class PinError(VoiceError):
    """A PIN cannot be what was asked for; the text never holds it."""


class Pins:
    """The PIN of each extension that has one."""

    def __init__(self, store: Store, hasher: PasswordHasher = HASHER) -> None:
        self._store = store
        self._lockout = Lockout("PinLocked", hasher)

    # A caller who hangs up while it is checked has tried all the same.
    @to_the_end
    async def verify(self, extension: Extension, pin: str, now: datetime) -> Verdict:
        """Tell whether it is the extension's PIN; it takes as long if there is none."""
        count = partial(self._store.credentials.count, extension, now=now, by=_BY)
        # What has not the form of a PIN costs as much time as what has.
        tried = pin if _FORM.fullmatch(pin) else "-"
        return await self._lockout.verdict(count, tried, now)

    async def set(self, extension: Extension, pin: str, now: datetime, by: str) -> None:
        """Give an extension a PIN instead of any it had; PinError when it is too easy.

        An extension that was locked is open again.
        """
        check(pin, extension)
        kept = await self._lockout.hashed(pin)
        await self._store.credentials.put(extension, kept, now, by)

    async def clear(self, extension: Extension, now: datetime, by: str) -> None:
        """Take the PIN away; with none, an extension can be reached by no PIN."""
        await self._store.credentials.remove(extension, now, by)

    async def unlock(self, extension: Extension, now: datetime, by: str) -> None:
        """Forget the wrong tries; PinError when there is no PIN to try."""
        await self._store.directory.find(extension)
        opened = unlocked("PinUnlocked")
        if await self._store.credentials.count(extension, opened, now, by) is None:
            raise PinError(
                f"Extension {extension} has no PIN: "
                f"give it one with `telefonist pin set {extension}`."
            )


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
