"""Staff lists sent through the web: looked through first, then carried out or left."""

from dataclasses import replace
from datetime import timedelta

import pytest
from web_house import ANNA, BO, NOW, Browser, Web, hidden

from voice.divert.model import (
    Extension,
    Mark,
    Mode,
    ReasonCode,
    SetDivert,
    Source,
)
from voice.store.links_port import Link, LinkKind, OwnBooking, Step
from voice.store.port import Listing
from voice.web.pages.staff import MOST, PATH, REVIEW

HEAD = "extension,name,unit,mail,mobiles,search\n"
ANNAS = "1234,Anna Berg,Skola,,,\n"
BOS = "1300,Bo Ek,Vård,,,\n"


async def sent(browser: Browser, text: str | bytes, **fields: str) -> int:
    """Send a list from its page, and look where that leads."""
    await browser.opens(PATH)
    content = text.encode() if isinstance(text, str) else text
    answer = await browser.client.post(
        PATH,
        data=hidden(browser.page, PATH) | fields,
        files={"csv": ("staff.csv", content, "text/csv")},
        headers={"origin": browser.origin or ""},
        follow_redirects=True,
    )
    browser.page, browser.at = answer.text, answer.url.path
    return answer.status_code


async def names(web: Web) -> dict[str, str]:
    return {each.extension: each.name for each in await web.store.directory.list()}


async def many(web: Web, count: int) -> None:
    there = [
        Listing(Extension(str(n)), f"Person {n}") for n in range(2000, 2000 + count)
    ]
    await web.store.directory.put(there, NOW, "test")


async def test_a_list_is_shown_before_it_is_carried_out(web: Web):
    browser = await web.logged_in("chef")
    text = (
        f"{HEAD}1234,Anna Dahl,Skola,,,\n{BOS}1400,Göran Ek,Bygg,,070-123 45 67,Jöran\n"
    )
    assert await sent(browser, text) == 200
    assert browser.at == REVIEW
    assert "1400</span> Göran Ek" in browser.page
    assert "<del>Anna Berg</del> <ins>Anna Dahl</ins>" in browser.page
    assert (await names(web))[ANNA] == "Anna Berg"
    await browser.sends(REVIEW)
    assert browser.at == PATH
    assert "Tillagda: 1, ändrade: 1, borttagna: 0." in browser.page
    assert await names(web) == {ANNA: "Anna Dahl", BO: "Bo Ek", "1400": "Göran Ek"}
    (entry,) = await web.store.audit.entries(ANNA, limit=1)
    assert (entry.event, entry.by) == ("ExtensionChanged", "web: chef")


async def test_what_may_be_left_in_the_calendars_of_who_is_gone_is_told(web: Web):
    await many(web, 20)
    # On a server that we are not let into.
    link = Link(ANNA, LinkKind.CALDAV, "https://kalender.example.se/anna/")
    await web.store.links.put(link, NOW, "test")
    mark, end = Mark(ReasonCode("SAM"), Mode.CLOSED), NOW + timedelta(days=1)
    await web.store.bookings.put([OwnBooking(ANNA, "a", mark, NOW, end, Step.NONE)])
    others = "".join(f"{n},Person {n},,,,\n" for n in range(2000, 2020))
    browser = await web.logged_in("chef")
    await sent(browser, f"{HEAD}{BOS}{others}", removes="1")
    await browser.sends(REVIEW)
    assert "borttagna: 1." in browser.page
    assert "ta bort det för hand: 1234 (i dag 11:40)" in browser.page


async def test_a_list_leaves_diverts_as_they_stand(web: Web):
    command = SetDivert(ANNA, ReasonCode("SAM"))
    await web.house.obey(command, web.clock(), Source.VOICE)
    stands = await web.store.diverts.standing(ANNA)
    browser = await web.logged_in("chef")
    await sent(browser, "extension;name\n1234;Anna Dahl\n")
    await browser.sends(REVIEW)
    assert (await names(web))[ANNA] == "Anna Dahl"
    assert await web.store.diverts.standing(ANNA) == stands


async def test_every_fault_is_told_by_its_line_and_nothing_is_changed(web: Web):
    browser = await web.logged_in("chef")
    text = (
        f"{HEAD}12a4,Eva,,,,\n1401,,,eva,,\n1402,Eva Ek,,,12,?\n"
        f"{ANNAS}{ANNAS}1403,<b>Bo</b>,,bo,,\n"
    )
    assert await sent(browser, text) == 422
    for told in (
        "Rad 2:</strong> ”12a4” är ingen anknytning",
        "Rad 3:</strong> 1401 har inget namn",
        "Rad 3:</strong> ”eva” är ingen e-postadress",
        "Rad 4:</strong> ”12” är inget mobilnummer",
        "Rad 4:</strong> ”?” är inget sökord",
        "Rad 6:</strong> 1234 står redan på rad 5",
        "Rad 7:</strong> ”bo” är ingen e-postadress",
    ):
        assert told in browser.page, told
    assert hidden(browser.page, REVIEW) == {}
    assert await names(web) == {ANNA: "Anna Berg", BO: "Bo Ek"}


async def test_what_nobody_could_see_or_say_is_told(web: Web):
    browser = await web.logged_in("chef")
    text = f"{HEAD}1401,{'A' * 201},,,,\n1402,E\u202eva,,,,\n"
    assert await sent(browser, text) == 422
    assert "AAA...” är för långt. Skriv högst 200 tecken." in browser.page
    assert "”E\ufffdva” har ett tecken som inte syns" in browser.page


async def test_a_mobile_of_two_is_told_by_its_line(web: Web):
    bo = Listing(BO, "Bo Ek", mobiles=("+46701234567",))
    await web.store.directory.put([bo], NOW, "test")
    browser = await web.logged_in("chef")
    assert await sent(browser, f"{HEAD}1234,Anna,,,070-1234567,\n") == 422
    assert "Rad 2:</strong> +46701234567 hör redan till 1300" in browser.page


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("Åsa".encode("latin-1"), "inte text i UTF-8"),
        (b"namn;nummer\nAnna;1234\n", "Börja med raden extension,name,unit"),
        (HEAD.encode(), "Listan är tom"),
        (b'extension,name\n1234,"Anna' + b"x" * 200_000, "inte att läsa som CSV"),
        (b"\x00\x01\x02\xff", "inte text i UTF-8"),
    ],
)
async def test_what_is_no_list_is_told_to_be_none(web: Web, content, told):
    browser = await web.logged_in("chef")
    assert await sent(browser, content) == 422
    assert told in browser.page


async def test_a_list_of_many_faults_shows_some_and_counts_the_others(web: Web):
    browser = await web.logged_in("chef")
    rows = "".join(f"x{n},Eva,,,,\n" for n in range(MOST + 7))
    assert await sent(browser, HEAD + rows) == 422
    assert "Och 7 till." in browser.page


async def test_no_file_is_asked_for_again(web: Web):
    browser = await web.logged_in("chef")
    assert await sent(browser, b"", removes="1") == 422
    assert "Välj en fil som inte är tom." in browser.page
    assert 'name="removes" value="1" checked' in browser.page


async def test_those_whom_the_list_lacks_are_removed_where_that_is_asked_for(web: Web):
    await many(web, 20)
    there = await names(web)
    rows = "".join(
        f"{number},{name}\n" for number, name in there.items() if number != BO
    )
    browser = await web.logged_in("chef")
    await sent(browser, f"extension,name\n{rows}", removes="1")
    assert "1300</span> Bo Ek" in browser.page
    await browser.sends(REVIEW)
    assert "borttagna: 1." in browser.page
    assert BO not in await names(web)


async def test_half_a_list_removes_nobody_without_a_tick(web: Web):
    await many(web, 20)
    browser = await web.logged_in("chef")
    await sent(browser, HEAD + ANNAS, removes="1")
    assert "21 anknytningar skulle tas bort, mer än en tiondel" in browser.page
    await browser.sends(REVIEW)
    assert "Kryssa för att så många ska tas bort" in browser.page
    assert len(await names(web)) == 22
    await browser.sends(REVIEW, half="1")
    assert await names(web) == {ANNA: "Anna Berg"}


async def test_a_directory_that_changed_meanwhile_is_shown_anew(web: Web):
    browser = await web.logged_in("chef")
    await sent(browser, f"{HEAD}1400,Göran Ek,,,,\n")
    late = Listing(Extension("1400"), "Göran Åkesson")
    await web.store.directory.put([late], NOW, "test")
    await browser.sends(REVIEW)
    assert browser.at == REVIEW
    assert "Katalogen ändrades under tiden" in browser.page
    assert "<del>Göran Åkesson</del> <ins>Göran Ek</ins>" in browser.page
    assert (await names(web))["1400"] == "Göran Åkesson"


async def test_the_same_list_again_changes_nothing(web: Web):
    browser = await web.logged_in("chef")
    await sent(browser, HEAD + ANNAS + BOS, removes="1")
    assert "Katalogen är redan som listan: 2 anknytningar." in browser.page
    assert hidden(browser.page, REVIEW) == {}


async def test_a_list_that_has_waited_for_too_long_is_gone(web: Web):
    browser = await web.logged_in("chef")
    await sent(browser, f"{HEAD}1400,Göran Ek,,,,\n")
    for _ in range(2):
        web.clock.goes(minutes=16)
        await browser.client.get("/katalog")
    await browser.sends(REVIEW)
    assert browser.at == PATH
    assert "Listan har väntat för länge" in browser.page
    assert (await browser.opens(REVIEW)).status_code == 200
    assert browser.at == PATH


async def test_a_list_is_seen_by_nobody_but_who_sent_it(web: Web):
    account = replace(await web.store.accounts.find("chef"), login="chef2")
    await web.store.accounts.put(account, NOW, "test")
    kept = await web.store.passwords.find("chef")
    await web.store.passwords.put(account.login, kept.hash, NOW, "test")
    browser = await web.logged_in("chef")
    await sent(browser, f"{HEAD}1400,Göran Ek,,,,\n")
    other = await web.logged_in("chef2")
    await other.opens(REVIEW)
    assert other.at == PATH
    assert "Göran Ek" not in other.page


@pytest.mark.parametrize("login", ["anna", "bo"])
async def test_nobody_but_administrators_sends_lists(web: Web, login: str):
    browser = await web.logged_in(login)
    for path in (PATH, REVIEW):
        assert (await browser.opens(path)).status_code == 403
    await browser.opens("/katalog")
    assert PATH not in browser.page


async def test_names_in_a_list_that_are_markup_are_shown_as_written(web: Web):
    browser = await web.logged_in("chef")
    await sent(browser, f'{HEAD}1400,<img src=x onerror=alert(1)>,"<i>",,,<u>x\n')
    assert "&lt;img src=x onerror=alert(1)&gt;" in browser.page
    assert "<img" not in browser.page
