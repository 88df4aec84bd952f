"""Accounts: only the right password lets in, and nothing tells whose there are."""

import logging
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from voice.accounts import (
    LEAST,
    AccountError,
    EasyPasswordError,
    Logins,
    PasswordError,
    ShortPasswordError,
    check_password,
    named,
    new_login,
)
from voice.lockout import FIRST_LOCK, FREE_TRIES
from voice.store.access_faults import UnknownAccountError
from voice.store.accounts_port import Account, Login, Role, may
from voice.store.memory import memory_store
from voice.store.port import Store
from voice.store.sessions_port import Limits, SessionId

NOW = datetime(2026, 3, 5, 10, 40, tzinfo=UTC)
ANNA = Account(Login("anna.berg"), frozenset({Role.OPERATOR}), NOW)
BO = Account(Login("bo"), frozenset({Role.ADMINISTRATOR}), NOW)
PASSWORD, OTHER = "korrekt häst batteri", "fel ko tändsticka"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
WIDE = Limits(timedelta(days=1), timedelta(days=1))


class Counting(PasswordHasher):
    """A real hasher that remembers which hashes it was asked to check."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.checked: list[str | bytes] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        self.checked.append(hash)
        return super().verify(hash, password)


@pytest.fixture
async def store() -> Store:
    store = memory_store()
    for account in (ANNA, BO):
        await store.accounts.put(account, NOW, "test")
    return store


@pytest.fixture
async def logins(store: Store) -> Logins:
    logins = Logins(store, QUICK, least=0)
    await logins.give(ANNA.login, PASSWORD, NOW, "test")
    return logins


async def trail(store: Store) -> list[str]:
    return [each.event for each in await store.audit.entries()][::-1][2:]


async def test_the_right_password_lets_in_and_another_does_not(logins: Logins):
    assert await logins.check("anna.berg", PASSWORD, NOW) == ANNA
    assert await logins.check("anna.berg", OTHER, NOW) is None
    assert await logins.check("bo", PASSWORD, NOW) is None


@pytest.mark.parametrize("login", [" Anna.Berg ", "ANNA.BERG"])
async def test_a_login_is_known_however_it_is_written(logins: Logins, login: str):
    assert await logins.check(login, PASSWORD, NOW) == ANNA


async def test_a_password_is_the_same_from_any_keyboard(logins: Logins):
    apart = unicodedata.normalize("NFD", PASSWORD)
    assert apart != PASSWORD
    assert await logins.check("anna.berg", apart, NOW) == ANNA
    await logins.give(ANNA.login, unicodedata.normalize("NFD", OTHER), NOW, "test")
    assert await logins.check("anna.berg", OTHER, NOW) == ANNA


async def test_letters_large_and_small_are_told_apart_and_so_are_blanks(
    logins: Logins,
):
    for wrong in (PASSWORD.upper(), f"{PASSWORD} ", f" {PASSWORD}", ""):
        assert await logins.check("anna.berg", wrong, NOW) is None


async def test_the_fifth_wrong_password_locks_and_time_or_somebody_opens(
    logins: Logins, store: Store
):
    for _ in range(FREE_TRIES):
        assert await logins.check("anna.berg", OTHER, NOW) is None
    assert await logins.check("anna.berg", PASSWORD, NOW) is None
    assert await logins.check("anna.berg", PASSWORD, NOW + FIRST_LOCK) == ANNA
    for _ in range(FREE_TRIES):
        await logins.check("anna.berg", OTHER, NOW)
    for _ in range(2):
        await logins.unlock(ANNA.login, NOW, "test")
    assert await logins.check("anna.berg", PASSWORD, NOW) == ANNA
    told = ["PasswordSet", "AccountLocked", "AccountLocked", "AccountUnlocked"]
    assert await trail(store) == told


async def test_one_who_is_disabled_or_removed_is_not_let_in(
    logins: Logins, store: Store
):
    await store.accounts.put(replace(ANNA, disabled=True), NOW, "test")
    assert await logins.check("anna.berg", PASSWORD, NOW) is None
    await store.accounts.put(ANNA, NOW, "test")
    assert await logins.check("anna.berg", PASSWORD, NOW) == ANNA
    await store.accounts.remove(ANNA.login, NOW, "test")
    assert await logins.check("anna.berg", PASSWORD, NOW) is None


async def test_a_new_password_replaces_the_old_and_ends_what_it_began(
    logins: Logins, store: Store
):
    await store.sessions.begin(SessionId("s"), ANNA.login, "c", NOW)
    await logins.give(ANNA.login, OTHER, NOW, "anna.berg")
    assert await logins.check("anna.berg", PASSWORD, NOW) is None
    assert await logins.check("anna.berg", OTHER, NOW) == ANNA
    assert await store.sessions.find(SessionId("s"), WIDE, NOW) is None


async def test_every_try_costs_the_same_work_whoever_is_tried(store: Store):
    hashing = Counting()
    logins = Logins(store, hashing, least=0)
    await logins.give(ANNA.login, PASSWORD, NOW, "test")
    disabled = replace(BO, disabled=True)
    await store.accounts.put(disabled, NOW, "test")
    await logins.give(BO.login, OTHER, NOW, "test")
    for login, password, is_in in (
        ("anna.berg", PASSWORD, True),
        *[("anna.berg", OTHER, False)] * FREE_TRIES,
        ("anna.berg", PASSWORD, False),
        ("bo", OTHER, False),
        ("nobody", PASSWORD, False),
        ("' OR 1=1 --", PASSWORD, False),
        ("", "", False),
        ("x" * 100_000, PASSWORD, False),
    ):
        hashing.checked.clear()
        found = await logins.check(login, password, NOW)
        assert (found is not None) == is_in
        (checked,) = hashing.checked
        assert str(checked).startswith("$argon2id$v=19$m=8,t=1,p=1$")


async def test_no_answer_comes_before_its_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("voice.accounts.asyncio.sleep", wait)
    for login in ("anna.berg", "nobody"):
        await Logins(store, QUICK).check(login, PASSWORD, NOW)
    assert waits == [LEAST, LEAST]


@pytest.mark.parametrize("password", ["", "elva tecken", "x1" * 200])
def test_a_password_is_neither_short_nor_endless(password: str):
    with pytest.raises(ShortPasswordError, match="12 to 256 characters: choose"):
        check_password(password, ANNA.login)


@pytest.mark.parametrize(
    "password",
    [
        *("Lösenord1234", "P4ssw0rd2026!", "Sommar2026!!", "Välkommen123"),
        *("telefonisten", "Telefonist-2026", "hemligt hemligt", "!!Kommunen2026"),
        *("aaaaaaaaaaaa", "abababababab", "abc123abc123", "tralla-tralla-"),
        *("123456789012", "190001011234", "19000101-1234", "qwertyuiop12"),
        *("asdfghjkl;'12", "poiuytrewq99", "abcdefghijkl"),
        *("anna.berg2026", "ANNA.BERG-anna", "minlösenordär anna.berg"),
    ],
)
async def test_an_easy_password_is_refused_and_not_repeated(
    logins: Logins, password: str
):
    with pytest.raises(EasyPasswordError, match="first that anybody would") as told:
        await logins.give(ANNA.login, password, NOW, "test")
    assert password not in str(told.value)
    assert await logins.check("anna.berg", PASSWORD, NOW) == ANNA


@pytest.mark.parametrize(
    "password",
    [PASSWORD, OTHER, "пароль для работы", "Tr0ub4dor&3-hylla", "bo-i-ugglarp"],
)
def test_a_good_password_will_do(password: str):
    check_password(password, BO.login)


def test_what_a_mail_begins_with_is_no_password():
    with pytest.raises(EasyPasswordError):
        check_password("anna.berg-2026", Login("anna.berg@example.se"))


def refusal(password: str) -> str:
    """Return why a password will not do; nothing when it will."""
    try:
        check_password(password, ANNA.login)
    except PasswordError as error:
        return str(error)
    return ""


@given(st.text(max_size=300))
def test_any_text_is_a_password_or_refused_with_a_remedy(password: str):
    assert refusal(password) == "" or "choose some words" in refusal(password)


@pytest.mark.parametrize(
    ("written", "login"),
    [
        (" Anna.Berg@Example.SE ", "anna.berg@example.se"),
        ("ÅSA", "åsa"),
        ("A\u030aSA", "åsa"),
        ("b", "b"),
    ],
)
def test_a_login_is_kept_in_one_form(written: str, login: str):
    assert new_login(written) == named(written) == login


@pytest.mark.parametrize(
    "written",
    ["", " ", "a b", "-a", "a.", "a/b", "<b>", "x" * 65, "a\0", "анна"],
)
def test_what_cannot_be_a_login_is_nobodys(written: str):
    assert named(written) == ""
    with pytest.raises(AccountError, match="write it as anna.berg"):
        new_login(written)


async def test_who_has_no_account_or_password_is_told_what_to_do(logins: Logins):
    with pytest.raises(UnknownAccountError, match="telefonist user add nobody"):
        await logins.give(Login("nobody"), PASSWORD, NOW, "test")
    with pytest.raises(AccountError, match="telefonist user password bo"):
        await logins.unlock(BO.login, NOW, "test")


async def test_a_password_is_written_nowhere(
    logins: Logins, store: Store, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    await logins.check("anna.berg", PASSWORD, NOW)
    for _ in range(FREE_TRIES + 1):
        await logins.check("anna.berg", OTHER, NOW)
    kept = await store.passwords.find(ANNA.login)
    assert kept is not None
    seen = f"{caplog.text} {logins!r} {kept!r} {await store.audit.entries()!r}"
    for secret in (PASSWORD, OTHER, kept.hash):
        assert secret not in seen


def test_each_role_includes_those_before_it():
    for place, role in enumerate(Role):
        allowed = [wanted for wanted in Role if may(frozenset({role}), wanted)]
        assert allowed == list(Role)[: place + 1]
        assert not may(frozenset(), role)
