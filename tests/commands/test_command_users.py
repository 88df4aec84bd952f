"""`user`: who may log in, made from the command line and by no other first."""

import asyncio
import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from command_line import Telefonist, Told

from voice.accounts import Logins
from voice.lockout import FREE_TRIES
from voice.store.accounts_port import Account, Login
from voice.store.database import open_store
from voice.store.sessions_port import Limits, Session, SessionId

PASSWORD, OTHER = "korrekt häst batteri", "fel ko tändsticka"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
WIDE = Limits(timedelta(days=1), timedelta(days=1))
ID = SessionId("of-anna")


@pytest.fixture
def account(
    telefonist: Telefonist, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Told]:
    """Run a command of accounts, with a password by a pipe."""

    def run(*arguments: str, password: str = PASSWORD) -> Told:
        came = io.BytesIO(f"{password}\n".encode())
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(came))
        return telefonist("user", *arguments)

    return run


@pytest.fixture
def anna(account: Callable[..., Told]) -> None:
    """Let Anna log in."""
    assert account("add", "Anna.Berg", "--role", "operator").code == 0


def tried(site: Path, *passwords: str) -> list[Account | None]:
    async def run() -> list[Account | None]:
        async with open_store(str(site / "site.db")) as store:
            logins, now = Logins(store, QUICK, least=0), datetime.now(UTC)
            return [await logins.check("anna.berg", each, now) for each in passwords]

    return asyncio.run(run())


def begin(site: Path) -> None:
    async def run() -> None:
        async with open_store(str(site / "site.db")) as store:
            await store.sessions.begin(ID, Login("anna.berg"), "c", datetime.now(UTC))

    asyncio.run(run())


def session(site: Path) -> Session | None:
    async def run() -> Session | None:
        async with open_store(str(site / "site.db")) as store:
            return await store.sessions.find(ID, WIDE, datetime.now(UTC))

    return asyncio.run(run())


def listed(account: Callable[..., Told]) -> list[dict[str, object]]:
    told = account("list", "--json")
    assert told.code == 0
    return [json.loads(line) for line in told.out.splitlines()]


def test_the_first_administrator_is_made_by_a_command(
    account: Callable[..., Told], site: Path
):
    assert "telefonist user add anna.berg --role admin" in account("list").out
    added = account("add", "Anna.Berg", "--role", "administrator")
    assert added == Told(0, "anna.berg may log in.\n", "")
    (found,) = tried(site, PASSWORD)
    assert found is not None
    assert found.roles == {"administrator"}
    (line,) = listed(account)
    assert (line["login"], line["roles"]) == ("anna.berg", ["administrator"])
    assert "anna.berg" in account("list").out


def test_an_account_can_have_a_page_of_its_own(
    telefonist: Telefonist, account: Callable[..., Told]
):
    person = ("add", "anna", "--role", "person", "--extension", "1234")
    told = account(*person)
    assert told.code == 1
    assert "telefonist extension add 1234" in told.err
    assert listed(account) == []
    telefonist("extension", "add", "1234", "Anna")
    made = account(*person, "--json")
    assert json.loads(made.out)["extension"] == "1234"
    account("change", "anna", "--extension", "")
    assert listed(account)[0]["extension"] is None


@pytest.mark.parametrize(
    ("arguments", "password", "says"),
    [
        (["add", "anna"], PASSWORD, "Say what one may do: --role person"),
        (["add", "a b", "--role", "person"], PASSWORD, "write it as anna.berg"),
        (["add", "anna", "--role", "person"], "kort", "12 to 256 characters"),
        (["add", "anna", "--role", "person"], "x1" * 5000, "12 to 256 characters"),
        (["add", "anna", "--role", "person"], "", "12 to 256 characters"),
        (["add", "anna", "--role", "person"], "sommar2026!!", "anybody would try"),
        (["add", "anna.berg", "--role", "person"], "anna.berg.1234", "would try"),
        (["remove", "nobody"], "", "telefonist user add nobody"),
        (["password", "nobody"], PASSWORD, "telefonist user add nobody"),
        (["unlock", "nobody"], "", "telefonist user add nobody"),
        (["change", "nobody", "--disable"], "", "telefonist user add nobody"),
        (["change", "nobody"], "", "nothing to change: give --role"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    account: Callable[..., Told], arguments: list[str], password: str, says: str
):
    told = account(*arguments, password=password)
    assert (told.code, told.out) == (1, "")
    assert says in told.err
    assert told.err.count("\n") == 1
    assert not password or password not in told.err
    assert listed(account) == []


@pytest.mark.usefixtures("anna")
def test_an_account_is_not_given_away_by_adding_it_again(
    account: Callable[..., Told], site: Path
):
    again = ("add", "ANNA.BERG", "--role", "administrator")
    told = account(*again, password=OTHER)
    assert "change it with `telefonist user change anna.berg`" in told.err
    assert [found is not None for found in tried(site, PASSWORD, OTHER)] == [
        True,
        False,
    ]


@pytest.mark.usefixtures("anna")
def test_a_new_password_replaces_the_old_and_logs_out(
    account: Callable[..., Told], site: Path
):
    begin(site)
    told = account("password", "anna.berg", password=OTHER)
    assert told == Told(0, "anna.berg has a new password.\n", "")
    assert [found is not None for found in tried(site, PASSWORD, OTHER)] == [
        False,
        True,
    ]
    assert session(site) is None


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("change", [["--role", "person"], ["--disable"]])
def test_a_change_logs_out(account: Callable[..., Told], site: Path, change: list[str]):
    begin(site)
    assert session(site) is not None
    assert account("change", "anna.berg", *change).code == 0
    assert session(site) is None


@pytest.mark.usefixtures("anna")
def test_who_is_disabled_is_shut_out_until_enabled(
    account: Callable[..., Told], site: Path
):
    account("change", "anna.berg", "--disable")
    assert tried(site, PASSWORD) == [None]
    assert "disabled" in account("list").out
    account("change", "anna.berg", "--enable")
    assert tried(site, PASSWORD) != [None]


@pytest.mark.usefixtures("anna")
def test_who_is_locked_out_is_shown_and_let_in_again(
    account: Callable[..., Told], site: Path
):
    assert tried(site, *[OTHER] * FREE_TRIES, PASSWORD)[-1] is None
    assert "password, locked" in account("list").out
    assert listed(account)[0]["locked_until"] is not None
    told = account("unlock", "anna.berg")
    assert told == Told(0, "anna.berg: the password can be tried again.\n", "")
    assert tried(site, PASSWORD) != [None]


@pytest.mark.usefixtures("anna")
def test_who_is_removed_is_gone(account: Callable[..., Told], site: Path):
    begin(site)
    removed = account("remove", "Anna.Berg")
    assert removed == Told(0, "anna.berg is removed.\n", "")
    assert listed(account) == []
    assert session(site) is None
    assert tried(site, PASSWORD) == [None]


@pytest.mark.usefixtures("anna")
def test_no_password_or_hash_is_shown_or_in_any_file(
    account: Callable[..., Told], site: Path
):
    shown = account("list").out + account("list", "--json").out
    files = [file.read_bytes() for file in site.iterdir() if file.is_file()]
    assert any(b"$argon2id$" in held for held in files)
    assert "argon2" not in shown
    assert not any(PASSWORD.encode() in held for held in files)
