"""Anknytningar: added, changed and removed by administrators, and told on the trail."""

import re
from datetime import timedelta

import pytest
from web_house import ANNA, BO, NOW, Browser, Web

from voice.divert.model import Extension
from voice.pins import Pins, Verdict
from voice.store.port import Listing, UnknownExtensionError

PEOPLE = "/installningar/anknytningar"
NEW = f"{PEOPLE}/ny"
PERSON = f"{PEOPLE}/{ANNA}"
PIN = "739154"


async def chef(web: Web, path: str) -> Browser:
    browser = await web.logged_in("chef")
    assert (await browser.opens(path)).status_code == 200
    return browser


async def trail(web: Web) -> list[tuple[str, str]]:
    entries = await web.store.audit.entries(ANNA)
    return [(each.event, each.by) for each in entries if each.by != "test"]


async def test_an_extension_is_added_as_it_is_written(web: Web):
    browser = await chef(web, NEW)
    await browser.sends(
        NEW,
        number="1500",
        name=" Cia Dahl ",
        unit="Vård",
        mail="Cia.Dahl@Example.se",
        mobiles="070-123 45 67, +46701234568",
        search="Cissi; sköterskan",
    )
    assert browser.at == f"{PEOPLE}/1500"
    assert "1500 är tillagd." in browser.page
    assert await web.store.directory.find(Extension("1500")) == Listing(
        Extension("1500"),
        "Cia Dahl",
        "Vård",
        mobiles=("+46701234567", "+46701234568"),
        search=("Cissi", "sköterskan"),
        mail="cia.dahl@example.se",
    )
    (entry,) = await web.store.audit.entries(Extension("1500"))
    assert (entry.event, entry.by) == ("ExtensionAdded", "web: chef")


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("number", "12a", "En anknytning skrivs med siffror."),
        ("number", str(ANNA), "Den anknytningen finns redan."),
        ("name", " ", "Skriv ett namn."),
        ("mail", "cia", "Skriv adressen som"),
        ("mail", "anna@example.se", "E-postadressen hör redan till en annan"),
        ("mobiles", "070-1, x", "Skriv mobilnummer som"),
        ("mobiles", "0701111111", "En av mobilerna hör redan till en annan"),
        ("search", "123", "Skriv sökord med bokstäver"),
    ],
)
async def test_each_fault_is_told_beside_its_field_and_nothing_is_lost(
    web: Web, field: str, text: str, told: str
):
    taken = Listing(
        ANNA, "Anna Berg", mobiles=("+46701111111",), mail="anna@example.se"
    )
    await web.store.directory.put([taken], NOW, "test")
    browser = await chef(web, NEW)
    filled = {"number": "1500", "name": "Cia", "unit": "Vård"} | {field: text}
    answer = await browser.sends(NEW, **filled)
    assert answer.status_code == 422
    assert told in browser.page
    assert 'value="Vård"' in browser.page
    with pytest.raises(UnknownExtensionError):
        await web.store.directory.find(Extension("1500"))


async def test_every_fault_is_told_at_once(web: Web):
    browser = await chef(web, NEW)
    await browser.sends(NEW, number="x", name="", mail="y", mobiles="z", search="1")
    assert browser.page.count('class="fault"') == 5


async def test_an_extension_is_changed_and_its_coupling_left(web: Web):
    coupled = Listing(ANNA, "Anna Berg", "Skola", coupled=True)
    await web.store.directory.put([coupled], NOW, "test")
    browser = await chef(web, PERSON)
    await browser.sends(PERSON, name="Anna Ek", unit="", mail="", mobiles="", search="")
    assert "1234 är ändrad." in browser.page
    changed = Listing(ANNA, "Anna Ek", coupled=True)
    assert await web.store.directory.find(ANNA) == changed
    assert await trail(web) == [("ExtensionChanged", "web: chef")]


async def test_two_administrators_at_once_do_not_undo_each_other_unseen(web: Web):
    one, other = await chef(web, PERSON), await chef(web, PERSON)
    await one.sends(PERSON, name="Anna Ek", unit="Skola")
    answer = await other.sends(PERSON, name="Anna Berg", unit="Vård")
    assert answer.status_code == 409
    assert "Någon annan har ändrat anknytningen" in other.page
    assert "Så här står det nu: Anna Ek, Skola" in other.page
    assert 'value="Vård"' in other.page
    assert (await web.store.directory.find(ANNA)).name == "Anna Ek"
    await other.sends(PERSON, name="Anna Berg", unit="Vård")
    assert (await web.store.directory.find(ANNA)).unit == "Vård"


async def test_an_extension_is_removed(web: Web):
    browser = await chef(web, PERSON)
    await browser.sends(f"{PERSON}/ta-bort")
    assert browser.at == PEOPLE
    assert "1234 är borttagen." in browser.page
    assert (await browser.opens(PERSON)).status_code == 404


async def test_a_pin_is_set_and_never_shown(web: Web):
    browser = await chef(web, PERSON)
    assert "Har ingen PIN" in browser.page
    await browser.sends(f"{PERSON}/pin", new_pin=PIN)
    assert "1234 har en ny PIN." in browser.page
    assert PIN not in browser.page
    assert await Pins(web.store).verify(ANNA, PIN, NOW) is Verdict.RIGHT
    assert await trail(web) == [("PinSet", "web: chef")]


@pytest.mark.parametrize("pin", ["123456", "12", "", "73915x", "121212"])
async def test_a_pin_that_will_not_do_is_not_kept(web: Web, pin: str):
    browser = await chef(web, PERSON)
    answer = await browser.sends(f"{PERSON}/pin", new_pin=pin)
    assert answer.status_code == 422
    assert "En PIN är sex siffror" in browser.page
    assert not pin or f'value="{pin}"' not in browser.page
    assert await web.store.credentials.find(ANNA) is None


async def test_a_locked_pin_is_unlocked(web: Web):
    pins = Pins(web.store)
    await pins.set(ANNA, PIN, NOW, "test")
    for _ in range(5):
        await pins.verify(ANNA, "000000", NOW)
    browser = await chef(web, PERSON)
    assert "spärrad till" in browser.page
    await browser.sends(f"{PERSON}/pin/las-upp")
    assert "1234 kan använda sin PIN igen." in browser.page
    assert await pins.verify(ANNA, PIN, NOW) is Verdict.RIGHT


async def test_a_pin_is_taken_away(web: Web):
    await Pins(web.store).set(ANNA, PIN, NOW, "test")
    browser = await chef(web, PERSON)
    await browser.sends(f"{PERSON}/pin/ta-bort")
    assert "1234 har ingen PIN längre." in browser.page
    assert await web.store.credentials.find(ANNA) is None


async def test_a_pin_of_nobody_is_not_set(web: Web):
    browser = await chef(web, PERSON)
    await web.store.directory.remove(ANNA, NOW + timedelta(hours=1), "test")
    answer = await browser.sends(f"{PERSON}/pin", new_pin=PIN)
    assert answer.status_code == 404


@pytest.mark.parametrize("asked", ["bo ek", "1300", "VÅRD"])
async def test_people_are_found_by_what_is_known_of_them(web: Web, asked: str):
    browser = await chef(web, f"{PEOPLE}?q={asked}")
    assert "Bo Ek" in browser.page
    assert "Anna Berg" not in browser.page


async def test_pages_hold_everybody_once(web: Web):
    many = [Listing(Extension(str(n)), f"P {n}") for n in range(2000, 2130)]
    await web.store.directory.put(many, NOW, "test")
    browser = await chef(web, PEOPLE)
    seen: list[str] = []
    while True:
        seen += re.findall(rf'href="{PEOPLE}/(\d+)"', browser.page)
        more = re.search(r'rel="next" href="([^"]+)"', browser.page)
        if more is None:
            break
        await browser.opens(more[1].replace("&amp;", "&"))
    assert seen == sorted({*(each.extension for each in many), ANNA, BO})


@pytest.mark.parametrize("login", ["anna", "bo"])
@pytest.mark.parametrize("path", ["/installningar", PEOPLE, NEW, PERSON])
async def test_only_administrators_look_after_people(web: Web, login: str, path: str):
    browser = await web.logged_in(login)
    assert (await browser.opens(path)).status_code == 403


async def test_every_way_of_the_settings_leads_to_a_page(web: Web):
    browser = await chef(web, "/installningar")
    ways = re.findall(r'<li><a href="(/installningar/[^"]+)"', browser.page)
    assert PEOPLE in ways
    for way in ways:
        assert (await browser.opens(way)).status_code == 200
