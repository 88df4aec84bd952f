"""Lets people into the web by the passwords of their accounts."""

from datetime import datetime

from voice.accounts import EasyPasswordError, Logins, ShortPasswordError
from voice.store.accounts_port import Account, Login
from voice.web.port import PasswordFault


class AccountGate:
    """What the web asks about passwords, answered in its own words."""

    def __init__(self, logins: Logins) -> None:
        self._logins = logins

    async def check(self, login: str, password: str, now: datetime) -> Account | None:
        """Return whose password it is; None for all others, as late and as mute."""
        return await self._logins.check(login, password, now)

    async def change(
        self, login: Login, password: str, now: datetime
    ) -> PasswordFault | None:
        """Give somebody a new password of their own; their sessions end."""
        try:
            await self._logins.give(login, password, now, login)
        except ShortPasswordError:
            return PasswordFault.SHORT
        except EasyPasswordError:
            return PasswordFault.EASY
        return None
