"""Calendars that administrators let phones follow, and follow no more."""

import pytest
from web_house import ANNA, NOW, Browser, Web

from voice.divert.model import ReasonCode, SetDivert, Source
from voice.store.links_port import Link, LinkKind

PERSON = f"/installningar/anknytningar/{ANNA}"
FOLLOW = f"{PERSON}/kalender"
SECRET = "https://kalender.example.se/hemlig-1234.ics?key=abc"


async def chef(web: Web) -> Browser:
    browser = await web.logged_in("chef")
    await browser.opens(PERSON)
    return browser


async def test_a_phone_follows_the_calendar_of_its_owner(web: Web):
    browser = await chef(web)
    assert "Följer ingen kalender." in browser.page
    await browser.sends(FOLLOW, kind="google", address="anna@example.se")
    assert "1234 följer kalendern." in browser.page
    assert "<dd>anna@example.se</dd>" in browser.page
    (linked,) = await web.store.links.list(ANNA)
    assert linked.link == Link(ANNA, LinkKind.GOOGLE, "anna@example.se")
    assert linked.coupled
    entries = [each for each in await web.store.audit.entries(ANNA)]
    assert ("CalendarLinked", "web: chef") in [(e.event, e.by) for e in entries]


async def test_the_address_of_a_feed_is_not_shown_again(web: Web):
    browser = await chef(web)
    await browser.sends(FOLLOW, kind="ics", address=SECRET, owner="anna@example.se")
    assert "<dd>kalender.example.se</dd>" in browser.page
    assert "hemlig" not in browser.page
    (linked,) = await web.store.links.list(ANNA)
    assert linked.link.address == SECRET


@pytest.mark.parametrize(
    ("kind", "address", "told"),
    [
        ("google", "anna", "Skriv användarens e-postadress"),
        ("outlook", "https://example.se", "Skriv användarens e-postadress"),
        ("ics", "/etc/passwd", "Skriv kalenderns adress"),
        ("ics", "file:///etc/passwd", "Skriv kalenderns adress"),
        ("caldav", "http://kalender.example.se/", "Skriv kalenderns adress"),
        ("caldav", "https://anna:x@kalender.example.se/", "Skriv kalenderns adress"),
        ("caldav", "https://[::1", "Skriv kalenderns adress"),
        ("exchange", "anna@example.se", "Välj vilken sort"),
    ],
)
async def test_what_can_be_no_calendar_is_told_and_kept_in_the_form(
    web: Web, kind: str, address: str, told: str
):
    browser = await chef(web)
    answer = await browser.sends(FOLLOW, kind=kind, address=address)
    assert answer.status_code == 422
    assert told in browser.page
    assert f'value="{address}"' in browser.page
    assert await web.store.links.list(ANNA) == ()


async def test_a_phone_that_follows_none_loses_what_came_from_it(web: Web):
    browser = await chef(web)
    await browser.sends(FOLLOW, kind="ics", address=SECRET)
    for source in (Source.CALENDAR, Source.VOICE):
        command = SetDivert(ANNA, ReasonCode("SAM"), None, source=source)
        await web.house.obey(command, NOW, source)
    await browser.opens(PERSON)
    await browser.sends(f"{FOLLOW}/ta-bort")
    assert "1234 följer ingen kalender." in browser.page
    assert await web.store.links.list(ANNA) == ()
    stands = (await web.store.diverts.standing(ANNA)).diverts
    assert [each.source for each in stands] == [Source.VOICE]


async def test_a_calendar_of_nobody_is_not_followed(web: Web):
    browser = await chef(web)
    await web.store.directory.remove(ANNA, NOW, "test")
    answer = await browser.sends(FOLLOW, kind="google", address="anna@example.se")
    assert answer.status_code == 404
