"""Internkatalog: everybody found as one types, and what each eye may see of a phone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_house import ANNA, BO, NOW, Web

from voice.divert.model import (
    Divert,
    DivertSet,
    Extension,
    Mode,
    ReasonCode,
    SetDivert,
    Source,
)
from voice.store.links_port import Kept, Link, LinkKind, Progress
from voice.store.port import Listing
from voice.web.pages.directory import AT_ONCE, asked

SICK = SetDivert(ANNA, ReasonCode("SJK"))
MEETING = SetDivert(ANNA, ReasonCode("SAM"), NOW + timedelta(hours=2))
PART = {"hx-request": "true"}


async def put(web: Web, *commands: SetDivert) -> None:
    for command in commands:
        await web.house.obey(command, web.clock(), Source.VOICE)


@pytest.mark.parametrize("login", ["anna", "bo", "chef"])
async def test_everybody_who_is_logged_in_sees_everybody(web: Web, login: str):
    browser = await web.logged_in(login)
    answer = await browser.opens("/katalog")
    assert answer.status_code == 200
    assert 'href="/katalog/1234">Anna Berg</a>' in browser.page
    assert 'href="/katalog/1300">Bo Ek</a>' in browser.page
    assert "Antal: 2" in browser.page


async def test_others_hear_the_outer_wording_and_the_return(web: Web):
    await put(web, MEETING)
    browser = await web.logged_in("anna")
    await browser.opens("/katalog")
    assert 'stängd</span> <span lang="sv">på sammanträde' in browser.page
    assert "i dag 13:40</time>" in browser.page
    assert "Kalendern läst" not in browser.page


async def test_operators_see_the_reason(web: Web):
    await put(web, MEETING)
    browser = await web.logged_in("bo")
    await browser.opens("/katalog")
    assert 'stängd</span> <span lang="sv">sammanträde' in browser.page
    assert "Kalendern läst" in browser.page


@pytest.mark.parametrize("login", ["anna", "bo", "chef"])
@pytest.mark.parametrize("path", ["/katalog", "/katalog/1234"])
async def test_what_is_nobody_elses_business_is_told_to_nobody(
    web: Web, login: str, path: str
):
    await put(web, SICK)
    browser = await web.logged_in(login)
    await browser.opens(path)
    assert "inte i tjänst" in browser.page
    # Among the reasons that an operator can choose it stands, and nowhere else.
    told = browser.page.partition("<select")[0]
    assert "sjuk" not in told
    assert "SJK" not in told


async def test_a_reason_that_the_site_has_no_more_is_told_as_away(web: Web):
    old = ReasonCode("OLD")
    divert = Divert(ANNA, old, NOW, None, Mode.CLOSED, Source.VOICE, NOW)
    await web.store.diverts.apply(ANNA, lambda _: DivertSet(divert), NOW, "test")
    browser = await web.logged_in("anna")
    await browser.opens("/katalog")
    assert web.house.catalog.prompts["outer_unknown"] in browser.page


async def test_a_phone_that_only_informs_is_open(web: Web):
    await put(web, replace(MEETING, mode=Mode.INFORMING))
    browser = await web.logged_in("anna")
    await browser.opens("/katalog")
    assert 'öppen, med besked</span> <span lang="sv">på sammanträde' in browser.page


async def test_people_are_found_as_one_types(web: Web):
    await web.store.directory.put(
        [Listing(Extension("1400"), "Göran Åkesson", "Bygglov", search=("Jöran",))],
        NOW,
        "test",
    )
    browser = await web.logged_in("anna")
    for text in ("goran", "Jöran", "bygg", "1400", "gorran akeson"):
        answer = await browser.opens(f"/katalog?q={text}", **PART)
        assert answer.text.lstrip().startswith('<div id="found">')
        assert "Göran Åkesson" in answer.text
        assert "Bo Ek" not in answer.text
    await browser.opens("/katalog?q=finnsinte")
    assert "Ingen hittades" in browser.page


async def test_who_comes_goes_or_is_renamed_is_seen_by_the_next_search(web: Web):
    browser = await web.logged_in("anna")
    await browser.opens("/katalog?q=berg")
    assert "Anna Berg" in browser.page
    await web.store.directory.put([Listing(ANNA, "Anna Dahl")], NOW, "test")
    await web.store.directory.remove(BO, NOW, "test")
    await browser.opens("/katalog")
    assert "Anna Dahl" in browser.page
    assert "Bo Ek" not in browser.page


async def test_many_are_shown_page_by_page_and_each_once(web: Web):
    many = [Listing(Extension(str(n)), f"Person {n}") for n in range(2000, 2120)]
    await web.store.directory.put(many, NOW, "test")
    browser = await web.logged_in("anna")
    seen: list[str] = []
    for page in (1, 2, 3):
        await browser.opens(f"/katalog?q=person&sida={page}")
        rows = [each.extension for each in many if f">{each.name}<" in browser.page]
        assert len(rows) == min(AT_ONCE, 120 - len(seen))
        seen += rows
    assert len(set(seen)) == 120
    assert "101–120 av 120" in browser.page
    assert 'href="/katalog?q=person&amp;sida=2"' in browser.page
    await browser.opens("/katalog?q=person&sida=4")
    assert "Person" not in browser.page.partition("<table")[2]


async def test_operators_see_how_old_the_reading_of_each_calendar_is(web: Web):
    await web.store.directory.put(
        [Listing(ANNA, "Anna Berg", coupled=True), Listing(BO, "Bo Ek", coupled=True)],
        NOW,
        "test",
    )
    for extension, how in (
        (ANNA, Progress(read_at=NOW - timedelta(minutes=3))),
        (BO, Progress(read_at=NOW - timedelta(hours=2), failing_since=NOW)),
    ):
        link = Link(extension, LinkKind.ICS, f"/{extension}.ics")
        await web.store.links.put(link, NOW, "test")
        await web.store.links.keep(link, how, Kept())
    browser = await web.logged_in("bo")
    await browser.opens("/katalog")
    assert "för 3 minuter sedan" in browser.page
    assert "går inte att läsa</span> för 2 timmar sedan" in browser.page


async def test_operators_are_shown_what_is_hardly_as_it_was_meant(web: Web):
    lunch = SetDivert(BO, ReasonCode("LUN"), NOW + timedelta(hours=6))
    await put(web, MEETING, lunch)
    browser = await web.logged_in("bo")
    await browser.opens("/katalog")
    assert "ovanlig tid</span>" in browser.page
    assert "ovanligt lång</span>" in browser.page
    await browser.opens("/katalog?orimliga=1")
    assert "Bo Ek</a>" in browser.page
    assert "Anna Berg</a>" not in browser.page
    other = await web.logged_in("anna")
    await other.opens("/katalog?orimliga=1")
    assert "Anna Berg</a>" in other.page
    assert "ovanlig" not in other.page


async def test_all_that_is_odd_is_found_however_many_are_away(web: Web):
    many = [Listing(Extension(str(n)), f"Person {n}") for n in range(2000, 2450)]
    await web.store.directory.put(many, NOW, "test")
    for each in many:
        hours = 6 if each.extension.endswith("9") else 1
        until = NOW + timedelta(hours=hours)
        await put(web, SetDivert(each.extension, ReasonCode("LUN"), until))
    browser = await web.logged_in("bo")
    await browser.opens("/katalog?orimliga=1")
    assert "Antal: 45" in browser.page


@pytest.mark.parametrize("query", ["sida=0", "sida=-1", "sida=x", "sida=٣", "q=%00"])
async def test_an_address_that_makes_no_sense_shows_the_first_page(web: Web, query):
    browser = await web.logged_in("anna")
    answer = await browser.opens(f"/katalog?{query}")
    assert answer.status_code == 200
    assert "Anna Berg</a>" in browser.page


async def test_a_name_that_is_markup_is_shown_as_it_is_written(web: Web):
    name = '<script>alert("1")</script>'
    await web.store.directory.put([Listing(ANNA, name, name)], NOW, "test")
    browser = await web.logged_in("bo")
    for path in ("/katalog", "/katalog?q=script", "/katalog/1234"):
        await browser.opens(path)
        assert "&lt;script&gt;alert" in browser.page
        assert "<script>alert" not in browser.page


@given(st.dictionaries(st.sampled_from(["q", "sida", "orimliga"]), st.text()))
def test_whatever_is_asked_for_can_be_asked_for_again(given):
    wanted = asked(given, is_operator=True)
    assert wanted.page >= 1
    assert wanted.address(wanted.page).startswith("/katalog")
    assert "\0" not in wanted.text
