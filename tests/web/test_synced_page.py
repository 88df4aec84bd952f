"""The directory server on the web: looked through first, then followed or left."""

from dataclasses import replace

import pytest
from ldap_people import USUAL, entry
from prometheus_client import CollectorRegistry, generate_latest
from web_house import ANNA, BO, NOW, Web, hidden

from voice.directory_measures import DirectoryMeasures
from voice.ldap.entries import Entry
from voice.ldap.faults import LdapError
from voice.numbering import NumberPlan
from voice.store.port import Listing
from voice.web.pages.synced import PATH, REVIEW, looks
from voice.web.port import House
from voice.web_directory import DirectoryServer

ADDRESS = "ldaps://dc1.example.org"


class Server:
    """A site's directory server, and how the service finds it to be."""

    def __init__(self, web: Web) -> None:
        self.people = {
            "1234": entry("Anna Berg", ipPhone="1234", department="Skola"),
            "1300": entry("Bo Ek", ipPhone="1300", department="Vård"),
        }
        self.fault = ""
        self.registry = CollectorRegistry()
        self.measures = DirectoryMeasures(self.registry)
        self.health = "ok"
        self.web, house = web, web.house
        self.settings = replace(USUAL, address=ADDRESS, sync_minutes=60)
        calendars = house.administration.calendars
        desk = DirectoryServer(
            self.settings, house.store, NumberPlan(), calendars, self.read
        )
        self.house: House = replace(
            house,
            administration=replace(house.administration, directory=desk),
            health=self.well,
            metrics=self.metrics,
        )
        web.app.state.pages.house = self.house

    async def read(self) -> tuple[Entry, ...]:
        if self.fault:
            raise LdapError(ADDRESS, self.fault)
        return tuple(self.people.values())

    async def well(self) -> str:
        return self.health

    async def metrics(self) -> str:
        return generate_latest(self.registry).decode()

    async def names(self) -> dict[str, str]:
        listings = await self.web.store.directory.list()
        return {each.extension: each.name for each in listings}


@pytest.fixture
def server(web: Web) -> Server:
    return Server(web)


async def test_a_site_without_a_directory_server_is_told_how_to_have_one(web: Web):
    browser = await web.logged_in("chef")
    await browser.opens(PATH)
    assert "Skriv avsnittet [ldap] i inställningsfilen" in browser.page
    assert (await browser.opens(REVIEW)).status_code == 404


async def test_what_would_change_is_shown_before_it_is_done(web: Web, server: Server):
    server.people |= {
        "1234": entry("Anna Gift", ipPhone="1234", department="Skola"),
        "1400": entry("Göran Ny", ipPhone="1400"),
        "x": entry("<b>Fel</b>", ipPhone="växeln"),
    }
    browser = await web.logged_in("chef")
    await browser.opens(PATH)
    assert ADDRESS in browser.page
    assert "Inga än." in browser.page
    await browser.opens(REVIEW)
    assert "1400</span> Göran Ny" in browser.page
    assert "<del>Anna Berg</del> <ins>Anna Gift</ins>" in browser.page
    assert (
        "&lt;b&gt;Fel&lt;/b&gt;</strong>: ”växeln” är ingen anknytning" in browser.page
    )
    assert await server.names() == {ANNA: "Anna Berg", BO: "Bo Ek"}
    await browser.sends(REVIEW)
    assert browser.at == PATH
    assert "Hämtat. Tillagda: 1, ändrade: 1, borttagna: 0." in browser.page
    assert await server.names() == {
        **{ANNA: "Anna Gift", BO: "Bo Ek"},
        "1400": "Göran Ny",
    }
    assert "på webben: chef" in browser.page
    assert "tillagda: 1, ändrade: 1, borttagna: 0" in browser.page


async def test_nothing_to_change_leaves_nothing_to_press(web: Web, server: Server):
    browser = await web.logged_in("chef")
    await browser.opens(REVIEW)
    assert "redan som katalogtjänsten har den: 2 anknytningar" in browser.page
    assert hidden(browser.page, REVIEW) == {}


async def test_what_changed_meanwhile_is_shown_anew(web: Web, server: Server):
    server.people["1400"] = entry("Göran Ny", ipPhone="1400")
    browser = await web.logged_in("chef")
    await browser.opens(REVIEW)
    server.people["1400"] = entry("Göran Äldre", ipPhone="1400")
    await browser.sends(REVIEW)
    assert browser.at == REVIEW
    assert "Något ändrades under tiden" in browser.page
    assert "1400" not in await server.names()


async def test_so_many_are_removed_only_with_a_tick(web: Web, server: Server):
    there = [Listing(n, f"Nr {n}") for n in map(str, range(2000, 2020))]
    await web.store.directory.put(there, NOW, "test")
    browser = await web.logged_in("chef")
    await browser.opens(REVIEW)
    assert "20 anknytningar skulle tas bort, mer än en tiondel" in browser.page
    await browser.sends(REVIEW)
    assert "Kryssa för att så många ska tas bort" in browser.page
    assert len(await server.names()) == 22
    await browser.sends(REVIEW, half="1")
    assert len(await server.names()) == 2


@pytest.mark.parametrize("people", [{}, {"x": entry("Anna", ipPhone="växeln")}])
async def test_a_server_that_lists_nobody_is_told(web: Web, server: Server, people):
    server.people = people
    browser = await web.logged_in("chef")
    assert (await browser.opens(REVIEW)).status_code == 502
    assert "Katalogtjänsten kan inte läsas. Inget är ändrat." in browser.page
    assert "The directory server tells no" in browser.page


async def test_a_server_that_fails_is_told_with_its_remedy(web: Web, server: Server):
    server.people["1400"] = entry("Göran Ny", ipPhone="1400")
    browser = await web.logged_in("chef")
    await browser.opens(REVIEW)
    server.fault = "does not let us in: look at user in [ldap]"
    assert (await browser.sends(REVIEW)).status_code == 502
    assert "does not let us in: look at user in [ldap]" in browser.page
    assert "1400" not in await server.names()


async def test_the_page_tells_when_the_service_looked(web: Web, server: Server):
    browser = await web.logged_in("chef")
    await browser.opens(PATH)
    assert "inte sedan telefonitjänsten startade här" in browser.page
    counts = {"added": 3, "changed": 0, "removed": 1, "same": 9, "left_out": 2}
    server.measures.synced(web.clock(), counts)
    await browser.opens(PATH)
    assert "Senaste hämtningen</h2>" in browser.page
    assert "tillagda: 3, ändrade: 0, borttagna: 1, lämnade som de är: 9" in browser.page
    web.clock.goes(minutes=20)
    server.measures.failed(web.clock())
    server.health = "sip: It is down.\ndirectory: It cannot be reached: look there.\n"
    await browser.opens(PATH)
    assert "Senaste hämtningen misslyckades</h2>" in browser.page
    assert "It cannot be reached: look there." in browser.page
    assert "It is down" not in browser.page


async def test_a_service_that_does_not_answer_is_told_to_be_silent(web, server):
    async def silent() -> str:
        return "service: it does not answer; is `telefonist serve` running?"

    web.app.state.pages.house = replace(server.house, metrics=silent)
    browser = await web.logged_in("chef")
    await browser.opens(PATH)
    assert "okänt: telefonitjänsten svarar inte" in browser.page


@pytest.mark.parametrize("text", ["", "ok", "<html>", "a{b=", "x" * 10_000])
def test_what_is_no_count_is_none(text: str):
    assert looks(text) is None


@pytest.mark.parametrize("login", ["anna", "bo"])
async def test_nobody_but_administrators_sees_it(web: Web, server: Server, login: str):
    browser = await web.logged_in(login)
    for path in (PATH, REVIEW):
        assert (await browser.opens(path)).status_code == 403
