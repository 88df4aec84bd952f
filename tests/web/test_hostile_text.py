"""Hostile text in names, units, calls, searches and forms: it is shown as it stands."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web_calls import GREETING, put_call, said
from web_house import ANNA, BO, NOW, Browser, Web, opened_web

from voice.language.catalog import Catalog
from voice.store.database import open_store
from voice.store.port import Listing

MARKUP = "<script>alert(1)</script></textarea></option></title><svg/onload=alert(1)>"
ATTRIBUTE = "\"><img src=x onerror=alert(1)>' onmouseover='alert(1)' \" style=\"x"
TEMPLATE = "{{ 7*7 }}{% include 'login.html' %}${7*7} javascript:alert(1)"
SQL = "'; DROP TABLE diverts; -- %' ESCAPE '\\' UNION SELECT hash FROM passwords --"
SHOWN = (MARKUP, ATTRIBUTE, TEMPLATE, SQL)
ASKED = (
    *SHOWN,
    "a\r\nSet-Cookie: x=1\r\n\r\n<b>",
    "\u202egnp.exe\u2066 \u200b\ufeff\x00\x01\x7f\ud83d",
    "å" * 1000,
)
PAGES = ("/", "/katalog", "/samtal", "/samtal/ett-samtal", "/katalog/1234", "/lage")
# What pages of ours are made of; anything else has come in by what somebody wrote.
_FORBIDDEN_TAGS = {"img", "iframe", "object", "embed", "base", "b"}
_LINKS = ("href", "src", "action", "formaction", "hx-get", "hx-post")


@pytest.fixture
async def web(catalog: Catalog, tmp_path: Path) -> AsyncIterator[Web]:
    """Return a web over a true database, which reads SQL."""
    async with (
        open_store(f"sqlite:///{tmp_path}/telefonist.db") as store,
        opened_web(catalog, store) as opened,
    ):
        yield opened


class Reader(HTMLParser):
    """Reads a page as a browser does, and keeps what could do harm."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.harm: list[str] = []
        self.forms: list[tuple[str, str, list[str]]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _FORBIDDEN_TAGS:
            self.harm.append(tag)
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.harm.append(f"script {given}")
        self.harm += [f"{tag} {name}" for name in given if name.startswith("on")]
        self.harm += [f"{tag} style" for name in given if name == "style"]
        for name in _LINKS:
            address = given.get(name, "/")
            if not re.match(r"(/(?!/)|#|\?)", address):
                self.harm.append(f"{tag} {name}={address}")
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag == "form":
            method = given.get("method", "get")
            self.forms.append((method, given.get("action", ""), []))
        if tag in ("input", "select", "textarea") and self.forms and "name" in given:
            self.forms[-1][2].append(given["name"])


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def links(reader: Reader) -> Iterator[str]:
    """Yield the pages of ours that a page leads to."""
    for link in dict.fromkeys(reader.links):
        if link.startswith("/") and not link.startswith(("/static", "/logga-ut")):
            yield link.partition("#")[0]


async def looked_at(web: Web, browser: Browser, start: tuple[str, ...]) -> list[str]:
    """Follow every link from some pages; return those that were shown."""
    waiting, seen = list(start), []
    while waiting and len(seen) < 60:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.append(path)
        web.clock.goes(seconds=1)
        answer = await browser.opens(path)
        assert answer.status_code < 500, path
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        reader = read(answer.text)
        assert reader.harm == [], path
        waiting += [link for link in links(reader) if link not in waiting]
    return seen


async def fill(web: Web, text: str) -> None:
    """Let a text stand wherever others than ourselves can put it."""
    people = [Listing(ANNA, text, text, search=(text,)), Listing(BO, "Bo Ek", text)]
    await web.store.directory.put(people, NOW, "test")
    turns = (GREETING, said(1.0, text), said(2.0, text, meaning={"command": text}))
    await put_call(web.store, "ett-samtal", turns)


@pytest.mark.parametrize("text", SHOWN)
async def test_what_stands_in_the_store_is_text_on_every_page(web: Web, text: str):
    await fill(web, text)
    browser = await web.logged_in("chef")
    seen = await looked_at(web, browser, PAGES)
    assert len(seen) > 8


@pytest.mark.parametrize("text", ASKED)
async def test_what_is_asked_for_is_text_in_every_answer(web: Web, text: str):
    asked = quote(text.encode("utf-8", "surrogatepass"))
    browser = await web.logged_in("chef")
    for path in (
        f"/katalog?q={asked}",
        f"/samtal?q={asked}&extension={asked}&from={asked}&to={asked}&outcome={asked}",
        f"/samtal?before={asked}&after={asked}",
        f"/katalog/{asked}",
        f"/samtal/{asked}",
        f"/installningar/spar?q={asked}&who={asked}&from={asked}",
        f"/installningar/konton/{asked}",
        f"/installningar/anknytningar/{asked}",
        f"/installningar/anknytningar?q={asked}",
        f"/logga-in?till={asked}",
        f"/{asked}",
        f"/static/{asked}",
    ):
        web.clock.goes(seconds=1)
        answer = await browser.opens(path)
        assert answer.status_code < 500, path
        assert read(answer.text).harm == [], path
        assert "x" not in browser.client.cookies


@pytest.mark.parametrize("login", ["bo", "chef"])
@pytest.mark.parametrize("text", [MARKUP, ATTRIBUTE + SQL, *ASKED[-2:]])
async def test_what_is_typed_is_text_in_every_field_of_every_form(
    web: Web, text: str, login: str
):
    await put_call(web.store, "ett-samtal", (GREETING, said(1.0, "hej")))
    browser = await web.logged_in(login)
    sent = text.encode("utf-8", "replace").decode()
    forms = await forms_found(web, browser)
    assert len(forms) > 4
    for action, (page, names) in forms.items():
        web.clock.goes(seconds=2)
        await browser.opens(page)
        typed = {name: sent for name in names if not name.startswith("_")}
        answer = await browser.sends(action, **typed)
        assert answer.status_code < 500, action
        assert read(answer.text).harm == [], action


async def forms_found(
    web: Web, browser: Browser
) -> dict[str, tuple[str, Sequence[str]]]:
    """Return the forms that somebody sees, each with its page and fields."""
    forms: dict[str, tuple[str, Sequence[str]]] = {}
    for page in await looked_at(web, browser, (*PAGES, "/losenord")):
        answer = await browser.opens(page)
        for method, action, names in read(answer.text).forms:
            if method == "post" and action not in ("/logga-ut", "/sprak", "/logga-in"):
                forms.setdefault(action, (page, names))
    # What removes things comes last, and oneself after all others.
    last = sorted(forms, key=lambda action: ("ta-bort" in action, "chef" in action))
    return {action: forms[action] for action in last}


def test_whatever_is_sought_is_answered_and_is_text(catalog: Catalog):
    with asyncio.Runner() as runner:
        entered = opened_web(catalog)
        web = runner.run(entered.__aenter__())
        browser = runner.run(web.logged_in("chef"))

        @settings(max_examples=40)
        @given(st.text(max_size=40), st.sampled_from(["/katalog", "/samtal"]))
        def sought(text: str, path: str) -> None:
            web.clock.goes(seconds=1)
            asked = quote(text.encode("utf-8", "surrogatepass"))
            answer = runner.run(browser.opens(f"{path}?q={asked}"))
            assert answer.status_code < 500
            assert read(answer.text).harm == []

        sought()
        runner.run(entered.__aexit__(None, None, None))
