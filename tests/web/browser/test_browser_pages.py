"""Every page in Chromium: for all eyes, narrow, printed, and without scripts."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page
from screens import NARROW, Screens, nothing
from sights import Sight, look_at

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Look: TypeAlias = Callable[[Page], Awaitable[list[str]]]

_TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.body.querySelectorAll('*')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1
      && !e.closest('.table, .course, .visually-hidden, .skip'))
    .map(e => e.outerHTML.slice(0, 120)).slice(0, 3)"""
_SPEECHLESS = """() => [...document.forms]
  .filter(f => !f.querySelector('button:not([type=button]), [type=submit]'))
  .map(f => f.outerHTML.slice(0, 120))"""
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
# What a sheet of A4 has between its margins.
_SHEET = 700


async def _everywhere(
    screens: Screens, sights: Sequence[Sight], look: Look, **how: object
) -> None:
    """Look at every page in windows of one kind; nothing may be wrong with any."""
    windows: dict[str | None, Page] = {}
    found = []
    for sight in sights:
        if sight.login not in windows:
            windows[sight.login] = await screens.of(sight.login, **how)
        page = windows[sight.login]
        await look_at(page, sight)
        found += [f"{sight.name}: {fault}" for fault in await look(page)]
    nothing(found)


async def _unfit(page: Page, options: dict[str, object]) -> list[str]:
    """Return what axe finds."""
    results = await Axe().run(page, options=options)
    return [
        f"{fault['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for fault in results.response["violations"]
        for node in fault["nodes"][:2]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(screens, sights, scheme: str):
    async def look(page: Page) -> list[str]:
        # Nothing but colours is otherwise in the dark.
        return await _unfit(page, _RULES if scheme == "light" else _COLOURS)

    await _everywhere(screens, sights, look, color_scheme=scheme)


async def test_nothing_is_wider_than_a_small_telephone(screens, sights):
    async def look(page: Page) -> list[str]:
        return await page.evaluate(_TOO_WIDE)

    await _everywhere(screens, sights, look, width=NARROW)


async def test_what_is_printed_is_what_is_read_black_on_white(screens, sights):
    async def look(page: Page) -> list[str]:
        await page.emulate_media(media="print", color_scheme="dark")
        faults = await page.evaluate(_TOO_WIDE) + await _unfit(page, _COLOURS)
        for useless in (".top", "main form button"):
            if await page.locator(useless).first.is_visible():
                faults.append(f"{useless} is printed")
        if not await page.locator("h1").is_visible():
            faults.append("the heading is not printed")
        return faults

    await _everywhere(screens, sights, look, width=_SHEET)


async def test_without_scripts_every_page_says_the_same(screens, sights):
    said: list[str] = []

    async def hear(page: Page) -> list[str]:
        said.append(_words(await page.locator("main").inner_text()))
        return []

    async def compare(page: Page) -> list[str]:
        words, with_scripts = (
            _words(await page.locator("main").inner_text()),
            said.pop(0),
        )
        other = [] if words == with_scripts else [f"{words} is not {with_scripts}"]
        return other + await page.evaluate(_SPEECHLESS)

    await _everywhere(screens, sights, hear)
    off = {"java_script_enabled": False}
    await _everywhere(screens, sights, compare, **off)


def _words(text: str) -> str:
    """Return a text without its figures and blanks: time goes on."""
    return " ".join(re.sub(r"\d+", "0", text).split())
