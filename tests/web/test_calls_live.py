"""Calls followed as they go on, over a real server: each word as it is written down."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from web_calls import GREETING, answered, put_call, said
from web_house import NOW, Browser, fill
from web_served import PATIENCE, settings_in

from voice.config import settings
from voice.store.memory import memory_store
from voice.store.port import CallId, Store
from voice.web.routes import live as live_routes
from voice.web_service import serve_web

STREAM = {"accept": "text/event-stream"}
ONE = CallId("one")


@asynccontextmanager
async def served(folder: Path, store: Store) -> AsyncIterator[Browser]:
    """Serve a web, and give the browser of an operator who has logged in."""
    file, port = settings_in(folder)
    chosen = settings({}, file)
    await fill(store)
    leave, is_open = asyncio.Event(), asyncio.Event()
    web = asyncio.create_task(
        serve_web(chosen, store, leave, lambda address: is_open.set())
    )
    async with (
        asyncio.timeout(PATIENCE),
        httpx.AsyncClient(base_url=chosen.web.base, trust_env=False) as client,
    ):
        await is_open.wait()
        browser = Browser(client, origin=f"http://127.0.0.1:{port}")
        assert (await browser.logs_in("bo")).status_code == 200
        try:
            yield browser
        finally:
            leave.set()
            await web


async def events(stream: httpx.Response) -> AsyncIterator[tuple[str, str]]:
    """Yield the name and the data of each event, as a browser takes them."""
    name, data = "", list[str]()
    async for text in stream.aiter_lines():
        field, _, value = text.partition(":")
        match field:
            case "event":
                name = value.strip()
            case "data":
                data.append(value.removeprefix(" "))
            case "" if not text and (data or name):
                yield name, "\n".join(data)
                name, data = "", []


async def test_each_word_comes_as_it_is_written_down(tmp_path: Path):
    store = memory_store()
    await put_call(store, "before", [GREETING], outcome=None)
    async with served(tmp_path, store) as browser:
        path = "/samtal/live"
        async with browser.client.stream("GET", path, headers=STREAM) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            told = events(stream)
            _, whole = await anext(told)
            assert 'id="going-on"' in whole
            assert 'id="live-before-0"' in whole
            await put_call(store, ONE, (), outcome=None, caller=None)
            _, began = await anext(told)
            assert 'id="live-call-one" data-into="going-on"' in began
            assert "okänt nummer" in began
            await store.transcripts.add(ONE, said(3.0, "<b>rad\r\nera</b>", 0.4))
            _, spoke = await anext(told)
            assert 'id="live-one-0" data-into="live-one"' in spoke
            assert "&lt;b&gt;rad" in spoke
            assert "inte förstått" in spoke
            await store.transcripts.identify(ONE, "1234")
            _, identified = await anext(told)
            assert 'id="live-head-one"' in identified
            assert "Anna Berg" in identified
            await store.transcripts.end(ONE, "hung_up", NOW)
            _, ended = await anext(told)
            assert 'id="live-call-one" data-gone' in ended
            assert 'id="live-over-one" data-into="just-ended"' in ended
            assert "lade på" in ended


async def test_the_page_of_a_call_is_told_of_that_call_alone(tmp_path: Path):
    store = memory_store()
    await put_call(store, ONE, [GREETING, said(2.0, "redan sagt")], outcome=None)
    async with served(tmp_path, store) as browser:
        await browser.opens("/samtal/one")
        (path,) = re.findall(r'data-live="([^"]+)"', browser.page)
        # Said between the page and the stream: it is not to be lost.
        await store.transcripts.add(ONE, said(3.0, "däremellan"))
        async with browser.client.stream("GET", path, headers=STREAM) as stream:
            told = events(stream)
            _, whole = await anext(told)
            assert "däremellan" in whole
            assert "redan sagt" not in whole
            assert 'id="tur-3" data-into="talk"' in whole
            await put_call(store, "other", [said(1.0, "någon annan")])
            await store.transcripts.add(ONE, answered(3.5, "Klart."))
            _, spoke = await anext(told)
            assert "Klart." in spoke
            await store.transcripts.end(ONE, "ended", NOW)
            _, ended = await anext(told)
            assert "Samtalet är slut" in ended


async def test_whose_session_is_over_is_told_so_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(live_routes, "_BEAT_SECONDS", 0.05)
    store = memory_store()
    async with served(tmp_path, store) as browser:
        path = "/samtal/live"
        async with browser.client.stream("GET", path, headers=STREAM) as stream:
            told = events(stream)
            await anext(told)
            await store.sessions.end_all("bo")
            await put_call(store, ONE, [said(1.0, "hemligt")], outcome=None)
            rest = [event async for event in told]
            assert rest[-1] == ("over", "")
        answer = await browser.client.get(path, headers=STREAM)
        assert answer.status_code == 401


async def test_a_page_that_goes_away_is_let_go_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    store = memory_store()
    async with served(tmp_path, store) as browser:
        path = "/samtal/live"
        for _ in range(3):
            async with browser.client.stream("GET", path, headers=STREAM) as stream:
                await anext(events(stream))
        # Another looks on as if nobody had.
        async with browser.client.stream("GET", path, headers=STREAM) as stream:
            told = events(stream)
            await anext(told)
            await put_call(store, ONE, [said(1.0, "hej")], outcome=None)
            assert "live-call-one" in (await anext(told))[1]
