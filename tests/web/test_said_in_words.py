"""What calls and changes hold is told in words: by no code, and no name of ours."""

import pytest
from web_calls import LUNCH, TALK, answered, put_call, said
from web_house import ANNA, NOW, Web, opened_web

from voice.divert.model import ReasonCode, SetDivert, Source
from voice.language.catalog import Catalog
from voice.store.port import Turn, Who
from voice.web.numbers import Numbers
from voice.web.words import Language

ILL = LUNCH | {"reason": "SJK", "until": None}


@pytest.mark.parametrize(
    ("meaning", "told"),
    [
        (LUNCH, "hänvisa: lunch, åter i dag 12:30"),
        (ILL, "hänvisa: inte i tjänst"),
        (LUNCH | {"until": "until_cleared"}, "hänvisa: lunch, tills vidare"),
        (
            LUNCH | {"until": "next_working_day", "mode": "informing"},
            "hänvisa: lunch, till nästa arbetsdag, öppen, med besked",
        ),
        (
            LUNCH | {"start": "2026-03-05T12:00:00+01:00"},
            "hänvisa: lunch, från i dag 12:00, åter i dag 12:30",
        ),
        (LUNCH | {"reason": "GONE"}, "hänvisa: GONE, åter i dag 12:30"),
        (
            {"command": "change_divert", "reason": None, "minutes": 15},
            "ändra hänvisning, 15 minuter till",
        ),
        ({"command": "seek", "persons": 3}, "söker (en av 3)"),
        ({"command": "seek", "extension": "1300"}, "söker 1300"),
        ({"command": "of a later version"}, "of a later version"),
    ],
)
async def test_what_was_meant_is_told_in_words(
    web: Web, meaning: dict[str, object], told: str
):
    await put_call(web.store, "one", [said(1.0, "ord", 0.9, meaning), answered(2, "a")])
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    assert f"Förstods som: {told}</span>" in " ".join(browser.page.split()).replace(
        " </span>", "</span>"
    )


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("refused: nothing_to_clear", "Gick inte: telefonen var redan öppen"),
        ("refused: no_such_code", "Gick inte: koden finns inte"),
        ("rehearsed: DivertSet", "Övat: Hänvisning satt"),
        ("not identified", "Fel PIN"),
    ],
)
async def test_what_came_of_it_is_told_in_words(web: Web, event: str, told: str):
    await put_call(web.store, "one", [Turn(1.0, Who.KEYS, "#23#", event=event)])
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    assert f"<strong>{told}</strong>" in browser.page.replace("\n", "")


async def test_a_site_can_let_operators_see_all_reasons_on_every_page(catalog: Catalog):
    for sees_all, shown in ((False, "inte i tjänst"), (True, "sjuk")):
        async with opened_web(catalog, operators_see_all=sees_all) as web:
            ill = SetDivert(ANNA, ReasonCode("SJK"))
            await web.house.obey(ill, NOW, Source.VOICE)
            meant = said(1.0, "ja", 0.9, ILL)
            await put_call(web.store, "one", [*TALK, meant], began=NOW)
            bo, chef = await web.logged_in("bo"), await web.logged_in("chef")
            for browser, path in (
                *((bo, p) for p in ("/katalog", f"/katalog/{ANNA}", "/samtal/one")),
                (chef, "/installningar/spar"),
            ):
                await browser.opens(path)
                page = browser.page.replace('<option value="SJK">sjuk</option>', "")
                assert shown in page, path
                assert ("sjuk" in page) is sees_all, path


def test_numbers_are_written_as_in_each_language(web: Web):
    words = web.house.words
    swedish = Numbers(words[Language.SWEDISH])
    english = Numbers(words[Language.ENGLISH])
    assert (swedish.decimal(2.54), english.decimal(2.54)) == ("2,5", "2.5")
    assert swedish.decimal(0.125, 2) == "0,12"
    assert (swedish.percent(0.654), english.percent(1)) == ("65\xa0%", "100%")
