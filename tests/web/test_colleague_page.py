"""One person in Internkatalog: what each eye sees, and what an operator sets right."""

from dataclasses import replace
from datetime import timedelta

import pytest
from markupsafe import escape
from web_house import ANNA, NOW, Web, opened_web

from voice.divert.model import Extension, Mode, ReasonCode, SetDivert, Source
from voice.language.catalog import Catalog
from voice.store.port import Listing

MEETING = SetDivert(ANNA, ReasonCode("SAM"), NOW + timedelta(hours=2))
PATH = f"/katalog/{ANNA}"
PUT, CLEAR, UNDO = f"{PATH}/satt", f"{PATH}/oppna", f"{PATH}/angra"


async def stands(web: Web) -> list[str]:
    found = await web.store.diverts.standing(ANNA)
    return [divert.reason for divert in found.diverts]


async def last_change(web: Web) -> tuple[str, str]:
    (entry,) = await web.store.audit.entries(ANNA, limit=1)
    return entry.event, entry.by


async def test_everybody_sees_who_it_is_and_operators_the_mobile_too(web: Web):
    mobiles, mail = ("+46701234567",), "anna.berg@example.se"
    anna = Listing(ANNA, "Anna Berg", "Skola", mobiles=mobiles, mail=mail)
    await web.store.directory.put([anna], NOW, "test")
    seen = await web.logged_in("anna")
    await seen.opens(PATH)
    assert "<dd>Skola</dd>" in seen.page
    assert 'href="mailto:anna.berg@example.se"' in seen.page
    assert "+46701234567" not in seen.page
    assert "<form" not in seen.page.partition("<main")[2]
    seen = await web.logged_in("bo")
    await seen.opens(PATH)
    assert "+46701234567" in seen.page


async def test_nobodys_number_is_not_found(web: Web):
    for login in ("anna", "bo"):
        browser = await web.logged_in(login)
        assert (await browser.opens("/katalog/9999")).status_code == 404
    await browser.opens(PATH)
    await web.store.directory.remove(ANNA, NOW, "test")
    answer = await browser.sends(PUT, reason="SAM")
    assert answer.status_code == 404


@pytest.mark.parametrize("action", [PUT, CLEAR, UNDO])
async def test_nobody_but_operators_sets_anything_for_others(web: Web, action: str):
    await web.house.obey(MEETING, web.clock(), Source.VOICE)
    browser = await web.logged_in("anna")
    await browser.opens("/")
    token = browser.page.partition('name="_token" value="')[2].partition('"')[0]
    answer = await browser.sends(action, reason="SEM", _token=token)
    assert answer.status_code == 403
    assert await stands(web) == ["SAM"]


async def test_an_operator_opens_the_phone_and_the_trail_says_who(web: Web):
    await web.house.obey(MEETING, web.clock(), Source.VOICE)
    browser = await web.logged_in("bo")
    await browser.opens(PATH)
    assert "satt med rösten" in browser.page
    await browser.sends(CLEAR)
    assert "Hänvisningen är borttagen." in browser.page
    assert "Telefonen är öppen" in browser.page
    assert await stands(web) == []
    assert await last_change(web) == ("DivertsCleared", "operator: bo")
    assert "telefonist: bo" in browser.page
    assert "med rösten" in browser.page


async def test_what_is_opened_is_not_told_by_its_reason(web: Web):
    sick = SetDivert(ANNA, ReasonCode("SJK"))
    await web.house.obey(sick, web.clock(), Source.VOICE)
    browser = await web.logged_in("bo")
    await browser.opens(PATH)
    await browser.sends(CLEAR)
    assert await stands(web) == []
    assert "sjuk" not in browser.page.partition("<select")[0]
    await browser.sends(UNDO)
    assert await stands(web) == ["SJK"]
    assert "sjuk" not in browser.page.partition("<select")[0]


async def test_an_operator_sets_a_divert_as_people_write_times(web: Web):
    browser = await web.logged_in("bo")
    await browser.opens(PATH)
    await browser.sends(PUT, reason="SEM", until="till och med fredag")
    assert "Klart: semester, åter mån 9 mars 08:00." in browser.page
    (divert,) = (await web.store.diverts.standing(ANNA)).diverts
    assert divert.source is Source.OPERATOR
    assert divert.mode is Mode.CLOSED
    assert await last_change(web) == ("DivertSet", "operator: bo")
    assert "satt av en telefonist" in browser.page


async def test_an_operator_lets_calls_through_with_a_message(web: Web):
    browser = await web.logged_in("bo")
    await browser.opens(PATH)
    await browser.sends(PUT, reason="HEM", until="15:00", mode="informing")
    assert "Telefonen är öppen, med besked" in browser.page


async def test_a_time_that_can_be_read_otherwise_is_shown_before_it_holds(web: Web):
    browser = await web.logged_in("bo")
    await browser.opens(PATH)
    answer = await browser.sends(PUT, reason="LUN", until="till i morgon")
    assert answer.status_code == 422
    assert "Så här blev det läst: lunch, åter i morgon 08:00." in browser.page
    assert await stands(web) == []
    await browser.sends(PUT, reason="LUN", until="till i morgon")
    assert "Klart: lunch" in browser.page
    assert await stands(web) == ["LUN"]


async def test_what_was_read_is_shown_anew_when_something_else_is_filled_in(web: Web):
    browser = await web.logged_in("bo")
    await browser.opens(PATH)
    await browser.sends(PUT, reason="LUN", until="till i morgon")
    answer = await browser.sends(PUT, reason="UTE", until="till i morgon")
    assert answer.status_code == 422
    assert await stands(web) == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"reason": "SAM", "until": "2020-01-01"}, "Den dagen har redan varit"),
        ({"reason": "SAM", "until": "sju apor"}, "Den tiden gick inte att läsa"),
        ({"reason": "XXX", "until": "15:00"}, "Den orsaken finns inte"),
        ({"reason": "", "until": "15:00"}, "Välj en orsak"),
        ({"reason": "SAM", "until": "<b>" * 70}, "Den tiden gick inte att läsa"),
    ],
)
async def test_what_cannot_be_set_is_told_by_its_field_and_kept(web: Web, fields, told):
    browser = await web.logged_in("bo")
    await browser.opens(PATH)
    answer = await browser.sends(PUT, **fields)
    assert answer.status_code == 422
    assert told in browser.page
    assert f'value="{escape(fields["until"])}"' in browser.page
    assert await stands(web) == []


async def test_an_operator_takes_the_last_change_back_while_it_is_possible(web: Web):
    await web.house.obey(MEETING, web.clock(), Source.VOICE)
    browser = await web.logged_in("bo")
    await browser.opens(PATH)
    await browser.sends(UNDO)
    assert "Den senaste ändringen är tillbakatagen" in browser.page
    assert await last_change(web) == ("ChangeUndone", "operator: bo")
    await web.house.obey(MEETING, web.clock(), Source.VOICE)
    web.clock.goes(minutes=11)
    await browser.opens(PATH)
    assert UNDO not in browser.page


@pytest.mark.parametrize("action", [CLEAR, UNDO, PUT])
async def test_what_has_changed_meanwhile_is_left_alone(web: Web, action: str):
    await web.house.obey(MEETING, web.clock(), Source.VOICE)
    browser = await web.logged_in("bo")
    await browser.opens(PATH)
    longer = replace(MEETING, until=NOW + timedelta(hours=3))
    web.clock.goes(minutes=1)
    await web.house.obey(longer, web.clock(), Source.KEYS)
    await browser.sends(action, reason="SEM", until="2026-03-09")
    assert "ändrades under tiden" in browser.page
    assert await stands(web) == ["SAM"]
    assert await last_change(web) == ("DivertSet", "keys")


async def test_what_is_coming_and_what_is_odd_are_shown_to_operators(web: Web):
    start = NOW + timedelta(days=3)
    coming = SetDivert(ANNA, ReasonCode("LUN"), start + timedelta(hours=8), start)
    await web.house.obey(coming, web.clock(), Source.VOICE)
    browser = await web.logged_in("bo")
    await browser.opens(PATH)
    assert "lunch</span> från sön 8 mars 11:40" in browser.page
    assert "Ovanligt lång för lunch" in browser.page
    assert "Ovanlig tid på dagen för lunch" in browser.page
    other = await web.logged_in("anna")
    await other.opens(PATH)
    assert "lunch" not in other.page
    assert "Telefonen är öppen" in other.page


async def test_administrators_are_shown_the_way_to_the_whole_trail(web: Web):
    for login, is_there in (("bo", False), ("chef", True)):
        browser = await web.logged_in(login)
        await browser.opens(PATH)
        assert (f"/installningar/spar?anknytning={ANNA}" in browser.page) is is_there


async def test_a_site_can_let_its_operators_see_every_reason(catalog: Catalog):
    sick = SetDivert(ANNA, ReasonCode("SJK"))
    async with opened_web(catalog, operators_see_all=True) as web:
        await web.house.obey(sick, web.clock(), Source.VOICE)
        for login, is_told in (("bo", True), ("anna", False)):
            browser = await web.logged_in(login)
            for path in ("/katalog", PATH):
                await browser.opens(path)
                told = browser.page.partition("<select")[0]
                assert ("sjuk" in told) is is_told


async def test_a_number_of_odd_signs_has_a_page_of_its_own(web: Web):
    odd = Extension("12 3&4")
    await web.store.directory.put([Listing(odd, "Odd")], NOW, "test")
    browser = await web.logged_in("bo")
    await browser.opens("/katalog?q=odd")
    assert 'href="/katalog/12%203%264"' in browser.page
    assert (await browser.opens("/katalog/12%203%264")).status_code == 200
