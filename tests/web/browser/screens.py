"""Windows of a browser, in which somebody has logged in."""

import shutil
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from shutil import copytree

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
)
from web_house import GRAMMAR, PASSWORD, QUICK

from voice.divert.model import Extension
from voice.store.accounts_port import Account, Login, Role
from voice.store.port import Listing, Store

WIDE, NARROW = 1280, 320
_HEIGHT = 900
PROGRAM = "chromium"
# What is refused with 4xx is shown; Chromium and htmx note that besides.
_REFUSALS = ("Failed to load resource", "Response Status Error Code 4")
_numbers = count(2000)
# Far more than any page takes.
PATIENCE_SECONDS = 30.0


def chromium(playwright: Playwright) -> Awaitable[Browser]:
    """Start the browser that is installed."""
    return playwright.chromium.launch(executable_path=shutil.which(PROGRAM))


@dataclass(slots=True)
class Town:
    """Where the town's web is, and what is behind it."""

    address: str
    store: Store
    logged_in: dict[str, object] = field(default_factory=dict)
    """What browsers keep of those who have logged in once, by their names."""
    password: str = PASSWORD


class Screens:
    """Browsers of their own, each with one window, and what they complained of."""

    def __init__(self, town: Town, browser: Browser) -> None:
        self.town = town
        self.complaints: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    async def of(
        self, login: str | None, width: int = WIDE, live: bool = True, **how: object
    ) -> Page:
        """Give somebody's window; one that is not `live` stays as it was opened."""
        state = self.town.logged_in.get(login or "")
        context = await self._browser.new_context(
            base_url=self.town.address,
            viewport={"width": width, "height": _HEIGHT},
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            storage_state=state,
            reduced_motion="reduce",
            **how,
        )
        self._contexts.append(context)
        context.set_default_timeout(1000 * PATIENCE_SECONDS)
        # A policy that is broken is told here too.
        context.on("console", lambda message: self._hear(message))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        if not live:
            await context.route("**/live*", lambda route: route.abort())
        page = await context.new_page()
        if login is not None and state is None:
            await log_in(page, login, self.town.password)
            self.town.logged_in[login] = await context.storage_state()
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        is_refusal = any(text in message.text for text in _REFUSALS)
        if message.type == "error" and not is_refusal:
            self.complaints.append(message.text)

    async def close(self) -> None:
        for context in self._contexts:
            await context.close()


def settings_of(folder: Path) -> str:
    """Return what a town sets more of its web, which has a grammar of its own."""
    copytree(GRAMMAR, folder / "grammar")
    # Nobody looks through a whole town as fast as a test.
    return f'requests_a_second = 1000\n[sound]\ngrammar = "{folder}/grammar"\n'


async def log_in(page: Page, login: str, password: str = PASSWORD) -> None:
    """Log in where the login page is, or go there first."""
    if not page.url.partition("?")[0].endswith("/logga-in"):
        await page.goto("/logga-in")
    await page.locator("[name=login]").fill(login)
    await page.locator("[name=password]").fill(password)
    await page.locator("form[action='/logga-in'] button").click()
    await page.wait_for_url(lambda url: "/logga-in" not in url)


async def newcomer(town: Town) -> tuple[str, Extension]:
    """Let somebody come to the town, whom no other test meets."""
    extension, now = Extension(str(next(_numbers))), datetime.now(UTC)
    name = f"Nils Ny {extension}"
    await town.store.directory.put([Listing(extension, name, "Växeln")], now, "test")
    login = Login(f"ny{extension}")
    account = Account(login, frozenset({Role.PERSON}), now, extension)
    await town.store.accounts.put(account, now, "test")
    await town.store.passwords.put(login, QUICK.hash(PASSWORD), now, "test")
    return login, extension
