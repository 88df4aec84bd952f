"""Andra program: keys and hooks made by administrators; secrets are shown once."""

import re
from dataclasses import replace

import pytest
from web_house import NOW, Browser, Web

from voice.api_keys import key_of
from voice.store.hooks_port import HookEvent
from voice.store.keys_port import Scope

PROGRAMS = "/installningar/program"
KEY, HOOK = f"{PROGRAMS}/nyckel", f"{PROGRAMS}/webhook"
URL = "https://tavla.example.se/hooks/telefonist"


async def chef(web: Web) -> Browser:
    browser = await web.logged_in("chef")
    await browser.opens(PROGRAMS)
    return browser


def secret(browser: Browser) -> str:
    found = re.search(r"<code>([^<]+)</code>", browser.page)
    assert found is not None
    return found[1]


async def test_a_key_is_shown_once_and_opens_what_was_chosen(web: Web):
    browser = await chef(web)
    await browser.sends(KEY, name="växeln", scope="routes:read", days="30")
    shown = secret(browser)
    key = await key_of(web.store, shown, NOW)
    assert key is not None
    assert (key.name, key.scopes) == ("växeln", frozenset({Scope.ROUTES_READ}))
    await browser.opens(PROGRAMS)
    assert shown not in browser.page
    assert "fråga vart samtal ska gå" in browser.page
    await browser.sends(f"{KEY}/ta-bort", name="växeln")
    assert "växeln är borttagen." in browser.page
    assert await key_of(web.store, shown, NOW) is None
    told = [each for each in await web.store.audit.entries() if each.by == "web: chef"]
    assert [each.event for each in told] == ["KeyRemoved", "KeyAdded"]


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("name", " ", "Skriv ett namn"),
        ("scope", "everything", "Välj vad programmet ska få göra."),
        ("days", "0", "Skriv ett antal dagar"),
        ("days", "x", "Skriv ett antal dagar"),
    ],
)
async def test_a_key_that_cannot_be_is_not_made(
    web: Web, field: str, text: str, told: str
):
    browser = await chef(web)
    filled = {"name": "växeln", "scope": "diverts:read", "days": ""}
    answer = await browser.sends(KEY, **(filled | {field: text}))
    assert answer.status_code == 422
    assert told in browser.page
    assert await web.store.keys.list() == ()


async def test_two_keys_of_one_name_are_not_made(web: Web):
    browser = await chef(web)
    for _ in range(2):
        await browser.sends(KEY, name="växeln", scope="diverts:read")
    assert "Det finns redan en nyckel med det namnet." in browser.page


async def test_a_hook_is_called_again_and_then_no_more(web: Web):
    browser = await chef(web)
    await browser.sends(HOOK, url=URL, event="divert.begun")
    (made,) = await web.store.hooks.list()
    assert secret(browser) == made.hook.secret
    assert made.hook.events == frozenset({HookEvent.DIVERT_BEGUN})
    paused = replace(made.hook, enabled=False)
    await web.store.hooks.put(paused, NOW, "test")
    await browser.opens(PROGRAMS)
    assert made.hook.secret not in browser.page
    assert "pausad" in browser.page
    await browser.sends(f"{HOOK}/igen", id=made.hook.id)
    assert (await web.store.hooks.list())[0].hook.enabled
    await browser.sends(f"{HOOK}/ta-bort", id=made.hook.id)
    assert await web.store.hooks.list() == ()
    for path in (f"{HOOK}/igen", f"{HOOK}/ta-bort"):
        await browser.opens(PROGRAMS)
        token = re.search(r'name="_token" value="([^"]+)"', browser.page)
        assert token is not None
        answer = await browser.sends(path, id=made.hook.id, _token=token[1])
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("url", "event", "told"),
    [
        ("http://tavla.example.se/", "divert.begun", "Skriv en https-adress"),
        ("https://a:b@tavla.example.se/", "divert.begun", "Skriv en https-adress"),
        (URL, "divert.dreamt", "Välj vad adressen ska få veta."),
    ],
)
async def test_an_address_that_cannot_be_called_is_not_kept(
    web: Web, url: str, event: str, told: str
):
    browser = await chef(web)
    answer = await browser.sends(HOOK, url=url, event=event)
    assert answer.status_code == 422
    assert told in browser.page
    assert await web.store.hooks.list() == ()


@pytest.mark.parametrize("login", ["anna", "bo"])
async def test_only_administrators_see_other_programs(web: Web, login: str):
    browser = await web.logged_in(login)
    assert (await browser.opens(PROGRAMS)).status_code == 403
