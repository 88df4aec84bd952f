"""An identity provider that nobody here wrote, as a process of its own on loopback."""

import asyncio
import json
import os
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx
from web_house import Browser, Web, opened_web
from web_served import PATIENCE, free_port

from voice.language.catalog import Catalog
from voice.web.oidc.settings import OidcRoles, OidcSettings

START = "/logga-in/arbetskonto"
ANNA_MAIL = "anna.berg@example.se"
CLIENT = "telefonist"
OUR_SECRET = "hemligt som bara vi och de vet"
PEOPLE: tuple[Mapping[str, object], ...] = (
    {"sub": "anna", "email": ANNA_MAIL, "preferred_username": "anna.berg"},
    {"sub": "bo", "email": "bo.ek@example.se", "groups": ["telefonister"]},
    {"sub": "chef", "email": "chef@example.se", "groups": "ansvariga"},
    {"sub": "ingen", "email": "ingen@example.se"},
    {"sub": "falsk", "email": ANNA_MAIL, "email_verified": False},
    {"sub": "manga", "email": ANNA_MAIL, "_claim_names": {"groups": "src1"}},
)
ROLES = OidcRoles(operator=("telefonister",), administrator=("ansvariga",))


@dataclass(slots=True)
class Provider:
    """A provider that runs, and how it can be spoken to."""

    address: str
    pid: int

    def freezes(self) -> None:
        """Take questions, and answer none."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaws(self) -> None:
        """Answer all that was asked meanwhile."""
        os.kill(self.pid, signal.SIGCONT)

    def dies(self) -> None:
        """Be no more, at once."""
        os.kill(self.pid, signal.SIGKILL)

    async def logs_in(self, asked: str, person: str) -> str:
        """Log somebody in there; return where the browser is sent back to."""
        async with httpx.AsyncClient() as client:
            answer = await client.post(asked, data={"sub": person})
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]


@asynccontextmanager
async def provider(*options: str, port: int = 0) -> AsyncIterator[Provider]:
    """Run a provider that knows some people, until the end."""
    port = port or free_port()
    people = [part for each in PEOPLE for part in ("--user-claims", json.dumps(each))]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "oidc_provider_mock", "-p", str(port)),
        *people,
        *options,
        stdout=DEVNULL,
        stderr=PIPE,
        env=dict(os.environ) | {"NO_COLOR": "1"},
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(PATIENCE):
            while b"running on" not in (line := await process.stderr.readline()):
                assert line, "the provider ended"
        reading = asyncio.create_task(process.stderr.read())
        yield Provider(f"http://127.0.0.1:{port}", process.pid)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reading


def chosen(issuer: str, **more: object) -> OidcSettings:
    """Return how a site is set that is known to a provider."""
    known = OidcSettings(issuer, CLIENT, OUR_SECRET, roles=ROLES)
    return replace(known, **more)


@asynccontextmanager
async def web_beside(
    catalog: Catalog, issuer: str, **more: object
) -> AsyncIterator[Web]:
    """Open a web that lets people in by a provider, whose clock is the true one."""
    async with opened_web(catalog, oidc=chosen(issuer, **more)) as web:
        web.clock.now = datetime.now(UTC)
        anna = await web.store.directory.find("1234")
        listed = [replace(anna, mail=ANNA_MAIL)]
        await web.store.directory.put(listed, web.clock(), "test")
        yield web


async def asked(browser: Browser, till: str = "/") -> str:
    """Begin to log in; return where the provider is asked."""
    answer = await browser.client.get(START, params={"till": till})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def logs_in(browser: Browser, there: Provider, person: str) -> httpx.Response:
    """Log in by way of the provider, wherever that leads."""
    back = await there.logs_in(await asked(browser), person)
    return await browser.opens(path_of(back))


def path_of(address: str) -> str:
    """Return an address without its host, as a browser that is there asks for it."""
    split = urlsplit(address)
    return f"{split.path}?{split.query}"


def fields(address: str) -> dict[str, str]:
    """Return what an address brings along."""
    return {name: texts[0] for name, texts in parse_qs(urlsplit(address).query).items()}


def said(page: str) -> str:
    """Return what a page blames."""
    found = re.search(r'class="fault" role="alert">([^<]*)<', page)
    return found[1] if found else ""
