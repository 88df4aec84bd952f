"""Reasons changed on the web: the grammar is tried whole before it is replaced."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from web_house import GRAMMAR, Browser, Web, opened_web

from voice.config import settings
from voice.divert.model import ReasonCode
from voice.house import read_catalog
from voice.language.catalog import Catalog
from voice.web.app import create_app
from voice.web_reasons import ReasonsFile

REASONS = "/installningar/orsaker"
LUNCH = f"{REASONS}/LUN"
FILLED = {
    "digit": "1",
    "label": "lunch",
    "outer": "på lunch",
    "say": "lunch, lunchrast",
}


@pytest.fixture
def grammar(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GRAMMAR, tmp_path / "grammar"))


@pytest.fixture
async def web(catalog: Catalog, grammar: Path) -> AsyncIterator[Web]:
    async with opened_web(catalog) as opened:
        chosen = replace(settings({}), grammar=grammar)
        desk = ReasonsFile(chosen, catalog, opened.store.audit)
        with_own = replace(opened.house.administration, reasons=desk)
        opened.house = replace(opened.house, administration=with_own)
        opened.app = create_app(opened.house)
        yield opened


def text(grammar: Path) -> str:
    return (grammar / "reasons.toml").read_text("utf-8")


async def chef(web: Web, path: str = LUNCH) -> Browser:
    browser = await web.logged_in("chef")
    assert (await browser.opens(path)).status_code == 200
    return browser


async def test_a_reason_is_changed_from_the_next_start_on(web: Web, grammar: Path):
    browser = await chef(web)
    changed = {"outer": "på middag", "say": "lunch, lunchrast , middag"}
    await browser.sends(LUNCH, **(FILLED | changed))
    assert "LUN är sparad" in browser.page
    wording = read_catalog(grammar).wordings[ReasonCode("LUN")]
    assert (wording.label, wording.outer) == ("lunch", "på middag")
    assert '"lunchrast", "middag"' in text(grammar)
    assert "# Reasons to be away." in text(grammar)
    before = text(GRAMMAR)
    assert (grammar / "reasons.toml.before").read_text("utf-8") == before
    entry = next(
        each for each in await web.store.audit.entries() if each.by == "web: chef"
    )
    assert (entry.event, entry.subject, entry.detail) == (
        "SettingChanged",
        "reasons.toml LUN",
        "say, outer",
    )


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("digit", "", "Skriv en eller två siffror."),
        ("digit", "x", "Skriv en eller två siffror."),
        ("digit", "3", "Den knappen har en annan orsak."),
        ("label", " ", "Skriv något här."),
        ("say", " , ", "Skriv något här."),
        ("label", "{name}", "Skriv högst 60 bokstäver"),
        ("label", "lunch\nrast", "Skriv högst 60 bokstäver"),
        ("outer", "<b>på lunch</b>", "Skriv högst 60 bokstäver"),
        ("outer", "på lunch " * 10, "Skriv högst 60 bokstäver"),
        ("say", "lunch (", "Skriv vanliga ord med komma emellan."),
        ("say", "lunch, <jag_är>", "Skriv vanliga ord med komma emellan."),
        ("say", "lunch, {time}", "Skriv vanliga ord med komma emellan."),
        ("say", "lunch, möte", "Något av det betyder redan något annat"),
        ("say", "lunch, radera", "Något av det betyder redan något annat"),
        ("say", "lunch, [ja] ja", "Något av det betyder redan något annat"),
        ("say", "middag", "Telefonisten kan inte starta med det."),
    ],
)
async def test_what_no_house_starts_with_is_told_and_not_written(
    web: Web, grammar: Path, field: str, typed: str, told: str
):
    browser = await chef(web)
    answer = await browser.sends(LUNCH, **(FILLED | {field: typed}))
    assert answer.status_code == 422
    assert told in browser.page
    assert text(grammar) == text(GRAMMAR)


@pytest.mark.model
async def test_a_word_that_nobody_can_pronounce_is_told(web: Web, grammar: Path):
    browser = await chef(web)
    answer = await browser.sends(LUNCH, **(FILLED | {"say": "lunch, qzwxk"}))
    assert answer.status_code == 422
    assert "kan Telefonisten inte uttala" in browser.page
    assert text(grammar) == text(GRAMMAR)


async def test_two_administrators_at_once_do_not_undo_each_other_unseen(
    web: Web, grammar: Path
):
    one, other = await chef(web), await chef(web)
    await one.sends(LUNCH, **(FILLED | {"outer": "på middag"}))
    answer = await other.sends(LUNCH, **(FILLED | {"outer": "ute och äter"}))
    assert answer.status_code == 409
    assert "Orsakerna har ändrats under tiden." in other.page
    assert 'value="ute och äter"' in other.page
    assert '"på middag"' in text(grammar)


async def test_a_code_in_other_letters_is_written_too(web: Web, grammar: Path):
    path = f"{REASONS}/TJÄ"
    browser = await chef(web, path)
    say = "tjänsteärende, tjänsteresa, resa i tjänsten, hembesök"
    filled = {"digit": "2", "label": "tjänsteärende", "say": say}
    await browser.sends(path, **filled, outer="ute i tjänsten")
    assert "TJÄ är sparad" in browser.page
    assert 'outer = "ute i tjänsten"' in text(grammar)


async def test_nothing_changed_is_nothing_written(web: Web, grammar: Path):
    browser = await chef(web)
    reasons = await web.house.administration.reasons.read()
    lunch = next(each for each in reasons.reasons if each.code == "LUN")
    filled = {"digit": lunch.digit, "label": lunch.label, "outer": lunch.outer}
    await browser.sends(LUNCH, **filled, say=", ".join(lunch.say))
    assert "Ingenting var ändrat." in browser.page
    assert not (grammar / "reasons.toml.before").exists()


async def test_a_reason_that_is_not_there_is_not_found(web: Web):
    browser = await chef(web, REASONS)
    assert (await browser.opens(f"{REASONS}/XYZ")).status_code == 404


async def test_the_shipped_grammar_is_shown_and_not_changed(catalog: Catalog):
    async with opened_web(catalog) as web:
        browser = await chef(web, REASONS)
        assert "kopiera mappen" in browser.page
        assert f'href="{LUNCH}"' not in browser.page
        assert (await browser.opens(LUNCH)).status_code == 404


@pytest.mark.parametrize("login", ["anna", "bo"])
async def test_only_administrators_see_the_reasons(web: Web, login: str):
    browser = await web.logged_in(login)
    assert (await browser.opens(REASONS)).status_code == 403
