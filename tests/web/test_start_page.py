"""Min startsida: what stands on one's own phone, as the rules see it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from markupsafe import escape
from own_diverts import text_of
from web_house import ANNA, Web

from voice.divert.model import (
    ClearDivert,
    Mode,
    ReasonCode,
    SetDivert,
    Source,
    Standing,
)
from voice.language.catalog import Catalog
from voice.store.port import Listing
from voice.web.pages.start import shown

MEETING = SetDivert(ANNA, ReasonCode("SAM"), source=Source.VOICE)
HOLIDAY = SetDivert(ANNA, ReasonCode("SEM"), source=Source.CALENDAR)


async def test_an_open_phone_is_said_to_be_open(web: Web):
    browser = await web.logged_in("anna")
    assert "Din telefon är öppen" in browser.page
    assert "Anna Berg, anknytning 1234" in browser.page


async def test_a_closed_phone_is_shown_with_reason_return_and_source(web: Web):
    until = web.clock() + timedelta(hours=3)
    await web.house.obey(replace(MEETING, until=until), web.clock(), Source.VOICE)
    browser = await web.logged_in("anna")
    assert "Din telefon är stängd" in browser.page
    assert '<dd lang="sv">sammanträde</dd>' in browser.page
    assert "i dag 14:40</time>" in browser.page
    assert "satt med rösten, <time" in browser.page
    web.clock.goes(hours=3)
    web_again = await web.logged_in("anna")
    assert "Din telefon är öppen" in web_again.page


async def test_a_phone_that_only_informs_is_open(web: Web):
    command = replace(MEETING, mode=Mode.INFORMING)
    await web.house.obey(command, web.clock(), Source.VOICE)
    browser = await web.logged_in("anna")
    assert "Din telefon är öppen, med besked" in browser.page


async def test_diverts_after_each_other_tell_when_the_phone_opens(web: Web):
    until = web.clock() + timedelta(hours=1)
    command = replace(MEETING, until=until)
    after = replace(HOLIDAY, start=until, until=until + timedelta(days=1))
    for each in (command, after):
        await web.house.obey(each, web.clock(), Source.VOICE)
    browser = await web.logged_in("anna")
    assert "Telefonen öppnar av sig själv i morgon 12:40." in browser.page
    assert "semester från i dag 12:40, åter i morgon 12:40" in text_of(browser.page)


async def test_only_what_stands_on_ones_own_phone_is_shown(web: Web):
    await web.house.obey(MEETING, web.clock(), Source.VOICE)
    browser = await web.logged_in("bo")
    assert "Bo Ek" in browser.page
    assert "Din telefon är öppen" in browser.page
    assert "Anna" not in browser.page


async def test_an_account_of_nobodys_says_so(web: Web):
    browser = await web.logged_in("chef")
    assert "hör inte till någon anknytning" in browser.page


async def test_who_left_the_directory_has_no_page_of_their_own(web: Web):
    browser = await web.logged_in("anna")
    await web.store.directory.remove(ANNA, web.clock(), "test")
    answer = await browser.opens("/")
    assert answer.status_code == 200
    assert "hör inte till någon anknytning" in browser.page


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"&amp;', "{{ t }}"])
async def test_a_name_is_only_text(web: Web, name: str):
    await web.store.directory.put([Listing(ANNA, name)], web.clock(), "test")
    browser = await web.logged_in("anna")
    assert str(escape(name)) in browser.page


async def test_a_cleared_divert_is_gone(web: Web):
    await web.house.obey(MEETING, web.clock(), Source.VOICE)
    await web.house.obey(ClearDivert(ANNA), web.clock(), Source.WEB)
    assert (await web.store.diverts.standing(ANNA)) != Standing((), None)
    browser = await web.logged_in("anna")
    assert "Din telefon är öppen" in browser.page


async def test_a_reason_that_the_site_has_no_more_is_shown_by_its_code(
    web: Web, catalog: Catalog
):
    await web.house.obey(MEETING, web.clock(), Source.VOICE)
    (divert,) = (await web.store.diverts.standing(ANNA)).diverts
    assert shown(replace(divert, reason=ReasonCode("XYZ")), catalog).reason == "XYZ"
