"""What people come to do, done in Chromium by mouse, by keys, and without scripts."""

from datetime import datetime

import pytest
from hands import Hand, Means
from playwright.async_api import expect
from screens import Screens, Town, newcomer
from town import BOSS, LISTED_CALL

from voice.divert.model import Divert, Extension
from voice.store.port import UnknownExtensionError

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize("means", list(Means)),
]

NEW = "form[action='/hanvisning']"
STATE = ".state"
CHANGED, UNDONE = "Ändrat", "tillbakatagen"


async def hand_of(screens: Screens, login: str, means: Means) -> Hand:
    has_scripts = means is not Means.NO_SCRIPTS
    page = await screens.of(login, java_script_enabled=has_scripts)
    await page.goto("/")
    return Hand(page, means)


async def standing(town: Town, extension: Extension) -> tuple[Divert, ...]:
    return (await town.store.diverts.standing(extension)).diverts


async def end(town: Town, extension: Extension) -> datetime:
    """Return when the one divert ends that stands on a phone."""
    (divert,) = await standing(town, extension)
    assert divert.until is not None
    return divert.until


async def test_somebody_closes_a_phone_and_changes_that_and_opens_it(
    screens: Screens, town: Town, means: Means
):
    login, extension = await newcomer(town)
    hand = await hand_of(screens, login, means)
    await hand.sees(f"{STATE}.open")
    await hand.choose(f"{NEW} [name=reason][value=SAM]")
    await hand.press(f"{NEW} button.main")
    await hand.sees(f"{STATE}.closed", "sammanträde")
    first = await end(town, extension)
    await hand.press(f"{STATE} summary")
    await hand.press(f"{STATE} details [name=lasts]")
    await hand.sees(".message", CHANGED)
    assert await end(town, extension) > first
    await hand.press("form[action='/hanvisning/angra'] button")
    await hand.sees(".message", UNDONE)
    assert await end(town, extension) == first
    await hand.press(f"{STATE} form[action$='/ta-bort'] button.danger")
    await hand.sees(f"{STATE}.open")
    assert await standing(town, extension) == ()


async def test_somebody_tries_what_would_happen_and_changes_nothing(
    screens: Screens, town: Town, means: Means
):
    login, extension = await newcomer(town)
    hand = await hand_of(screens, login, means)
    await hand.choose(f"{NEW} [name=reason][value=KUR]")
    await hand.press(f"{NEW} [name=try]")
    await hand.sees("main", "kurs")
    assert await standing(town, extension) == ()


async def test_an_operator_finds_a_call_and_marks_what_was_misheard(
    screens: Screens, town: Town, means: Means
):
    hand = await hand_of(screens, str(BOSS), means)
    await hand.press("nav a[href='/samtal']")
    await hand.write("[name=q]", "kvart i fem")
    await hand.press("form.filters button.main")
    await hand.press(f"#found a[href='/samtal/{LISTED_CALL}']")
    await hand.sees("h1")
    turn = "#tur-6"
    await hand.press(f"{turn} summary")
    await hand.write(f"{turn} [name=sagt]", said := f"nej kurs {means}")
    await hand.press(f"{turn} form[action$='/felhord'] button")
    await hand.sees(f"{turn} .mark", said)
    (mark,) = [m for m in await town.store.marks.of(LISTED_CALL) if m.turn == 5]
    assert mark.said == said
    await hand.press(f"{turn} summary")
    await hand.press(f"{turn} form[action$='/ratt'] button")
    await hand.sees(".message")
    await expect(hand.page.locator(f"{turn} .mark")).to_have_count(0)


async def test_somebody_is_found_in_the_directory_by_a_name_half_spelled(
    screens: Screens, means: Means
):
    hand = await hand_of(screens, "anna", means)
    await hand.press("nav a[href='/katalog']")
    await hand.write("[name=q]", "karin lnd")
    await hand.press("form.filters button.main")
    await hand.sees("#found tbody tr", "Karin Lind")
    await hand.press("#found a[href='/katalog/1500']")
    await hand.sees("h1", "Karin Lind")


async def test_all_that_is_held_on_a_person_is_fetched_and_then_erased(
    screens: Screens, town: Town, means: Means
):
    _, extension = await newcomer(town)
    hand = await hand_of(screens, str(BOSS), means)
    await hand.page.goto(f"/installningar/anknytningar/{extension}")
    async with hand.page.expect_download() as begun:
        await hand.press("form[action$='/registerutdrag'] button")
    name = (await begun.value).suggested_filename
    assert name.startswith(f"registerutdrag-{extension}-")
    await hand.press("a[href$='/radera']")
    form = "form[action$='/radera']"
    for number, seen, told in (
        ("1", ".fault", "Ingenting är raderat"),
        (str(extension), ".message", f"Allt om {extension} är raderat"),
    ):
        await hand.write(f"{form} [name=number]", number)
        await hand.press(f"{form} button.danger")
        await hand.sees(seen, told)
    with pytest.raises(UnknownExtensionError):
        await town.store.directory.find(extension)


async def test_the_language_is_changed_and_kept(screens: Screens, means: Means):
    hand = await hand_of(screens, "anna", means)
    await hand.press("form[action='/sprak'] [value=en]")
    await expect(hand.find("html[lang=en]")).to_be_attached()
    await hand.page.goto("/losenord")
    await expect(hand.find("html[lang=en]")).to_be_attached()


async def test_who_logs_out_is_out(screens: Screens, town: Town, means: Means):
    login, _ = await newcomer(town)
    hand = await hand_of(screens, login, means)
    await hand.press("form[action='/logga-ut'] button")
    await hand.sees(".message")
    await hand.page.goto("/")
    await expect(hand.find("[name=password]")).to_be_visible()
