"""Lets people into the web by the passwords of their accounts."""

from datetime import datetime
from functools import partial

from argon2 import PasswordHasher

from voice.lockout import HASHER, Lockout, Verdict
from voice.store.accounts_port import Account, Login
from voice.store.engine import to_the_end
from voice.store.port import Store
from voice.web.port import PasswordFault

SHORTEST = 12
_BY = "web"
# Names of nobody: they are asked for all the same, so that it takes as long.
_LONGEST_LOGIN = 64


class AccountGate:
    """Checks passwords, and gives people new ones of their own."""

    def __init__(self, store: Store, hasher: PasswordHasher = HASHER) -> None:
        self._store = store
        self._lockout = Lockout("AccountLocked", hasher)

    # Who hangs up while it is checked has tried all the same.
    @to_the_end
    async def check(self, login: str, password: str, now: datetime) -> Account | None:
        """Return whose password it is; None for all others, as late and as mute."""
        named = Login(login.strip().lower()[:_LONGEST_LOGIN])
        count = partial(self._store.passwords.count, named, now=now, by=_BY)
        verdict = await self._lockout.verdict(count, password, now)
        account = await self._store.accounts.find(named)
        is_in = account is not None and not account.disabled
        return account if is_in and verdict is Verdict.RIGHT else None

    async def change(
        self, login: Login, password: str, now: datetime
    ) -> PasswordFault | None:
        """Give somebody a new password of their own; their sessions end."""
        if len(password) < SHORTEST:
            return PasswordFault.SHORT
        if _is_easy(password, login):
            return PasswordFault.EASY
        kept = await self._lockout.hashed(password)
        await self._store.passwords.put(login, kept, now, login)
        return None


def _is_easy(password: str, login: Login) -> bool:
    """Tell whether a password is among the first that anybody would try."""
    plain = password.lower()
    halves = (plain[: len(plain) // 2], plain[len(plain) // 2 :])
    return len(set(plain)) < 4 or login in plain or halves[0] == halves[1]
