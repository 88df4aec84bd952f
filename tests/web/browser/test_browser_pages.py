"""Every page in Chromium: for all eyes, narrow, printed, and without scripts."""

import re
from importlib.resources import files

import pytest
from playwright.async_api import Page
from screens import NARROW
from sights import everywhere

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

_AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
_RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
_COLOURS = {"type": "rule", "values": ["color-contrast"]}
_RUN = """async rules => {
  const told = await axe.run({runOnly: rules, resultTypes: ['violations']});
  return told.violations.flatMap(fault => fault.nodes.slice(0, 2).map(
    node => `${fault.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`));
}"""
_TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.body.querySelectorAll('*')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1
      && !e.closest('.table, .course, .visually-hidden, .skip'))
    .map(e => e.outerHTML.slice(0, 120)).slice(0, 3)"""
_SPEECHLESS = """() => [...document.forms]
  .filter(f => !f.querySelector('button:not([type=button]), [type=submit]'))
  .map(f => f.outerHTML.slice(0, 120))"""
# What a sheet of A4 has between its margins.
_SHEET = {"width": 700, "height": 990}


async def test_axe_finds_nothing_in_light_in_dark_or_in_print(screens, sights):
    async def look(page: Page) -> list[str]:
        await page.emulate_media(media="screen", color_scheme="light")
        await page.evaluate(_AXE)
        faults = await page.evaluate(_RUN, _RULES)
        # Nothing but colours is otherwise in the dark, and on paper.
        for media in ("screen", "print"):
            await page.emulate_media(media=media, color_scheme="dark")
            found = await page.evaluate(_RUN, _COLOURS)
            faults += [f"dark {media}: {fault}" for fault in found]
        return faults

    await everywhere(screens, sights, look)


async def test_nothing_is_wider_than_a_small_telephone_or_a_sheet(screens, sights):
    async def look(page: Page) -> list[str]:
        await page.emulate_media(media="screen")
        await page.set_viewport_size({"width": NARROW, "height": 600})
        faults = await page.evaluate(_TOO_WIDE)
        await page.emulate_media(media="print")
        await page.set_viewport_size(_SHEET)
        return [*faults, *await page.evaluate(_TOO_WIDE), *await _misprinted(page)]

    await everywhere(screens, sights, look)


async def _misprinted(page: Page) -> list[str]:
    """Return what is printed and is no use on paper, and what is missing there."""
    useless = (".top", "main form button")
    faults = [f"{each} is printed" for each in useless if await _is_seen(page, each)]
    if not await _is_seen(page, "h1"):
        faults.append("the heading is not printed")
    return faults


async def _is_seen(page: Page, selector: str) -> bool:
    return await page.locator(selector).first.is_visible()


async def test_without_scripts_every_page_says_the_same(screens, sights):
    said: dict[tuple[str, str], str] = {}

    async def who(page: Page) -> tuple[str, str]:
        return page.url, await page.locator(".self").inner_text()

    async def hear(page: Page) -> list[str]:
        said[await who(page)] = _words(await page.locator("main").inner_text())
        return []

    async def compare(page: Page) -> list[str]:
        words, scripted = await page.locator("main").inner_text(), said[await who(page)]
        other = [] if _words(words) == scripted else [f"{words} is not {scripted}"]
        return other + await page.evaluate(_SPEECHLESS)

    await everywhere(screens, sights, hear)
    await everywhere(screens, sights, compare, java_script_enabled=False)


def _words(text: str) -> str:
    """Return a text without its figures and blanks: time goes on."""
    return " ".join(re.sub(r"\d+", "0", text).split())
