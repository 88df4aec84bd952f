"""Samtal: those going on, those found, and what is asked for in odd ways."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape
from web_calls import TALK, put_call, said
from web_house import BO, NOW, Web

from voice.store.calls_port import CallId
from voice.store.marks_port import Misheard
from voice.web.pages.calls_asked import FIELDS, asked
from voice.web.pages.turns import clock


async def test_calls_that_go_on_are_shown_with_their_last_words(web: Web):
    many = [said(float(n), f"ord{n}") for n in range(20)]
    await put_call(web.store, "on", many, outcome=None)
    browser = await web.logged_in("bo")
    await browser.opens("/samtal")
    assert "Anna Berg" in browser.page
    assert "ord19" in browser.page
    assert "ord14" in browser.page
    assert "ord13" not in browser.page


async def test_calls_that_have_ended_are_found_with_how_they_went(web: Web):
    await put_call(web.store, "well")
    await put_call(web.store, "badly", [*TALK, said(9.0, "eh", 0.31)])
    browser = await web.logged_in("bo")
    await browser.opens("/samtal")
    assert 'href="/samtal/well"' in browser.page
    assert "1 inte förstått" in browser.page
    assert ">31\xa0%<" in browser.page
    assert "lade på" in browser.page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=lunch", {"anna", "bo"}),
        ("q=lunch+sjuk", {"bo"}),
        ("q=sju", {"bo"}),
        ("anknytning=1300", {"bo"}),
        ("nummer=3339", {"other"}),
        ("utfall=transferred", {"other"}),
        ("plats=start", {"anna", "bo"}),
        ("plats=pin", set()),
        ("under=50", {"bo"}),
        ("oklart=1", {"bo"}),
        ("markerat=1", {"anna"}),
        ("fran=2026-03-05", {"anna", "bo"}),
        ("till=2026-03-04", {"other"}),
        ("fran=2026-03-04&till=2026-03-04", {"other"}),
        ("q=finns+inte", set()),
    ],
)
async def test_each_filter_finds_its_own(web: Web, query: str, found: set[str]):
    await put_call(web.store, "anna")
    await put_call(web.store, "bo", [*TALK, said(9.0, "sjuk", 0.4)], caller=BO)
    before = NOW - timedelta(days=1)
    await put_call(
        web.store,
        "other",
        (),
        began=before,
        outcome="transferred",
        place="3339",
        caller=None,
    )
    await web.store.marks.put(Misheard(CallId("anna"), 1, "kunde", "bo", NOW))
    browser = await web.logged_in("bo")
    await browser.opens(f"/samtal?{query}")
    shown = {
        name for name in ("anna", "bo", "other") if f"/samtal/{name}" in browser.page
    }
    assert shown == found


async def test_pages_follow_each_other_until_all_have_been_seen(web: Web):
    for number in range(120):
        began = NOW - timedelta(minutes=number)
        await put_call(web.store, f"c{number:03}", began=began)
    browser = await web.logged_in("bo")
    await browser.opens("/samtal?q=lunch")
    seen: list[str] = []
    for _ in range(3):
        here = [f"c{n:03}" for n in range(120) if f'"/samtal/c{n:03}"' in browser.page]
        seen += here
        older = f"/samtal?q=lunch&amp;efter={here[-1]}"
        is_last = older not in browser.page
        if not is_last:
            await browser.opens(older.replace("&amp;", "&"))
    assert is_last
    assert seen == [f"c{number:03}" for number in range(120)]
    assert 'href="/samtal?q=lunch"' in browser.page


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("fran=i+g%C3%A5r", "Skriv dagen som 2026-03-05."),
        ("till=0001-01-01", "Skriv dagen som 2026-03-05."),
        ("fran=9999-12-31", "Skriv dagen som 2026-03-05."),
        ("fran=2026-03-05&till=2026-03-04", "Den dagen är före den första."),
        ("under=33", "Välj en av procentsatserna."),
        (f"q={'a' * 201}", "Det är för långt."),
    ],
)
async def test_what_cannot_be_read_is_said_beside_its_field(
    web: Web, query: str, told: str
):
    await put_call(web.store, "anna")
    browser = await web.logged_in("bo")
    answer = await browser.opens(f"/samtal?{query}")
    assert answer.status_code == 422
    assert told in browser.page
    assert "/samtal/anna" not in browser.page


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "' OR 1=1 --", '"lunch', "lunch*", "NEAR("]
)
async def test_what_is_searched_for_is_only_text(web: Web, text: str):
    await put_call(web.store, "anna")
    browser = await web.logged_in("bo")
    answer = await browser.client.get("/samtal", params={"q": text})
    assert answer.status_code == 200
    assert str(escape(text)) in answer.text


async def test_after_a_call_that_is_not_there_nothing_is_found(web: Web):
    browser = await web.logged_in("bo")
    answer = await browser.opens("/samtal?efter=nobody")
    assert answer.status_code == 404


async def test_a_search_as_one_types_gives_what_is_found_alone(web: Web):
    await put_call(web.store, "anna")
    browser = await web.logged_in("bo")
    answer = await browser.opens("/samtal?q=lu", **{"hx-request": "true"})
    assert answer.text.lstrip().startswith('<div id="found">')
    assert "/samtal/anna" in answer.text


@pytest.mark.parametrize("path", ["/samtal", "/samtal/anna", "/samtal/live"])
async def test_a_person_sees_no_calls(web: Web, path: str):
    await put_call(web.store, "anna")
    browser = await web.logged_in("anna")
    assert (await browser.opens(path)).status_code == 403
    assert "lunch" not in browser.page


TEXTS = st.dictionaries(
    st.sampled_from([*FIELDS, "efter", "annat"]), st.text(max_size=300)
)


@given(TEXTS)
def test_whatever_is_asked_for_is_read_or_blamed(given_: dict[str, str]):
    found = asked(given_)
    again = asked(found.fields)
    assert (again.wanted, again.faults) == (found.wanted, found.faults)
    assert found.faults.keys() <= set(FIELDS)


@given(st.integers(0, 10**6))
def test_a_stopwatch_counts_every_second(seconds: int):
    *hours, minutes, left = map(int, clock(seconds).split(":"))
    assert sum(hours) * 3600 + minutes * 60 + left == seconds
