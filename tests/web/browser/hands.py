"""Hands that use a page: with a mouse, by keys alone, and without any scripts."""

from dataclasses import dataclass
from enum import StrEnum

from playwright.async_api import Locator, Page, expect
from screens import PATIENCE_SECONDS

# Further than any page is long.
_MOST_STEPS = 300


class Means(StrEnum):
    """What somebody has to use a page with."""

    MOUSE = "mouse"
    KEYS = "keys"
    NO_SCRIPTS = "no scripts"


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody at a page."""

    page: Page
    means: Means

    def find(self, selector: str) -> Locator:
        """Return the first of what is there."""
        return self.page.locator(selector).first

    async def press(self, selector: str) -> None:
        """Press a button, or follow a link."""
        await self._do(selector, "Enter")

    async def choose(self, selector: str) -> None:
        """Choose one of several, or tick a box."""
        await self._do(selector, "Space")

    async def write(self, selector: str, text: str) -> None:
        """Write something in the place of what stands in a field."""
        if self.means is Means.KEYS:
            await self._go_to(selector)
        else:
            await self.find(selector).click()
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.type(text)

    async def sees(self, selector: str, text: str = "") -> None:
        """Wait until something is there, and says something."""
        await expect(self.find(selector)).to_contain_text(
            text, timeout=1000 * PATIENCE_SECONDS
        )

    async def _do(self, selector: str, key: str) -> None:
        if self.means is Means.KEYS:
            await self._go_to(selector)
            await self.page.keyboard.press(key)
        else:
            await self.find(selector).click()

    async def _go_to(self, selector: str) -> None:
        """Press Tab until one is there; arrows lead among what is chosen from."""
        there = self.find(selector)
        await expect(there).to_be_visible()
        is_one_of = await there.get_attribute("type") == "radio"
        name = await there.get_attribute("name")
        for _ in range(_MOST_STEPS):
            if await there.evaluate("e => e === document.activeElement"):
                return
            at = "const e = document.activeElement; e?.type === 'radio' && e.name"
            here = await self.page.evaluate(at)
            goes_on = is_one_of and here == name
            await self.page.keyboard.press("ArrowDown" if goes_on else "Tab")
        raise AssertionError(f"no key leads to {selector}")
