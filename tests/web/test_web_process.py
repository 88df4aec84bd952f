"""The web in a process of its own: over real HTTP, ended well, and started again."""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import httpx
import pytest
from web_house import PASSWORD, Browser
from web_served import PATIENCE, environment, served_web, settings_in

from voice.store.database import open_store
from voice.web_process import WebProcess, open_web


async def raw(address: str, text: bytes) -> bytes:
    """Send bytes, and return all that comes back."""
    host, _, port = address.removeprefix("http://").rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(text)
    await writer.drain()
    async with asyncio.timeout(PATIENCE):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_somebody_logs_in_over_real_http_and_out_again(tmp_path: Path):
    async with (
        served_web(tmp_path) as served,
        httpx.AsyncClient(base_url=served.address, trust_env=False) as client,
    ):
        browser = Browser(client, origin=served.address)
        answer = await browser.logs_in("anna")
        assert (answer.status_code, "Anna Berg" in browser.page) == (200, True)
        assert "server" not in answer.headers
        assert "content-security-policy" in answer.headers
        await browser.sends("/logga-ut")
        assert "Du är utloggad" in browser.page
        assert await served.end() == 0
    log = "".join(served.told)
    assert "Traceback" not in log
    for secret in ("anna", "Anna", PASSWORD, "1234"):
        assert secret not in log


async def test_what_is_no_http_is_refused_and_breaks_nothing(tmp_path: Path):
    async with served_web(tmp_path) as served:
        host = served.address.removeprefix("http://").encode()
        for nonsense in (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nX: a\r\n b\x00c\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nX: " + b"a" * 100_000,
            b"POST / HTTP/1.1\r\nHost: " + host + b"\r\nContent-Length: -1\r\n\r\n",
        ):
            assert b"400 Bad Request" in await raw(served.address, nonsense)
        twice = b"GET /logga-in HTTP/1.1\r\nHost: " + host + b"\r\nHost: x\r\n\r\n"
        assert b" 400 " in (await raw(served.address, twice)).split(b"\r\n")[0]
        absolute = (
            b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n"
            b"Connection: close\r\n\r\n"
        )
        assert b" 400 " in (await raw(served.address, absolute)).split(b"\r\n")[0]
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"{served.address}/healthz")
        assert answer.text == "ok\n"
        assert "Traceback" not in "".join(served.told)


async def test_a_header_cannot_be_put_into_an_answer(tmp_path: Path):
    async with served_web(tmp_path) as served:
        host = served.address.removeprefix("http://").encode()
        asked = (
            b"GET /losenord?x=%0d%0aSet-Cookie:a=b HTTP/1.1\r\nHost: "
            + host
            + b"\r\nConnection: close\r\n\r\n"
        )
        answer = await raw(served.address, asked)
        assert answer.startswith(b"HTTP/1.1 303 ")
        assert b"\r\nSet-Cookie:a=b" not in answer


async def test_it_ends_with_the_service_that_started_it(tmp_path: Path):
    async with served_web(tmp_path, "--with-service") as served:
        assert served.process.stdin is not None
        served.process.stdin.close()
        async with asyncio.timeout(PATIENCE):
            assert await served.process.wait() == 0


async def test_a_place_that_is_taken_is_told_with_the_remedy(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as held:
        file, port = settings_in(tmp_path)
        text = file.read_text().replace(str(port), str(held.getsockname()[1]))
        file.write_text(text)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "voice", "web", "--settings", str(file)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=environment() | {"TELEFONIST_CACHE": str(tmp_path)},
        )
        told, _ = await process.communicate()
    assert process.returncode == 1
    assert b"[web] listen: 127.0.0.1:" in told
    assert b"choose another" in told
    assert b"Traceback" not in told


async def test_a_web_that_dies_is_started_again(tmp_path: Path):
    file, port = settings_in(tmp_path)
    async with open_store(f"sqlite:///{tmp_path}/telefonist.db"):
        pass
    async with asyncio.timeout(2 * PATIENCE), open_web(file) as web:
        await ready(web)
        first = web.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        while web.pid == first or not web.condition.ready:
            await web.changed()
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"http://127.0.0.1:{port}/healthz")
        assert answer.text == "ok\n"
        last = web.pid
    assert last is not None
    with pytest.raises(ProcessLookupError):
        os.kill(last, 0)


async def test_a_web_that_cannot_start_is_tried_again_and_says_so(tmp_path: Path):
    file, _ = settings_in(tmp_path, 'login = "x"')
    async with asyncio.timeout(PATIENCE), open_web(file) as web:
        assert not web.condition.ready
        await web.changed()
        assert not web.condition.ready
        assert "started again" in web.condition.detail


async def ready(web: WebProcess) -> None:
    while not web.condition.ready:
        await web.changed()
