"""A whole web over a store in memory, and browsers that fill in its forms."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from html import unescape
from pathlib import Path

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI

from voice.accounts import Logins
from voice.calls.recording import Tapes
from voice.config import RecordingSettings, settings
from voice.coupling.diaries import diary_of
from voice.divert.explained import Counted
from voice.divert.model import Extension, Site
from voice.language.catalog import Catalog
from voice.obey import Door
from voice.store.accounts_port import Account, Login, Role
from voice.store.memory import memory_store
from voice.store.port import Listing, Store
from voice.trials.misheard import misheard_set
from voice.web.app import create_app
from voice.web.port import House
from voice.web.settings import WebSettings
from voice.web_administration import administration
from voice.web_gate import AccountGate
from voice.web_service import read_web_words

GRAMMAR = Path(__file__).parent.parent.parent / "grammar"
NOW = datetime(2026, 3, 5, 10, 40, tzinfo=UTC)
ANNA, BO = Extension("1234"), Extension("1300")
PASSWORD = "sju gröna små hästar"
NO_SOUND = RecordingSettings(Path("nowhere"))
HERE = "http://127.0.0.1:9951"
# As a site keeps them, but in no time.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
WORDS = read_web_words(GRAMMAR)
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass(slots=True)
class Clock:
    """A clock that stands until it is set."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def goes(self, **length: float) -> None:
        self.now += timedelta(**length)


@dataclass(slots=True)
class Browser:
    """Somebody's browser: it keeps cookies, and sends forms as they stand on pages."""

    client: httpx.AsyncClient
    origin: str | None = HERE
    page: str = ""
    at: str = ""

    async def opens(self, path: str, **headers: str) -> httpx.Response:
        """Open a page, wherever that leads."""
        answer = await self.client.get(path, headers=headers, follow_redirects=True)
        return self._shown(answer)

    async def sends(self, action: str, **fields: str) -> httpx.Response:
        """Send a form of the page that is open, and look where that leads."""
        data = hidden(self.page, action) | fields
        headers = {"origin": self.origin} if self.origin else {}
        answer = await self.client.post(
            action, data=data, headers=headers, follow_redirects=True
        )
        return self._shown(answer)

    async def logs_in(
        self, login: str, password: str = PASSWORD, path: str = "/logga-in"
    ) -> httpx.Response:
        """Open the login page and log in there."""
        await self.opens(path)
        return await self.sends("/logga-in", login=login, password=password)

    def _shown(self, answer: httpx.Response) -> httpx.Response:
        self.page, self.at = answer.text, answer.url.raw_path.decode()
        return answer


@dataclass(slots=True)
class Web:
    """The web, and the clock that it reads."""

    app: FastAPI
    house: House
    clock: Clock
    _clients: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.house.store

    def browser(
        self, base: str = HERE, address: str = "192.0.2.7", **headers: str
    ) -> Browser:
        """Return a browser that nobody has used."""
        transport = httpx.ASGITransport(self.app, client=(address, 50000))
        client = httpx.AsyncClient(transport=transport, base_url=base, headers=headers)
        self._clients.append(client)
        return Browser(client)

    async def logged_in(self, login: str, **headers: str) -> Browser:
        """Return a browser in which somebody has logged in."""
        browser = self.browser(**headers)
        answer = await browser.logs_in(login)
        assert answer.status_code == 200, answer.text
        return browser

    async def close(self) -> None:
        for client in self._clients:
            await client.aclose()


def hidden(page: str, action: str) -> dict[str, str]:
    """Return the hidden fields of a page's form; none where it has no such form."""
    form = re.search(
        rf'<form method="post" action="{re.escape(action)}".*?</form>', page, re.S
    )
    found = FIELD.findall(form[0]) if form else []
    return {name: unescape(value) for name, value in found}


@asynccontextmanager
async def opened_web(
    catalog: Catalog,
    store: Store | None = None,
    recording: RecordingSettings = NO_SOUND,
    **chosen: object,
) -> AsyncIterator[Web]:
    """Open a web with two people, an operator and an administrator."""
    clock, there = Clock(), store or memory_store()
    await fill(there)
    site, tapes = Site(catalog.reasons), Tapes(recording)

    async def well() -> str:
        return "ok"

    door, logins = Door(there, site), Logins(there, QUICK, least=0)
    house_settings = replace(settings({}), recording=recording)
    house = House(
        store=there,
        catalog=catalog,
        site=site,
        words=WORDS,
        settings=replace(WebSettings(listen="127.0.0.1:9951"), **chosen),
        obey=door.obey,
        gate=AccountGate(logins),
        now=clock,
        health=well,
        metrics=well,
        diary=partial(diary_of, door=door, counted=Counted()),
        tapes=tapes,
        misheard=partial(misheard_set, there, catalog, tapes),
        administration=administration(house_settings, door, catalog, logins, clock),
    )
    web = Web(create_app(house), house, clock)
    try:
        yield web
    finally:
        await web.close()


async def fill(store: Store) -> None:
    """Let there be people, and accounts of theirs."""
    people = [Listing(ANNA, "Anna Berg", "Skola"), Listing(BO, "Bo Ek", "Vård")]
    await store.directory.put(people, NOW, "test")
    accounts = (
        Account(Login("anna"), frozenset({Role.PERSON}), NOW, ANNA),
        Account(Login("bo"), frozenset({Role.OPERATOR}), NOW, BO),
        Account(Login("chef"), frozenset({Role.ADMINISTRATOR}), NOW),
    )
    for account in accounts:
        await store.accounts.put(account, NOW, "test")
        kept = QUICK.hash(PASSWORD)
        await store.passwords.put(account.login, kept, NOW, "test")
