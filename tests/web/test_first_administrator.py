"""A web that nobody may set up yet: how its first administrator is made is said."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from web_served import PATIENCE, settings_in

from voice.config import settings
from voice.store.accounts_port import Account, Login, Role
from voice.store.memory import memory_store
from voice.store.port import Store
from voice.web_service import serve_web

NOW = datetime(2026, 3, 5, 10, 40, tzinfo=UTC)
REMEDY = "telefonist user add LOGIN --role administrator"
GROUPS = """
[web.oidc]
issuer = "https://login.example.org/"
client = "telefonist"
[web.oidc.roles]
administrator = ["chefer"]
"""


async def told(
    folder: Path, store: Store, caplog: pytest.LogCaptureFixture, more: str = ""
) -> bool:
    """Let the web start and end; tell whether it said how one is made."""
    file, _ = settings_in(folder, more)
    secret = {"TELEFONIST_OIDC_SECRET": "hemlig"} if more else {}
    leave = asyncio.Event()
    async with asyncio.timeout(PATIENCE):
        chosen = settings(secret, file)
        await serve_web(chosen, store, leave, lambda address: leave.set())
    return REMEDY in caplog.text


def account(role: Role, disabled: bool = False) -> Account:
    return Account(Login("eva"), frozenset({role}), NOW, disabled=disabled)


@pytest.mark.parametrize(
    "there",
    [None, account(Role.OPERATOR), account(Role.ADMINISTRATOR, disabled=True)],
)
async def test_where_there_is_none_it_is_said_how_the_first_is_made(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, there: Account | None
):
    store = memory_store()
    if there is not None:
        await store.accounts.put(there, NOW, "test")
    assert await told(tmp_path, store, caplog)


async def test_where_there_is_one_nothing_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    store = memory_store()
    await store.accounts.put(account(Role.ADMINISTRATOR), NOW, "test")
    assert not await told(tmp_path, store, caplog)


async def test_where_a_group_is_of_administrators_nothing_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    assert not await told(tmp_path, memory_store(), caplog, GROUPS)
