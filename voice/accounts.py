"""Accounts: named, given passwords, and let in by them and by nothing else."""

import asyncio
import re
import unicodedata
from datetime import datetime
from functools import partial

from argon2 import PasswordHasher

from voice.errors import VoiceError
from voice.lockout import HASHER, Lockout, Verdict, unlocked
from voice.store.accounts_port import Account, Login
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


class Logins:
    """Who is let in by a password."""

    def __init__(
        self, store: Store, hasher: PasswordHasher = HASHER, least: float = LEAST
    ) -> None:
        self._store, self._least = store, least
        self._lockout = Lockout("AccountLocked", hasher)

    # Who hangs up while it is checked has tried all the same.
    @to_the_end
    async def check(self, login: str, password: str, now: datetime) -> Account | None:
        """Return whose password it is; None is nobody's, whatever the reason.

        It takes as long for a name that nobody has, and for one that is locked.
        """
        found, _ = await asyncio.gather(
            self._found(named(login), password, now), asyncio.sleep(self._least)
        )
        return found

    async def give(self, login: Login, password: str, now: datetime, by: str) -> None:
        """Give a new password instead of any before; PasswordError if it will not do.

        An account that was locked is open again, and its sessions end.
        """
        check_password(password, login)
        kept = await self._lockout.hashed(_in_one_form(password))
        await self._store.passwords.put(login, kept, now, by)

    async def unlock(self, login: Login, now: datetime, by: str) -> None:
        """Forget the wrong tries; AccountError when there is no password to try."""
        opened = unlocked("AccountUnlocked")
        if await self._store.passwords.count(login, opened, now, by) is None:
            raise AccountError(
                f"{login} has no password: "
                f"give it one with `telefonist user password {login}`."
            )

    async def _found(
        self, login: Login, password: str, now: datetime
    ) -> Account | None:
        count = partial(self._store.passwords.count, login, now=now, by=_BY)
        verdict = await self._lockout.verdict(count, _in_one_form(password), now)
        account = await self._store.accounts.find(login)
        if account is None or account.disabled or verdict is not Verdict.RIGHT:
            return None
        return account


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
