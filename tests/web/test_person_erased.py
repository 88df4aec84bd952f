"""All that is held on a person: handed over to administrators, or erased for good."""

import asyncio
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from web_calls import put_call, said
from web_house import ANNA, BO, NOW, Browser, Web, hidden, opened_web

from voice.config import RecordingSettings
from voice.divert.model import Mark, Mode, ReasonCode
from voice.language.catalog import Catalog
from voice.store.accounts_port import Account, Login, Role
from voice.store.links_port import Link, LinkKind, OwnBooking, Step
from voice.store.port import Listing
from voice.web.pages.erasure import export_name

PEOPLE = "/installningar/anknytningar"
PERSON = f"{PEOPLE}/{ANNA}"
EXPORT, ERASE = f"{PERSON}/registerutdrag", f"{PERSON}/radera"
SEEK = said(2.0, "sök anna berg", meaning={"command": "seek", "extension": ANNA})
BORN = said(4.0, "jag är född åttio noll ett noll ett nittio noll två")


async def chef(web: Web, path: str = PERSON) -> Browser:
    browser = await web.logged_in("chef")
    assert (await browser.opens(path)).status_code == 200
    return browser


def token(browser: Browser) -> dict[str, str]:
    """Return what a form proves itself with, where the page has no such form."""
    return {"_token": hidden(browser.page, "/logga-ut")["_token"]}


async def events(web: Web) -> list[tuple[str, str, str]]:
    """Return what administrators have done, on the trail."""
    entries = await web.store.audit.entries()
    return [(e.event, e.extension, e.by) for e in entries if e.by != "test"]


async def booked(web: Web) -> None:
    """Let something of ours stand in Anna's calendar, where we are not let in."""
    link = Link(ANNA, LinkKind.CALDAV, "https://kalender.example.se/anna/")
    await web.store.links.put(link, NOW, "test")
    mark, end = Mark(ReasonCode("SAM"), Mode.CLOSED), NOW + timedelta(days=9000)
    await web.store.bookings.put([OwnBooking(ANNA, "a", mark, NOW, end, Step.NONE)])


async def test_all_that_is_held_on_a_person_is_fetched_as_a_file(web: Web):
    await put_call(web.store, "k1", [BORN])
    browser = await chef(web)
    answer = await browser.sends(EXPORT)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="registerutdrag-1234-20260305.json"'
    )
    held = json.loads(answer.text)
    assert held["listing"]["name"] == "Anna Berg"
    assert held["calls"][0]["turns"][0]["text"] == BORN.text
    assert await events(web) == [("PersonExported", ANNA, "web: chef")]


async def test_masked_it_tells_of_nobody(web: Web):
    await put_call(web.store, "k1", [BORN, SEEK])
    browser = await chef(web)
    answer = await browser.sends(EXPORT, masked="1")
    assert '-maskerat.json"' in answer.headers["content-disposition"]
    texts = [turn["text"] for turn in json.loads(answer.text)["calls"][0]["turns"]]
    assert texts == ["jag är född …", "sök … …"]
    assert "Anna" not in answer.text
    (entry,) = await web.store.audit.entries(ANNA, limit=1)
    assert (entry.event, entry.detail) == ("PersonExported", "masked")


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("1234", "registerutdrag-1234-20260305.json"),
        ('12"; x=\r\nA: b/../å', "registerutdrag-12xab-20260305.json"),
        ("…", "registerutdrag-person-20260305.json"),
    ],
)
def test_the_name_of_the_file_is_safe(number: str, name: str):
    assert export_name(number, "20260305", is_masked=False) == name


async def test_it_is_said_what_goes_and_what_stays_before_it_is_asked_again(web: Web):
    browser = await chef(web)
    assert f'href="{ERASE}"' in browser.page
    await browser.opens(ERASE)
    for told in (
        "Kontot anna,",
        "Ett kvitto i ändringsloggen: att 1234",
        "chef gjorde",
    ):
        assert told in browser.page
    assert "Det går inte att ångra." in browser.page
    assert await web.store.directory.find(ANNA)


async def test_a_person_whose_number_is_written_again_is_erased(web: Web):
    await put_call(web.store, "of-anna", [BORN])
    await put_call(web.store, "of-bo", [SEEK], caller=BO)
    browser = await chef(web, ERASE)
    await browser.sends(ERASE, number=f" {ANNA} ")
    assert browser.at == PEOPLE
    assert "Allt om 1234 är raderat. Samtal: 1. Ställen i andras samtal: 1." in (
        browser.page
    )
    assert (await browser.opens(PERSON)).status_code == 404
    assert await web.store.accounts.find(Login("anna")) is None
    assert [call.id for call in await web.store.transcripts.calls()] == ["of-bo"]
    assert ("PersonErased", ANNA, "web: chef") in await events(web)
    await browser.opens(f"/installningar/spar?anknytning={ANNA}")
    assert "Person raderad" in browser.page


@pytest.mark.parametrize("written", ["", "1300", "Anna Berg", "12 34"])
async def test_nobody_is_erased_by_another_number(web: Web, written: str):
    browser = await chef(web, ERASE)
    answer = await browser.sends(ERASE, number=written)
    assert answer.status_code == 422
    assert "Det är inte anknytningens nummer. Ingenting är raderat." in browser.page
    assert f'value="{written}"' in browser.page
    assert await web.store.directory.find(ANNA)
    assert await events(web) == []


async def test_nobody_is_erased_in_the_middle_of_a_call(web: Web):
    await put_call(web.store, "k1", [BORN], outcome=None)
    browser = await chef(web, ERASE)
    answer = await browser.sends(ERASE, number=str(ANNA))
    assert answer.status_code == 409
    assert "Ett samtal pågår." in browser.page
    assert await web.store.directory.find(ANNA)


async def test_nobody_erases_themselves(web: Web):
    account = Account(Login("chef"), frozenset({Role.ADMINISTRATOR}), NOW, ANNA)
    await web.store.accounts.put(account, NOW, "test")
    browser = await chef(web, ERASE)
    assert "Det är du själv." in browser.page
    assert f'action="{ERASE}"' not in browser.page
    answer = await browser.sends(ERASE, number=str(ANNA), **token(browser))
    assert answer.status_code == 422
    assert await web.store.directory.find(ANNA)


async def test_the_sound_of_their_calls_goes_too(catalog: Catalog, tmp_path: Path):
    (tmp_path / "of-anna.call.wav").write_bytes(b"RIFF")
    recording = RecordingSettings(tmp_path, days=7)
    async with opened_web(catalog, recording=recording) as web:
        await put_call(web.store, "of-anna", [BORN])
        browser = await chef(web, ERASE)
        await browser.sends(ERASE, number=str(ANNA))
    assert await asyncio.to_thread(os.listdir, tmp_path) == []


@pytest.mark.parametrize(
    ("path", "action", "told"),
    [
        (PERSON, f"{PERSON}/ta-bort", "1234 är borttagen."),
        (ERASE, ERASE, "Allt om 1234 är raderat."),
        (PERSON, f"{PERSON}/kalender/ta-bort", "1234 följer ingen kalender."),
    ],
)
async def test_what_may_be_left_in_a_calendar_is_told(
    web: Web, path: str, action: str, told: str
):
    await booked(web)
    browser = await chef(web, path)
    await browser.sends(action, number=str(ANNA))
    assert told in browser.page
    assert "kan finnas kvar där; ta bort det för hand: 1234 (i dag 11:40)" in (
        browser.page
    )


async def test_what_is_left_of_somebody_who_has_left_is_erased(web: Web):
    await put_call(web.store, "of-anna", [BORN])
    await put_call(web.store, "of-bo", [SEEK], caller=BO)
    await web.store.directory.remove(ANNA, NOW, "test")
    browser = await chef(web, f"{PEOPLE}?q={ANNA}")
    assert f'href="{ERASE}"' in browser.page
    await browser.opens(ERASE)
    assert "Anknytningen finns inte i katalogen." in browser.page
    assert "Kontot anna," in browser.page
    await browser.sends(ERASE, number=str(ANNA), name="Anna Berg")
    assert "Samtal: 1. Ställen i andras samtal: 1." in browser.page
    assert await web.store.accounts.find(Login("anna")) is None
    (turn,) = await web.store.transcripts.turns("of-bo")
    assert turn.text == "sök …"


async def test_of_whom_nothing_is_held_nothing_is_erased(web: Web):
    path = f"{PEOPLE}/7777/radera"
    browser = await chef(web, f"{PEOPLE}?q=7777")
    assert f'href="{path}"' in browser.page
    await browser.opens(path)
    answer = await browser.sends(path, number="7777", name="Eva")
    assert answer.status_code == 404
    assert "Ingenting finns om den anknytningen." in browser.page
    assert 'value="Eva"' in browser.page
    assert await events(web) == []


async def test_a_number_that_is_somebodys_leads_to_nobody_else(web: Web):
    for asked in (ANNA, "Anna", "12x"):
        browser = await chef(web, f"{PEOPLE}?q={asked}")
        assert "/radera" not in browser.page


async def test_others_of_the_same_name_stay(web: Web):
    await web.store.directory.put([Listing(BO, "Anna Ek")], NOW, "test")
    browser = await chef(web, ERASE)
    await browser.sends(ERASE, number=str(ANNA))
    assert [each.name for each in await web.store.directory.list()] == ["Anna Ek"]
    assert await web.store.accounts.find(Login("bo")) is not None


@pytest.mark.parametrize("login", ["anna", "bo"])
async def test_only_administrators_do_either(web: Web, login: str):
    browser = await web.logged_in(login)
    assert (await browser.opens(ERASE)).status_code == 403
    for action in (EXPORT, ERASE):
        sent = {"number": str(ANNA), **token(browser)}
        assert (await browser.sends(action, **sent)).status_code == 403
    assert await web.store.directory.find(ANNA)
