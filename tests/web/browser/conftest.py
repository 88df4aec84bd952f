"""A town's web in a process of its own, and one Chromium that looks at it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from directory_server import READER_PASSWORD, Person, running, slapd
from playwright.async_api import Browser, async_playwright
from screens import PROGRAM, Screens, Town, settings_of
from screens import chromium as start
from sights import Sight, find_sights
from town import build
from web_served import served_web

from voice.store.database import open_store

# Whom the town's directory server lists: most are not among them, and some are spoilt.
STAFF = (
    Person("Eva Lundgren-Ek", {"telephoneNumber": "1500", "ou": "Ledning"}),
    Person("Ny Person", {"telephoneNumber": "1999", "mobile": "070-1234567"}),
    Person("Fel Nummer", {"telephoneNumber": "okant"}),
    Person("Fel Mobil", {"telephoneNumber": "1998", "mobile": "finns ej"}),
)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") is None or shutil.which(PROGRAM):
        return
    why = f"{PROGRAM} is not here: apt install {PROGRAM}"
    if item.config.getoption("--browser-required"):
        pytest.fail(why)
    pytest.skip(why)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    async with AsyncExitStack() as opened:
        more = settings_of(folder)
        if slapd() is not None:
            beside = running(tmp_path_factory.mktemp("slapd"), STAFF)
            more += opened.enter_context(beside).settings
        password = {"TELEFONIST_LDAP_PASSWORD": READER_PASSWORD}
        served = served_web(folder, more=more, **password)
        address = (await opened.enter_async_context(served)).address
        store = open_store(f"sqlite:///{folder}/telefonist.db")
        town = Town(address, await opened.enter_async_context(store))
        await build(town.store, datetime.now(UTC))
        yield town


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        yield await start(playwright)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sights(town: Town) -> tuple[Sight, ...]:
    """Return all there is to look at."""
    return await find_sights(town.address)


@pytest_asyncio.fixture(loop_scope="session")
async def screens(town: Town, chromium: Browser) -> AsyncIterator[Screens]:
    """Return a way to look at the town; whatever a browser complained of fails."""
    screens = Screens(town, chromium)
    yield screens
    await screens.close()
    assert screens.complaints == []
