"""Every form of every page: what is typed outlives its session, and is its owner's."""

import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from web_calls import TALK, put_call, said
from web_fields import ShownForm, forms_of
from web_house import (
    ANNA,
    BO,
    GRAMMAR,
    HERE,
    NOW,
    PASSWORD,
    QUICK,
    Browser,
    Web,
    opened_web,
)
from web_reach import pages

from voice.config import settings
from voice.divert.model import ReasonCode, SetDivert, Source
from voice.hook_addresses import new_hook
from voice.language.catalog import Catalog
from voice.pins import Pins
from voice.settings_file import EXAMPLE
from voice.store.accounts_port import Account, Login, Role
from voice.store.credentials_port import Counted, Tries
from voice.store.keys_port import ApiKey, KeySecret, Scope
from voice.store.links_port import Link, LinkKind
from voice.store.marks_port import Misheard
from voice.store.port import CallId
from voice.web.app import create_app
from voice.web.pages.staff import PATH as LISTS
from voice.web.sessions import limits
from voice.web_reasons import ReasonsFile
from voice.web_settings import SettingsFile

ALL, OTHER = "alla", "nästa"
VALUES = {"number": str(BO), "id": "one", "login": "bo", "code": "LUN", "name": "x"}
# Who is not logged in fills these in, or they change nothing.
_OF_NOBODY = ("/logga-in", "/sprak", "/logga-ut")


# Shown where a directory server is set, and nothing can be typed in it.
_OF_SOME = ("/installningar/katalog/hamta",)


@dataclass(frozen=True, slots=True)
class At:
    """A form, and the page it stands on."""

    page: str
    form: ShownForm


async def administrator(web: Web, login: str, number: str) -> None:
    """Let somebody look after everything, and have a phone as well."""
    account = Account(Login(login), frozenset({Role.ADMINISTRATOR}), NOW, number)
    await web.store.accounts.put(account, NOW, "test")
    await web.store.passwords.put(account.login, QUICK.hash(PASSWORD), NOW, "test")


@pytest.fixture
async def web(catalog: Catalog, tmp_path: Path) -> AsyncIterator[Web]:
    """Return a web in which every form there is can be seen."""
    async with opened_web(catalog) as opened:
        own = replace(
            settings({}), grammar=Path(shutil.copytree(GRAMMAR, tmp_path / "grammar"))
        )
        file = tmp_path / "settings.toml"
        shutil.copyfile(EXAMPLE, file)
        store = opened.store
        desks = replace(
            opened.house.administration,
            reasons=ReasonsFile(own, catalog, store.audit),
            settings=SettingsFile(file, store.audit),
        )
        opened.house = replace(opened.house, administration=desks)
        opened.app = create_app(opened.house)
        await administrator(opened, ALL, ANNA)
        await administrator(opened, OTHER, BO)
        await busy(opened)
        yield opened


async def busy(web: Web) -> None:
    """Let everything there can be a form for be there."""
    store, now = web.store, web.clock()
    await put_call(store, "one", (*TALK, said(9.0, "radera")))
    await store.marks.put(Misheard(CallId("one"), 3, "lunch", "bo", now))
    await Pins(store).set(BO, "739154", now, "test")
    locked = Tries(5, now.replace(year=now.year + 1))
    for count in (
        store.credentials.count(BO, lambda tries: Counted(locked), now, "test"),
        store.passwords.count(Login("bo"), lambda tries: Counted(locked), now, "test"),
    ):
        await count
    link = Link(BO, LinkKind.CALDAV, "https://dav.example.se/bo/", "bo")
    await store.links.put(link, now, "test")
    key = ApiKey("växeln", frozenset(Scope), now)
    await store.keys.add(key, KeySecret("x" * 43), now, "test")
    hook = replace(new_hook("https://tavla.example.se/x"), enabled=False)
    await store.hooks.put(hook, now, "test")
    for extension, code in ((ANNA, "SAM"), (ANNA, "LUN"), (BO, "SAM")):
        await web.house.obey(SetDivert(extension, ReasonCode(code)), now, Source.VOICE)


async def all_forms(web: Web, browser: Browser) -> list[At]:
    """Return every form of every page."""
    ways = (way for way in pages() if way.method == "GET" and "live" not in way.route)
    found: list[At] = []
    for way in ways:
        path = re.sub(r"\{(\w+)[^}]*\}", lambda slot: VALUES[slot[1]], way.route)
        if "arbetskonto" in path or ".zip" in path or path == "/healthz":
            continue
        answer = await browser.opens(path)
        assert answer.status_code < 500, path
        found += [At(browser.at, form) for form in forms_of(browser.page)]
    return [at for at in found if at.form.action not in _OF_NOBODY]


async def happened(web: Web) -> int:
    """Return how much has been done, but for logging in."""
    return len(await web.store.audit.entries(limit=10_000))


async def sent(browser: Browser, at: At) -> dict[str, str]:
    """Fill in a form as it was shown, send it, and return what was filled in."""
    fields = at.form.filled()
    await browser.client.post(
        at.form.action, data=fields, headers={"origin": HERE}, follow_redirects=False
    )
    answer = await browser.client.get("/logga-in", follow_redirects=True)
    browser.page = answer.text
    return {name: fields[name] for name in at.form.names_typed()}


async def logs_in(browser: Browser, login: str) -> None:
    await browser.sends("/logga-in", login=login, password=PASSWORD)


async def test_every_form_there_is_stands_on_some_page(web: Web):
    browser = await web.logged_in(ALL)
    await listed(browser)
    found = {at.form.action for at in await all_forms(web, browser)}
    for way in pages():
        if way.changes and way.route not in (*_OF_NOBODY, *_OF_SOME):
            as_sent = re.sub(r"\\\{\w+(:\w+)?\\\}", "[^/]+", re.escape(way.route))
            assert any(re.fullmatch(as_sent, action) for action in found), way.route


@pytest.mark.parametrize("is_forgotten", [False, True])
async def test_what_is_typed_in_any_form_outlives_its_session(
    web: Web, is_forgotten: bool
):
    browser = await web.logged_in(ALL)
    forms = await all_forms(web, browser)
    assert len(forms) > 30
    for at in forms:
        before = await happened(web)
        await over(web, is_forgotten)
        typed = await sent(browser, at)
        await logs_in(browser, ALL)
        assert browser.at == at.page
        assert await happened(web) == before, at.form.action
        forms = forms_of(browser.page)
        shown = [form for form in forms if form.action == at.form.action]
        if not shown and at.form.action.endswith("/andra"):
            # The divert has ended meanwhile: what was to be of it can be set anew.
            shown = [form for form in forms if form.action == "/hanvisning"]
        if typed:
            # One that only came back is told to be just that.
            assert "är inte skickat än" in browser.page, at.form.action
            assert shown, at
            there = {name: shown[0].shows(name) for name in typed}
            assert there == typed, at.form.action


async def over(web: Web, is_forgotten: bool) -> None:
    """Let every session be over; and also forgotten, as those are in the end."""
    web.clock.goes(minutes=31)
    if is_forgotten:
        await web.store.sessions.sweep(limits(web.house.settings), web.clock())


@pytest.mark.parametrize("is_forgotten", [False, True])
async def test_what_is_typed_in_any_form_is_neither_shown_to_another_nor_done(
    web: Web, is_forgotten: bool
):
    browser = await web.logged_in(ALL)
    for at in await all_forms(web, browser):
        before = await happened(web)
        await over(web, is_forgotten)
        typed = await sent(browser, at)
        await logs_in(browser, OTHER)
        assert "är inte skickat än" not in browser.page
        for path in (at.page, "/"):
            await browser.opens(path)
            assert "är inte skickat än" not in browser.page
            for text in typed.values():
                assert not text.startswith("skrivet") or text not in browser.page
        assert await happened(web) == before, at.form.action
        await browser.sends("/logga-ut")


async def test_what_is_sent_from_a_window_of_somebody_elses_is_not_shown(web: Web):
    browser = await web.logged_in("anna")
    await browser.opens("/")
    (at,) = [f for f in forms_of(browser.page) if f.action == "/hanvisning"]
    # In another window Anna logs out, and Bo in.
    await browser.sends("/logga-ut")
    await logs_in(browser, "alla")
    answer = await browser.client.post(
        at.action, data=at.filled(), headers={"origin": HERE}
    )
    assert answer.status_code == 403
    await browser.opens("/")
    assert "skrivet" not in browser.page
    assert "är inte skickat än" not in browser.page


async def listed(browser: Browser) -> None:
    """Send a list, which can then be carried out."""
    await browser.opens(LISTS)
    (form,) = [f for f in forms_of(browser.page) if f.action == LISTS]
    await browser.client.post(
        LISTS,
        data={name: each.value for name, each in form.fields.items()},
        files={"csv": ("staff.csv", b"extension,name\n1400,Eva Ek\n", "text/csv")},
        headers={"origin": HERE},
    )
