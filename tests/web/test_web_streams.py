"""Pages that never end: each word comes at once, and no end is held up by them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from web_house import Browser, fill
from web_served import PATIENCE, settings_in

from voice.config import settings
from voice.store.memory import memory_store
from voice.web import app as web_app
from voice.web.guard import AsPerson
from voice.web_service import serve_web

EVENTS: asyncio.Queue[str] = asyncio.Queue()
ENDED = asyncio.Event()
STREAM = {"accept": "text/event-stream"}

routes = APIRouter()


@routes.get("/prov/live")
async def live(request: Request, visitor: AsPerson) -> Response:
    return StreamingResponse(_events(), media_type="text/event-stream")


async def _events() -> AsyncIterator[str]:
    try:
        while True:
            yield f"data: {await EVENTS.get()}\n\n"
    finally:
        ENDED.set()


async def test_a_stream_gives_each_word_at_once_and_ends_with_the_web(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    ENDED.clear()
    monkeypatch.setattr(web_app, "ROUTERS", (*web_app.ROUTERS, routes))
    file, port = settings_in(tmp_path)
    chosen, store = settings({}, file), memory_store()
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
        assert (await browser.logs_in("anna")).status_code == 200
        async with client.stream("GET", "/prov/live", headers=STREAM) as stream:
            assert stream.headers["cache-control"] == "no-store"
            lines = stream.aiter_lines()
            for word in ("hänvisning", "radera"):
                EVENTS.put_nowait(word)
                assert await anext(lines) == f"data: {word}"
                assert await anext(lines) == ""
            # Others are answered meanwhile.
            assert (await client.get("/healthz")).text == "ok\n"
            leave.set()
            await web
            await ENDED.wait()
