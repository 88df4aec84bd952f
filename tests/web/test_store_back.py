"""The store back again: who looked at calls and who is told of diverts go on."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from hook_receiver import receiving
from web_away import AWAY, client, is_quiet
from web_calls import put_call, said
from web_database import Server, database_server
from web_house import Browser, fill
from web_served import PATIENCE, served_web, started_web, until

from voice.hook_addresses import new_hook
from voice.store.database import open_store
from voice.store.port import CallId, Who

STREAM = {"accept": "text/event-stream"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Return a server that these tests alone put out of order."""
    with database_server() as running:
        yield running


@pytest.fixture
async def database(server: Server) -> str:
    return await server.database()


@pytest.mark.parametrize("how", ["gone", "frozen"])
async def test_who_looks_at_calls_and_who_is_told_of_diverts_are_told_on_afterwards(
    tmp_path: Path, server: Server, database: str, how: str
):
    inside = 'hooks_inside = ["127.0.0.0/8"]'
    async with (
        receiving() as board,
        served_web(tmp_path, more=inside, store=database) as served,
        client(served) as one,
        client(served) as other,
    ):
        bo = Browser(one, origin=served.address)
        await bo.logs_in("bo")
        async with open_store(database) as store:
            await store.hooks.put(new_hook(board.url), datetime.now(UTC), "test")
            await put_call(store, "one", [], outcome=None)
        async with one.stream("GET", "/samtal/live", headers=STREAM) as stream:
            lines = stream.aiter_lines()
            await reaches(lines, "1234")
            if how == "gone":
                server.stops()
            else:
                server.freezes()
            assert (await one.get("/samtal")).status_code == 503
            if how == "gone":
                server.starts()
            else:
                server.thaws()
            await until(served, "is well again")
            async with open_store(database) as store:
                turn = said(1.0, "hänvisning lunch", 0.9)
                assert turn.who is Who.CALLER
                await store.transcripts.add(CallId("one"), turn)
            await reaches(lines, "hänvisning lunch")
        anna = Browser(other, origin=served.address)
        await anna.logs_in("anna")
        await anna.sends("/hanvisning", reason="KUR", until="23:58")
        await board.wait(1)
        assert board.kinds == ["1234 begun"]
        assert await served.end() == 0
        assert is_quiet(served)


async def reaches(lines: AsyncIterator[str], text: str) -> None:
    """Read what is sent, until it says something."""
    async with asyncio.timeout(PATIENCE):
        async for line in lines:
            if text in line:
                return
    raise AssertionError(f"{text} never came")


async def test_a_web_that_is_started_while_the_store_is_gone_says_so_until_it_is_there(
    tmp_path: Path, server: Server, database: str
):
    server.stops()
    try:
        async with started_web(tmp_path, database) as served, client(served) as one:
            answer = await one.get("/logga-in")
            style = re.search(r'href="(/static/style[^"]+)"', answer.text)
            assert style is not None
            assert (await one.get(style[1])).status_code == 200
            browser = Browser(one, origin=served.address)
            answer = await browser.logs_in("bo")
            assert (answer.status_code, AWAY in browser.page) == (503, True)
            assert (await one.get("/healthz")).status_code == 503
            server.starts()
            async with open_store(database) as store:
                await fill(store)
            await until(served, "The web has its store")
            async with asyncio.timeout(PATIENCE):
                await logs_in_at_last(browser)
            assert browser.at == "/"
            assert await served.end() == 0
        told = [line for line in served.told if " ERROR " in line]
        assert len(told) == 1
        assert is_quiet(served)
    finally:
        if not (server.data / "postmaster.pid").exists():
            server.starts()


async def logs_in_at_last(browser: Browser) -> None:
    """Log in, as soon as one is let."""
    while True:
        # A web that gets its store changes places, and answers nobody meanwhile.
        with suppress(httpx.TransportError):
            if (await browser.logs_in("bo")).status_code == 200:
                return
        await asyncio.sleep(0.1)
