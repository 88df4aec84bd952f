"""Läge: what the service, the store and the calendars tell of themselves."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client import generate_latest
from web_house import ANNA, BO, NOW, Web, opened_web

from voice.language.catalog import Catalog
from voice.measures import Measures
from voice.store.calls_port import Call, CallId, Turn, Who
from voice.store.links_port import Kept, Link, LinkKind, Progress
from voice.store.port import Listing, Store
from voice.web.app import create_app

WELL = '{"command": "set_divert", "sure": true, "reason": "LUN"}'
UNCLEAR = '{"why": "unclear"}'


def telling(web: Web, health: str, metrics: str) -> None:
    """Let the service answer so when the web asks it."""

    async def how() -> str:
        return health

    async def counted() -> str:
        return metrics

    web.house = replace(web.house, health=how, metrics=counted)
    web.app = create_app(web.house)


def measured() -> str:
    measures = Measures()
    measures.call_began("start")
    for seconds in (0.15, 0.25, 0.25, 7.0):
        measures.answered(seconds)
    return generate_latest(measures.registry).decode()


async def called(store: Store) -> None:
    """Let one call have been heard half."""
    id = CallId("c1")
    await store.transcripts.begin(Call(id, "4949", ANNA, NOW))
    turns = (
        Turn(1.0, Who.CALLER, "lunch", 0.9, WELL, place="start"),
        Turn(2.0, Who.CALLER, "", 0.2, UNCLEAR, place="divert"),
    )
    for turn in turns:
        await store.transcripts.add(id, turn)
    await store.transcripts.end(id, "hung_up", NOW + timedelta(seconds=9))


async def test_what_the_service_counts_is_shown(web: Web):
    telling(web, "ok", measured())
    browser = await web.logged_in("bo")
    await browser.opens("/lage")
    assert "Tjänsten mår bra" in browser.page
    assert '<dd class="number">1</dd>' in browser.page
    assert "Hälften inom 0,25 s, 95 av 100 efter mer än 5,0 s." in browser.page
    assert "Antal mätningar: 4." in browser.page
    # As the buckets are: three within a quarter of a second, and one beyond all.
    times = browser.page.partition('class="spread"')[2].partition("</table>")[0]
    assert re.findall(r'class="number">(.*?)<.*?figure">(\d+)<', times) == [
        *(("0,1–0,2 s", "1"), ("0,2–0,3 s", "2")),
        *(("0,3–0,4 s", "0"), ("0,4–0,5 s", "0"), ("0,5–0,75 s", "0")),
        *(("0,75–1 s", "0"), ("1–1,5 s", "0"), ("1,5–2 s", "0")),
        *(("2–5 s", "0"), ("över 5 s", "1")),
    ]
    assert "Inte mätt än." in browser.page


async def test_a_service_that_does_not_answer_is_not_said_to_be_well(web: Web):
    silence = "service: it does not answer; is `telefonist serve` running?"
    telling(web, silence, silence)
    await called(web.store)
    browser = await web.logged_in("bo")
    answer = await browser.opens("/lage")
    assert answer.status_code == 200
    assert "Något är inte som det ska" in browser.page
    assert "Telefonitjänsten svarar inte" in browser.page
    assert "Tjänsten mår bra" not in browser.page
    assert "<strong>50\xa0%</strong>" in browser.page


async def test_only_administrators_read_what_is_wrong_with_a_part(web: Web):
    telling(web, "sip: 10.0.0.1 is silent.", measured())
    for login, reads in (("bo", False), ("chef", True)):
        browser = await web.logged_in(login)
        await browser.opens("/lage")
        assert "Telefonlinjen (SIP) tar inte emot samtal." in browser.page
        assert ("10.0.0.1 is silent." in browser.page) is reads


async def test_what_was_heard_is_told_by_place_and_meaning(web: Web):
    await called(web.store)
    browser = await web.logged_in("bo")
    await browser.opens("/lage")
    assert ">tid för hänvisning</a>" in browser.page
    # What was missed there leads to the calls in which it was.
    assert (
        'href="/samtal?plats=divert&amp;fran=2026-02-06&amp;oklart=1"' in browser.page
    )
    assert 'href="/samtal?plats=start' not in browser.page
    assert ">hänvisa: lunch</a>" in browser.page
    # Once for the day, and once for the place that it was missed at.
    assert browser.page.count('<rect class="missed"') == 2
    assert "Avslutade samtal: 1" in browser.page
    await browser.opens("/lage?plats=divert&dagar=7")
    assert "<strong>0\xa0%</strong>" in browser.page
    await browser.opens("/lage?plats=start")
    assert "<strong>100\xa0%</strong>" in browser.page
    await browser.opens("/lage?vad=set_divert&orsak=LUN")
    assert "<strong>hänvisa: lunch</strong>" in browser.page
    assert "<strong>100\xa0%</strong>" in browser.page
    await browser.opens("/lage?vad=set_divert&orsak=SEM")
    assert "Ingenting är räknat under de här dagarna." in browser.page


async def test_days_without_a_call_are_said_to_have_none(web: Web):
    await called(web.store)
    web.clock.goes(days=300)
    browser = await web.logged_in("bo")
    await browser.opens("/lage?dagar=7")
    assert "Ingenting är räknat under de här dagarna." in browser.page


@pytest.mark.parametrize("asked", ["dagar=x&plats=<b>", "vad=%00", "dagar=-1"])
async def test_what_cannot_be_asked_for_is_left_out(web: Web, asked: str):
    browser = await web.logged_in("bo")
    assert (await browser.opens(f"/lage?{asked}")).status_code == 200


async def test_calendars_with_faults_are_told_to_administrators_by_extension(web: Web):
    link = Link(ANNA, LinkKind.CALDAV, "https://cloud.example.se/anna/")
    await web.store.links.put(link, NOW, "test")
    listing = Listing(ANNA, "Anna Berg", "Skola", coupled=True)
    await web.store.directory.put([listing], NOW, "test")
    fault = Progress(
        read_at=NOW - timedelta(hours=2),
        failing_since=NOW - timedelta(hours=1),
        fault="AccessDeniedError",
        remedy="Give us the right to read it.",
    )
    await web.store.links.keep(link, fault, Kept())
    browser = await web.logged_in("chef")
    await browser.opens("/lage")
    assert f"/installningar/anknytningar/{ANNA}" in browser.page
    assert "Kalendern släpper inte in oss." in browser.page
    assert "Give us the right to read it." in browser.page
    assert "för 2 timmar sedan" in browser.page
    assert "cloud.example.se" not in browser.page
    browser = await web.logged_in("bo")
    await browser.opens("/lage")
    assert "Kalendern släpper inte in oss." not in browser.page
    assert '<dt>Läses inte som de ska</dt><dd class="number">1</dd>' in browser.page


async def test_versions_are_told(web: Web):
    browser = await web.logged_in("bo")
    await browser.opens("/lage")
    assert "sv-telephone" in browser.page


async def test_a_person_sees_none_of_it(web: Web):
    browser = await web.logged_in("anna")
    assert (await browser.opens("/lage")).status_code == 403
    assert 'href="/lage"' not in browser.page


async def test_many_calendars_are_counted_and_some_shown(catalog: Catalog):
    async with opened_web(catalog) as web:
        people = [Listing(str(n), f"P {n}", coupled=True) for n in range(2000, 2150)]
        await web.store.directory.put(people, NOW, "test")
        for each in (*people, Listing(BO, "Bo")):
            link = Link(each.extension, LinkKind.ICS, f"/x/{each.extension}.ics")
            await web.store.links.put(link, NOW, "test")
        browser = await web.logged_in("chef")
        await browser.opens("/lage")
        assert "Och 50 till." in browser.page
        assert browser.page.count("Kalendern är inte läst än.") == 100
