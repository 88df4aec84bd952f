"""Sessions that end while something is typed, two windows, and calls as they go on."""

import asyncio
import re
from datetime import UTC, datetime
from functools import partial

import pytest
from playwright.async_api import Locator, Route, expect
from screens import PATIENCE_SECONDS, Screens, Town, log_in, newcomer
from town import BOSS, CALLS

from voice.divert.model import Extension, ReasonCode, SetDivert, Source
from voice.house import desk, site
from voice.language.catalog import Catalog
from voice.obey import Door
from voice.store.accounts_port import Login
from voice.store.port import Turn
from voice.trials.replay import open_play, replay

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NEW = "form[action='/hanvisning']"
expect.set_options(timeout=1000 * PATIENCE_SECONDS)


async def reasons(town: Town, extension: Extension) -> list[str]:
    standing = await town.store.diverts.standing(extension)
    return [divert.reason for divert in standing.diverts]


@pytest.mark.parametrize("scripts", [True, False])
async def test_what_was_typed_outlives_a_session_that_is_over(
    screens: Screens, town: Town, scripts: bool
):
    login, extension = await newcomer(town)
    page = await screens.of(login, java_script_enabled=scripts)
    await page.goto("/")
    await page.locator(f"{NEW} [name=reason][value=KUR]").check()
    await page.locator(f"{NEW} [name=until]").fill("23:58")
    await town.store.sessions.end_all(Login(login))
    await page.locator(f"{NEW} button.main").click()
    await expect(page.locator("[name=password]")).to_be_visible()
    await log_in(page, login)
    await expect(page.locator(".message")).to_be_visible()
    await expect(page.locator(f"{NEW} [name=until]")).to_have_value("23:58")
    await expect(page.locator(f"{NEW} [name=reason][value=KUR]")).to_be_checked()
    assert await reasons(town, extension) == []
    await page.locator(f"{NEW} button.main").click()
    await expect(page.locator(".state.closed")).to_contain_text("kurs")


@pytest.mark.parametrize("scripts", [True, False])
async def test_two_windows_that_change_one_divert_do_not_undo_each_other(
    screens: Screens, town: Town, catalog: Catalog, scripts: bool
):
    login, extension = await newcomer(town)
    now = datetime.now(UTC)
    door = Door(town.store, site(catalog, now))
    meeting = SetDivert(extension, ReasonCode("SAM"))
    await door.obey(meeting, now, Source.VOICE)
    one = await screens.of(login, java_script_enabled=scripts)
    other = await one.context.new_page()
    for window in (one, other):
        await window.goto("/")
        await window.locator(".state.closed summary").first.click()
    change = ".state form[action$='/andra']"
    await one.locator(f"{change} [name=reason]").select_option("LUN")
    await one.locator(f"{change} button.main").click()
    await expect(one.locator(".state.closed")).to_contain_text("lunch")
    await other.locator(f"{change} [name=reason]").select_option("UTE")
    await other.locator(f"{change} button.main").click()
    await expect(other.locator("main > [role=alert]")).to_be_visible()
    await expect(other.locator(".state.closed")).to_contain_text("lunch")
    assert await reasons(town, extension) == ["LUN"]
    # The other window is told, and may mean it all the same.
    await other.locator("main form button.main").click()
    await expect(other.locator(".state")).to_contain_text("tillfälligt ute")
    assert "UTE" in await reasons(town, extension)


async def test_two_presses_that_overlap_are_one_and_break_nothing(
    screens: Screens, town: Town, catalog: Catalog
):
    login, extension = await newcomer(town)
    now = datetime.now(UTC)
    meeting = SetDivert(extension, ReasonCode("SAM"))
    await Door(town.store, site(catalog, now)).obey(meeting, now, Source.VOICE)
    page = await screens.of(login)
    await page.goto("/")
    sent: asyncio.Queue[Route] = asyncio.Queue()
    await page.route(re.compile("/hanvisning"), sent.put)
    await page.locator(f"{NEW} [name=reason][value=KUR]").check()
    await page.locator("form[action$='/ta-bort'] button.danger").click()
    await page.locator(f"{NEW} button.main").click()
    async with asyncio.timeout(PATIENCE_SECONDS):
        first = await sent.get()
    await first.continue_()
    await expect(page.locator(".state.open")).to_be_visible()
    # The other press came to a page that was about to change.
    while not sent.empty():
        await (await sent.get()).continue_()
    await page.unroute_all(behavior="wait")
    await expect(page.locator(".state.open")).to_be_visible()
    assert await reasons(town, extension) == []
    # And the next is taken as ever.
    await page.locator(f"{NEW} [name=reason][value=KUR]").check()
    await page.locator(f"{NEW} button.main").click()
    await expect(page.locator(".state.closed")).to_contain_text("kurs")


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_button_that_is_pressed_twice_does_once(
    screens: Screens, town: Town, scripts: bool
):
    login, extension = await newcomer(town)
    page = await screens.of(login, java_script_enabled=scripts)
    await page.goto("/")
    await page.locator(f"{NEW} [name=reason][value=KUR]").check()
    await page.locator(f"{NEW} button.main").dblclick()
    await expect(page.locator(".state.closed")).to_contain_text("kurs")
    assert await reasons(town, extension) == ["KUR"]
    told = await town.store.audit.entries(extension)
    assert sum(each.event == "DivertSet" for each in told) == 1


async def test_words_of_a_call_are_seen_before_the_next_are_said(
    screens: Screens, town: Town, catalog: Catalog
):
    _, extension = await newcomer(town)
    page = await screens.of(str(BOSS))
    await page.goto("/samtal")
    play = open_play(CALLS / "doubtful-no.call", datetime.now(UTC), extension)
    attended = desk(catalog, town.store, play.now)
    call = page.locator("#going-on > li", has_text=extension)
    seen: list[str] = []
    replayed = await replay(play, attended, None, partial(_is_shown, call, seen))
    assert (replayed.outcome, "nej" in seen) == ("hung_up", True)
    # It goes from those that go on as it ends.
    await expect(call).to_have_count(0)


async def _is_shown(call: Locator, seen: list[str], turn: Turn) -> None:
    """Let a call go on when its words are on a page."""
    if turn.text:
        said = call.locator(".said", has_text=turn.text)
        await expect(said.last).to_be_visible()
        seen.append(turn.text)
