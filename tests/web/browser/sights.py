"""All there is to look at: found by following the links of every page."""

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import TypeAlias

import httpx
import pytest
from fastapi.routing import APIRoute
from playwright.async_api import Page
from screens import Screens
from town import BOSS, LISTED_CALL, OPEN_CALL
from web_house import Browser

from voice.web.app import ROUTERS

Look: TypeAlias = Callable[[Page], Awaitable[list[str]]]
"""Returns what is wrong with a page."""

LINK = re.compile(r'href="(/[^"#]*)')
# Of pages that are made alike, so many are looked at.
_ALIKE = 1
_MOST = 500
# One page is drawn while another is asked for.
_AT_ONCE = 2
_STATES = (
    ("logga-in", None, "/logga-in"),
    ("min-startsida", "anna", "/"),
    ("min-startsida-kalender", str(BOSS), "/"),
    ("min-startsida-fel", "bo", "/"),
    ("min-startsida-ingen", "chef", "/"),
    ("samtal-sokta", str(BOSS), "/samtal?q=lunch"),
    ("samtal-inga", str(BOSS), "/samtal?q=ingenting+alls"),
    ("radera-person", str(BOSS), "/installningar/anknytningar/1500/radera"),
    ("samtal-fel", str(BOSS), "/samtal?fran=ingen+dag"),
    ("ett-samtal", str(BOSS), f"/samtal/{LISTED_CALL}"),
    ("ett-samtal-pagar", str(BOSS), f"/samtal/{OPEN_CALL}"),
    ("finns-inte", "anna", "/finns-inte"),
    ("far-inte", "anna", "/samtal"),
)


@dataclass(frozen=True, slots=True)
class Sight:
    """A page as somebody sees it."""

    name: str
    login: str | None
    path: str
    route: str = ""
    """The route that it was found by, where it was found by one."""


def routes() -> Iterator[APIRoute]:
    """Yield every route that a browser can open by an address."""
    for router in ROUTERS:
        for route in router.routes:
            is_api = isinstance(route, APIRoute) and route.path.startswith("/api/")
            if isinstance(route, APIRoute) and "GET" in route.methods and not is_api:
                yield route


async def everywhere(
    screens: Screens, sights: Sequence[Sight], look: Look, **how: object
) -> None:
    """Look at every page in windows of one kind; nothing may be wrong with any."""

    async def walk(part: Sequence[Sight]) -> list[str]:
        windows: dict[str | None, Page] = {}
        found: list[str] = []
        for sight in part:
            if sight.login not in windows:
                windows[sight.login] = await screens.of(sight.login, **how)
            page = windows[sight.login]
            await _open(page, sight)
            found += [f"{sight.name}: {fault}" for fault in await look(page)]
        return found

    parts = (sights[nth::_AT_ONCE] for nth in range(_AT_ONCE))
    found = await asyncio.gather(*(walk(part) for part in parts))
    if faults := [fault for each in found for fault in each]:
        pytest.fail("\n".join(faults), pytrace=False)


async def _open(page: Page, sight: Sight) -> None:
    """Open a page, and unfold what can be unfolded there."""
    await page.goto(sight.path)
    await page.evaluate(
        "for (const e of document.querySelectorAll('details')) e.open = 1"
    )


async def find_sights(address: str) -> tuple[Sight, ...]:
    """Follow links as one who may do everything; return that, and pages as they vary.

    A page that no link leads to and whose address is no pattern is opened by it.
    """
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        browser = Browser(client, origin=address)
        await browser.logs_in(str(BOSS))
        plain = (r.path for r in routes() if "{" not in r.path)
        waiting, seen = deque(("/", *plain)), set[str]()
        found: dict[str, list[Sight]] = {}
        while waiting and len(seen) < _MOST:
            path = waiting.popleft()
            route = route_of(path)
            if path in seen or not route or len(found.get(route, ())) >= _ALIKE:
                continue
            seen.add(path)
            if page := await _page(client, path):
                name = re.sub(r"\W+", "-", route).strip("-") or "start"
                found.setdefault(route, []).append(Sight(name, BOSS, path, route))
                waiting.extend(unescape(link) for link in LINK.findall(page))
    by_route = (sight for alike in found.values() for sight in alike)
    every = {(sight.login, sight.path): sight for sight in by_route}
    every |= {(login, path): Sight(name, login, path) for name, login, path in _STATES}
    return tuple(every.values())


def route_of(path: str) -> str:
    """Return the pattern that an address belongs to; nothing where there is none."""
    bare = path.partition("?")[0]
    return next((r.path for r in routes() if r.path_regex.match(bare)), "")


async def _page(client: httpx.AsyncClient, path: str) -> str:
    """Return a page that can be looked at; nothing where there is another thing."""
    async with client.stream("GET", path) as answer:
        kind = answer.headers.get("content-type", "")
        if answer.status_code != 200 or not kind.startswith("text/html"):
            return ""
        return (await answer.aread()).decode()
