"""Sessions in memory: the twin of those in a database."""

from dataclasses import replace
from datetime import datetime

from voice.store.access_faults import UnknownAccountError
from voice.store.accounts_port import Login
from voice.store.digests import digest
from voice.store.memory_contents import Contents
from voice.store.sessions_port import SEEN_EVERY, Limits, Session, SessionId, is_over
from voice.store.values import in_utc


class MemorySessions:
    """Those who are logged in."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def begin(
        self, id: SessionId, login: Login, csrf: str, now: datetime
    ) -> Session:
        """Keep a new one; UnknownAccountError where nobody may log in by that name."""
        at, account = in_utc(now), self._contents.accounts.get(login)
        if account is None or account.disabled:
            raise UnknownAccountError(login)
        session = Session(login, account.roles, account.extension, csrf, at, at)
        self._contents.sessions[digest(id)] = session
        return session

    async def find(
        self, id: SessionId, limits: Limits, now: datetime
    ) -> Session | None:
        """Return the session; None where there is none, or it is over."""
        session = self._contents.sessions.get(digest(id))
        if session is None or is_over(session, limits, now):
            return None
        # Any other change of the account has ended its sessions.
        extension = self._contents.accounts[session.login].extension
        return replace(session, extension=extension)

    async def of(self, login: Login) -> tuple[Session, ...]:
        """Return those of an account, also if they are over; the first one first."""
        theirs = (s for s in self._contents.sessions.values() if s.login == login)
        return tuple(sorted(theirs, key=lambda session: session.began))

    async def touch(self, id: SessionId, now: datetime) -> None:
        """Say that it is used; this is written down at most once a minute."""
        session = self._contents.sessions.get(digest(id))
        if session is not None and now - session.seen >= SEEN_EVERY:
            self._contents.sessions[digest(id)] = replace(session, seen=in_utc(now))

    async def end(self, id: SessionId) -> None:
        """End one session; ending it twice is not an error."""
        self._contents.sessions.pop(digest(id), None)

    async def end_all(self, login: Login) -> None:
        """End all sessions of an account."""
        self._contents.end_sessions(login)

    async def sweep(self, limits: Limits, now: datetime) -> int:
        """Forget those that are over, and return how many they were."""
        sessions = self._contents.sessions
        over = [key for key, each in sessions.items() if is_over(each, limits, now)]
        for key in over:
            del sessions[key]
        return len(over)
