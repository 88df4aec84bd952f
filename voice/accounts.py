"""Accounts: named, given passwords, and let in by them and by nothing else."""

import asyncio
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from argon2 import PasswordHasher

from voice.errors import VoiceError
from voice.known_browsers import NO_MARK, Mark, Tries, is_marked, mark
from voice.lockout import HASHER, Lockout, Verdict, unlocked
from voice.store.access_faults import PasswordChangedError
from voice.store.accounts_port import Account, Login
from voice.store.credentials_port import Count, Credential
from voice.store.engine import to_the_end
from voice.store.port import Store

SHORTEST, LONGEST = 12, 256
# Seconds that any answer takes at least. What a wrong try writes takes some thousandths
# of one, which an unknown name has nothing to write for: that must not be seen.
LEAST = 0.25
_BY = "login"
_NAME = re.compile(r"[a-z0-9åäöéü](?:[a-z0-9åäöéü._@+-]{0,62}[a-z0-9åäöéü])?")
# What many begin with when they have to think of one, and what they put about it.
_EASY = re.compile(
    "(?:admin|administrator|changeme|hemlig|hemligt|host|iloveyou|jag|kommun|kommunen|"
    "letmein|losenord|losenordet|min|mitt|operator|password|qwerty|sommar|sommaren|"
    "stockholm|sverige|telefon|telefonist|telefonisten|test|valkommen|var|vaxel|vaxeln|"
    "vinter|vintern|welcome)*"
)
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_FOR_LETTERS = str.maketrans("013457@$", "oieastas")
_FEWEST_SIGNS = 5


class AccountError(VoiceError):
    """An account cannot be what was asked for."""


class PasswordError(AccountError):
    """A password cannot be used; the text never holds it."""


class ShortPasswordError(PasswordError):
    """A password is shorter or longer than passwords are."""

    def __init__(self) -> None:
        super().__init__(
            f"A password has {SHORTEST} to {LONGEST} characters: "
            "choose some words that have nothing to do with each other."
        )


class EasyPasswordError(PasswordError):
    """A password is one that others would think of."""

    def __init__(self) -> None:
        super().__init__(
            "That password is among the first that anybody would try: "
            "choose some words that have nothing to do with each other."
        )


@dataclass(frozen=True, slots=True)
class Proved:
    """Somebody who has proved who they are."""

    account: Account
    mark: Mark
    """What the browser is to keep; it holds for as long as the password stands."""


class Logins:
    """Who is let in by a password."""

    def __init__(
        self, store: Store, hasher: PasswordHasher = HASHER, least: float = LEAST
    ) -> None:
        self._store, self._least = store, least
        self._lockout = Lockout("AccountLocked", hasher)
        self._of_browsers = Tries()

    async def check(self, login: str, password: str, now: datetime) -> Account | None:
        """Return whose password it is; None is nobody's, whatever the reason."""
        proved = await self.prove(login, password, now)
        return None if proved is None else proved.account

    # Who hangs up while it is checked has tried all the same.
    @to_the_end
    async def prove(
        self, login: str, password: str, now: datetime, shown: Mark = NO_MARK
    ) -> Proved | None:
        """Return whose password it is, where `shown` is what the browser has kept.

        It takes as long for a name that nobody has, and for one that is locked. A
        browser that its owner has logged in by is let in all the same.
        """
        name, secret = named(login), _in_one_form(password)
        kept, _ = await asyncio.gather(
            self._kept(name, secret, now, shown), asyncio.sleep(self._least)
        )
        account = await self._store.accounts.find(name)
        if kept is None or account is None or account.disabled:
            return None
        return Proved(account, mark(name, kept))

    async def holds(self, proved: Proved) -> bool:
        """Tell whether the password is still the one by which somebody was let in."""
        login = proved.account.login
        kept = await self._store.passwords.find(login)
        return kept is not None and is_marked(proved.mark, login, kept.hash)

    async def give(self, login: Login, password: str, now: datetime, by: str) -> None:
        """Give a new password instead of any before; PasswordError if it will not do.

        An account that was locked is open again, and its sessions end.
        """
        kept = await self._hashed(login, password)
        await self._store.passwords.put(login, kept, now, by)

    async def change(self, proved: Proved, password: str, now: datetime) -> Proved:
        """Give a new password instead of the one that somebody has proved to know.

        PasswordChangedError where another stands by now.
        """
        login = proved.account.login

        def check(before: Credential | None) -> None:
            if before is None or not is_marked(proved.mark, login, before.hash):
                raise PasswordChangedError(login)

        kept = await self._hashed(login, password)
        await self._store.passwords.put(login, kept, now, login, check)
        return Proved(proved.account, mark(login, kept))

    async def unlock(self, login: Login, now: datetime, by: str) -> None:
        """Forget the wrong tries; AccountError when there is no password to try."""
        opened = unlocked("AccountUnlocked")
        if await self._store.passwords.count(login, opened, now, by) is None:
            raise AccountError(
                f"{login} has no password: "
                f"give it one with `telefonist user password {login}`."
            )

    async def _kept(
        self, login: Login, secret: str, now: datetime, shown: Mark
    ) -> str | None:
        """Return the hash that a secret fits; None where it fits none."""
        known = await self._store.passwords.find(login) if shown else None
        is_known = known is not None and is_marked(shown, login, known.hash)
        if known is not None and is_known and self._of_browsers.begin(shown):
            return await self._of_known_browser(known.hash, secret, shown)
        seen: list[Credential | None] = []

        async def count(change: Count) -> Credential | None:
            seen.append(await self._store.passwords.count(login, change, now, _BY))
            return seen[-1]

        verdict = await self._lockout.verdict(count, secret, now)
        # The first that was seen is the one that was looked at.
        before = seen[0]
        return before.hash if before and verdict is Verdict.RIGHT else None

    async def _of_known_browser(
        self, kept: str, secret: str, shown: Mark
    ) -> str | None:
        if not await self._lockout.fits(kept, secret):
            return None
        self._of_browsers.forget(shown)
        return kept

    async def _hashed(self, login: Login, password: str) -> str:
        check_password(password, login)
        return await self._lockout.hashed(_in_one_form(password))


def named(text: str) -> Login:
    """Return the login as it is kept; what can be nobody's is the empty one."""
    name = unicodedata.normalize("NFC", text.strip()).lower()
    return Login(name if _NAME.fullmatch(name) else "")


def new_login(text: str) -> Login:
    """Return a login for a new account; AccountError when it cannot be one."""
    login = named(text)
    if not login:
        raise AccountError(
            "A login has at most 64 letters, digits, points and dashes, and may be a "
            "mail address: write it as anna.berg or anna.berg@example.se."
        )
    return login


def check_password(password: str, login: Login) -> None:
    """Say plainly why a password cannot be used, before it is kept."""
    plain = _in_one_form(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise ShortPasswordError
    if _is_easy(plain.lower()) or _is_of(plain.lower(), login):
        raise EasyPasswordError


def _in_one_form(password: str) -> str:
    # NIST SP 800-63B §3.1.1.2: the same letters, whichever keyboard wrote them.
    return unicodedata.normalize("NFKC", password)


def _is_easy(plain: str) -> bool:
    # aaaabbbbcccc, and abcabcabcabc, which is found in itself once it is doubled.
    repeats = (plain * 2).find(plain, 1) < len(plain)
    return len(set(plain)) < _FEWEST_SIGNS or repeats or _is_of_easy_words(plain)


def _is_of_easy_words(plain: str) -> bool:
    """Tell whether it is common words, rows of keys, digits and signs, and no more."""
    # P4ssw0rd2026! is the word inside: only there do digits stand for letters.
    letters = unicodedata.normalize("NFD", plain)
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", letters).translate(_FOR_LETTERS)
    words = (re.sub(r"[\W\d_]", "", text) for text in (letters, core))
    return any(_EASY.fullmatch(word) or _is_row(word) for word in words)


def _is_row(word: str) -> bool:
    return any(word in row or word[::-1] in row for row in _ROWS)


def _is_of(plain: str, login: Login) -> bool:
    name = login.partition("@")[0]
    # A short name is in many a password by chance.
    return plain in (login, login[::-1]) or (len(name) > 3 and name in plain)
