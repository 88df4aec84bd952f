"""Every page by keyboard alone: all is reached in order, seen, and left again."""

import pytest
from playwright.async_api import Page
from screens import NARROW, Screens
from sights import everywhere

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# All that one must be able to reach, numbered in the order that it is read. Of radio
# buttons of one name, one is reached, and arrows lead to the others.
_NUMBER = """() => {
  const names = new Set();
  const all = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, '
    + '[tabindex="0"], audio[controls]')].filter(e => {
      if (e.disabled || e.tabIndex < 0) return false;
      if (!e.checkVisibility({visibilityProperty: true})) return false;
      if (e.type !== 'radio') return true;
      const group = [...(e.form ?? document).querySelectorAll('[type=radio]')]
        .filter(other => other.name === e.name);
      return e === (group.find(other => other.checked) ?? group[0]);
    });
  all.forEach((e, number) => { e.dataset.order = number; });
  return all.length;
}"""
# Where one is; how it is shown, and whether something lies over it.
_HERE = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const marked = [e, e.closest('label')].some(each => each
    && getComputedStyle(each).outlineStyle !== 'none'
    && parseFloat(getComputedStyle(each).outlineWidth) >= 2);
  const {left, top, right, bottom} = e.getBoundingClientRect();
  const seen = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
  const html = e.outerHTML.slice(0, 120);
  return {order: e.dataset.order ? Number(e.dataset.order) : null, marked, seen, html};
}"""
# A day is typed in three parts, and chosen in a fourth.
_PRESSES_EACH = 5


async def _walk(page: Page) -> list[str]:
    """Press Tab through a page; return what is wrong with the way."""
    count = await page.evaluate(_NUMBER)
    faults, reached = [], []
    for _ in range(_PRESSES_EACH * count + _PRESSES_EACH):
        await page.keyboard.press("Tab")
        here = await page.evaluate(_HERE)
        if here is None or (reached and here["order"] == 0):
            break
        if here["order"] is not None and here["order"] not in reached[-1:]:
            reached.append(here["order"])
        if not here["marked"]:
            faults.append(f"cannot be seen to have focus: {here['html']}")
        if not here["seen"]:
            faults.append(f"has focus out of sight: {here['html']}")
    else:
        faults.append("there is no way out")
    if reached != list(range(count)):
        faults.append(f"{count} are to be reached, and the way is {reached}")
    return faults


async def test_all_is_reached_by_tab_in_its_order_and_left(screens: Screens, sights):
    # Where there is least room, what has focus is soonest out of sight.
    await everywhere(screens, sights, _walk, width=NARROW, live=False)


async def test_the_first_way_leads_past_the_menu(screens: Screens, sights):
    page = await screens.of("anna")
    await page.goto("/")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    assert await page.locator(".skip").bounding_box() is not None
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "content"
    await page.keyboard.press("Tab")
    assert await page.evaluate("!!document.activeElement.closest('main')")
