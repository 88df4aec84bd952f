"""The store gone, frozen and back again, under a web that runs as a site runs it."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from web_away import AWAY, client, site
from web_database import Server, database_server
from web_house import PASSWORD, Browser, hidden
from web_reach import pages
from web_served import PATIENCE

# Sooner than a server that answers nothing is given up by its driver.
SOON = 15.0
MANY = 40


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Return a server that these tests alone put out of order."""
    with database_server() as running:
        yield running


@pytest.fixture
async def database(server: Server) -> str:
    return await server.database()


async def test_while_the_store_is_gone_every_page_says_so_and_the_log_once(
    tmp_path: Path, server: Server, database: str
):
    async with site(tmp_path, database) as there:
        await there.anna.opens("/")
        style = re.search(r'href="(/static/style[^"]+)"', there.anna.page)
        assert style is not None
        server.stops()
        asked = [way.path for way in pages() if way.method == "GET"]
        asked = [path for path in asked if path not in ("/healthz", "/static/x")]
        assert len(asked) > 20
        for path in asked:
            answer = await there.bo.client.get(path)
            if "arbetskonto" not in path:
                assert (answer.status_code, AWAY in answer.text) == (503, True), path
            assert "postgresql" not in answer.text
        # What the page itself is made of is there.
        assert (await there.anna.client.get(style[1])).status_code == 200
        assert await there.health() == 503
        async with client(there.served) as stranger:
            assert (await stranger.get("/logga-in")).status_code == 200
        server.starts()
        await there.is_well()
        assert (await there.anna.opens("/")).status_code == 200
        assert there.told("cannot be reached: is its server running") == 1
        assert there.told("is well again") == 1


async def test_what_is_sent_while_the_store_is_gone_is_done_once_when_it_is_back(
    tmp_path: Path, server: Server, database: str
):
    async with site(tmp_path, database) as there:
        anna = there.anna
        await anna.opens("/")
        server.stops()
        for _ in range(3):
            answer = await anna.sends("/hanvisning", reason="KUR", until="23:58")
            assert (answer.status_code, AWAY in anna.page) == (503, True)
            assert "Det du skrev är inte borta" in anna.page
        server.starts()
        await there.is_well()
        kept = hidden(anna.page, "/hanvisning")
        await anna.sends("/hanvisning", **kept)
        assert "Klart: kurs" in anna.page
        # Sent by mistake once more, by the button that went back to.
        answer = await anna.client.post(
            "/hanvisning", data=kept, headers={"origin": there.served.address}
        )
        assert answer.status_code == 409
        assert [divert.reason for divert in await there.diverts()] == ["KUR"]
        assert (await there.trail()).count("DivertSet") == 1


async def test_who_logs_in_while_the_store_is_gone_is_told_and_loses_no_try(
    tmp_path: Path, server: Server, database: str
):
    async with site(tmp_path, database) as there, client(there.served) as other:
        browser = Browser(other, origin=there.served.address)
        await browser.opens("/logga-in")
        server.stops()
        for _ in range(8):
            answer = await browser.sends("/logga-in", login="bo", password=PASSWORD)
            assert (answer.status_code, AWAY in browser.page) == (503, True)
            assert PASSWORD not in browser.page
            await browser.opens("/logga-in")
        server.starts()
        await there.is_well()
        assert (await browser.logs_in("bo")).status_code == 200
        # And who was logged in before still is.
        assert (await there.bo.opens("/samtal")).status_code == 200


async def test_a_frozen_store_keeps_nobody_waiting_and_nothing_of_it_piles_up(
    tmp_path: Path, server: Server, database: str
):
    async with site(tmp_path, database) as there:
        anna = there.anna
        await anna.opens("/")
        server.freezes()
        try:
            async with asyncio.timeout(SOON):
                answers = await asyncio.gather(
                    *(there.bo.client.get("/samtal") for _ in range(MANY)),
                    anna.sends("/hanvisning", reason="KUR", until="23:58"),
                )
            assert {answer.status_code for answer in answers} == {503}
            assert {AWAY in answer.text for answer in answers} == {True}
            assert await there.health() == 503
        finally:
            server.thaws()
        await there.is_well()
        answer = await anna.sends("/hanvisning", **hidden(anna.page, "/hanvisning"))
        assert answer.status_code in (200, 409)
        assert [divert.reason for divert in await there.diverts()] == ["KUR"]
        assert (await there.trail()).count("DivertSet") == 1
        assert there.told("does not answer: look at its server") == 1
        assert await connections(database) <= 15


async def connections(database: str) -> int:
    """Return how many connections there are to a database, but for this one."""
    asking = await asyncpg.connect(database)
    count = await asking.fetchval(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await asking.close()
    return int(count)


async def test_a_change_that_waits_while_the_store_dies_is_told_as_not_made(
    tmp_path: Path, server: Server, database: str
):
    async with site(tmp_path, database) as there:
        await there.anna.opens("/")
        held = await asyncpg.connect(database)
        await held.execute("BEGIN")
        await held.execute("SELECT 1 FROM extensions FOR UPDATE")
        sending = asyncio.ensure_future(
            there.anna.sends("/hanvisning", reason="KUR", until="23:58")
        )
        await somebody_waits(database)
        server.stops()
        held.terminate()
        answer = await sending
        assert (answer.status_code, AWAY in answer.text) == (503, True)
        server.starts()
        await there.is_well()
        assert await there.diverts() == ()
        again = hidden(there.anna.page, "/hanvisning")
        await there.anna.sends("/hanvisning", **again)
        assert "Klart: kurs" in there.anna.page


async def somebody_waits(database: str) -> None:
    """Wait until somebody waits for a line that is held."""
    asking = await asyncpg.connect(database)
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    async with asyncio.timeout(PATIENCE):
        while True:
            if await asking.fetchval(query):
                return await asking.close()
            await asyncio.sleep(0.05)
