"""Lets people into the web by the passwords of their accounts."""

from datetime import datetime

from voice.accounts import EasyPasswordError, Logins, Proved, ShortPasswordError
from voice.known_browsers import Mark
from voice.web.port import PasswordFault, Proof


class AccountGate:
    """What the web asks about passwords, answered in its own words."""

    def __init__(self, logins: Logins) -> None:
        self._logins = logins

    async def check(
        self, login: str, password: str, now: datetime, mark: str = ""
    ) -> Proof | None:
        """Return whose password it is; None for all others, as late and as mute."""
        proved = await self._logins.prove(login, password, now, Mark(mark))
        return None if proved is None else Proof(proved.account, proved.mark)

    async def holds(self, proof: Proof) -> bool:
        """Tell whether the password is still the one that was proved to be known."""
        return await self._logins.holds(_proved(proof))

    async def change(
        self, proof: Proof, password: str, now: datetime
    ) -> Proof | PasswordFault:
        """Give somebody a new password of their own; their sessions end."""
        try:
            proved = await self._logins.change(_proved(proof), password, now)
        except ShortPasswordError:
            return PasswordFault.SHORT
        except EasyPasswordError:
            return PasswordFault.EASY
        return Proof(proved.account, proved.mark)


def _proved(proof: Proof) -> Proved:
    return Proved(proof.account, Mark(proof.mark))
