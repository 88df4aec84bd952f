"""The made-up town of `demo --web`: one looks around in it, and calls go on there."""

import asyncio
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process

import httpx
import pytest
from web_house import Browser
from web_served import PATIENCE, environment, free_port

# It plays the recorded calls first, as fast as the machine can: some of a minute.
pytestmark = [pytest.mark.line, pytest.mark.model]


async def told(process: Process, pattern: str) -> str:
    """Wait until a program says what was looked for, and return the part asked for."""
    assert process.stdout is not None
    async for line in process.stdout:
        if found := re.search(pattern, line.decode()):
            return found[1]
    raise AssertionError(f"it ended, and never said {pattern}")


async def heard(client: httpx.AsyncClient, text: str) -> bool:
    """Follow the calls that go on until somebody says something."""
    async with client.stream("GET", "/samtal/live") as stream:
        async for line in stream.aiter_lines():
            if text in line:
                return True
    return False


async def test_one_looks_around_in_a_town_where_calls_go_on(tmp_path):
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "voice", "demo", "--web", "--port", str(port)),
        stdout=PIPE,
        env=environment() | {"TMPDIR": str(tmp_path)},
    )
    address = f"http://127.0.0.1:{port}"
    try:
        async with (
            asyncio.timeout(2 * PATIENCE),
            httpx.AsyncClient(base_url=address, timeout=None, trust_env=False) as asks,
        ):
            password = await told(process, r"password (\S+)")
            browser = Browser(asks, origin=address)
            await browser.logs_in("eva", password)
            assert "Eva Lundgren" in browser.page
            # What was recorded was heard before anybody could look.
            await browser.opens("/samtal?q=semester")
            (call,) = set(re.findall(r'href="(/samtal/2-semester[^"]+)"', browser.page))
            await browser.opens(call)
            assert "till den femte augusti" in browser.page
            assert await heard(asks, "Telefonisten. Jag är en dator.")
    finally:
        process.send_signal(signal.SIGINT)
        ended = await process.wait()
    assert ended == 0
    assert list(tmp_path.iterdir()) == []
