"""The web killed while many change things: all of each or none, and sessions stay."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from web_database import database_server
from web_house import PASSWORD, QUICK, Browser
from web_served import PATIENCE, settings_in

from voice.divert.model import Extension
from voice.store.accounts_port import Account, Login, Role
from voice.store.database import open_store
from voice.store.port import Listing, Store
from voice.web_process import WebProcess, open_web

MANY = 8
PEOPLE = tuple(Extension(str(number)) for number in range(2000, 2000 + MANY))


@dataclass(slots=True)
class Site:
    """A web that is kept running, and the store behind it."""

    web: WebProcess
    address: str
    store: Store

    async def is_killed(self) -> None:
        """Kill the web, and wait until it is there again."""
        first = self.web.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        while self.web.pid == first or not self.web.condition.ready:
            await self.web.changed()

    async def stands(self, extension: Extension) -> tuple[int, int]:
        """Return how many diverts stand, and how often one was set."""
        diverts = (await self.store.diverts.standing(extension)).diverts
        told = await self.store.audit.entries(extension)
        return len(diverts), sum(each.event == "DivertSet" for each in told)


async def fill(store: Store) -> None:
    now = datetime.now(UTC)
    people = [Listing(each, f"Person {each}") for each in PEOPLE]
    await store.directory.put(people, now, "test")
    for each in PEOPLE:
        account = Account(Login(f"p{each}"), frozenset({Role.PERSON}), now, each)
        await store.accounts.put(account, now, "test")
        kept = QUICK.hash(PASSWORD)
        await store.passwords.put(account.login, kept, now, "test")


@asynccontextmanager
async def kept(folder: Path, address: str) -> AsyncIterator[Site]:
    file, port = settings_in(folder, store=address)
    async with asyncio.timeout(3 * PATIENCE), open_store(address) as store:
        await fill(store)
        async with open_web(file) as web:
            while not web.condition.ready:
                await web.changed()
            yield Site(web, f"http://127.0.0.1:{port}", store)


async def sends(browser: Browser) -> httpx.Response | None:
    """Set a divert; None where nobody answers."""
    try:
        return await browser.sends("/hanvisning", reason="KUR", until="23:58")
    except httpx.TransportError:
        return None


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_web_that_is_killed_leaves_no_half_change_and_every_session(
    tmp_path: Path, kind: str
):
    async with AsyncExitStack() as opened:
        address = f"sqlite:///{tmp_path}/telefonist.db"
        if kind == "postgresql":
            address = await opened.enter_context(database_server()).database()
        there = await opened.enter_async_context(kept(tmp_path, address))
        browsers = [await person(opened, there, each) for each in PEOPLE]
        sending = [asyncio.ensure_future(sends(browser)) for browser in browsers]
        await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
        await there.is_killed()
        answers = await asyncio.gather(*sending)
        for extension, answer in zip(PEOPLE, answers, strict=True):
            diverts, told = await there.stands(extension)
            assert diverts == told <= 1
            if answer is not None:
                assert (answer.status_code, diverts) == (200, 1)
        # Nobody logs in again; and who got no answer sends the same once more.
        for browser, answer in zip(browsers, answers, strict=True):
            if answer is None:
                again = await sends(browser)
                assert again is not None
                assert again.status_code in (200, 409)
            assert (await browser.opens("/")).status_code == 200
            assert (browser.at, "kurs" in browser.page) == ("/", True)
        assert [await there.stands(each) for each in PEOPLE] == [(1, 1)] * MANY


async def person(opened: AsyncExitStack, there: Site, extension: Extension) -> Browser:
    """Return the browser of somebody who has logged in and looks at their page."""
    client = httpx.AsyncClient(
        base_url=there.address, trust_env=False, timeout=PATIENCE
    )
    await opened.enter_async_context(client)
    browser = Browser(client, origin=there.address)
    await browser.logs_in(f"p{extension}")
    assert browser.at == "/"
    return browser
