"""The web beside calls: it comes and goes with the service, and no call hears of it."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from phones import Habits
from service import ANNA, Service, running
from service_talk import called
from sipp import HERE, PATIENCE, free_port

pytestmark = [pytest.mark.line, pytest.mark.model]

_LOOKS = 0.05


@pytest.fixture
async def site(tmp_path: Path, cache: Path) -> AsyncIterator[tuple[Service, str]]:
    """Run a service with a web, and give the web's address."""
    address = f"{HERE}:{free_port()}"
    web = f'[web]\nlisten = "{address}"\n'
    async with running(tmp_path / "site", cache, service=web) as service:
        await service.until(f"The web is at http://{address}")
        yield service, f"http://{address}"


async def health(address: str) -> str | None:
    """Ask the web how it is; None is no answer."""
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            return (await client.get(f"{address}/healthz")).text
        except httpx.HTTPError:
            return None


def web_process(service: Service) -> int:
    """Return the number of the process that shows pages."""
    children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children")
    for child in children.read_text().split():
        if b"--with-service" in Path(f"/proc/{child}/cmdline").read_bytes():
            return int(child)
    raise AssertionError("there is no web process")


def _is_over(process: int) -> bool:
    # What nobody has asked after yet is still there by name.
    return " Z " in Path(f"/proc/{process}/stat").read_text()


async def is_gone(process: int) -> None:
    async with asyncio.timeout(PATIENCE):
        with suppress(ProcessLookupError, FileNotFoundError):
            while True:
                os.kill(process, 0)
                if _is_over(process):
                    return
                await asyncio.sleep(_LOOKS)


async def test_a_web_that_dies_takes_no_call_with_it_and_comes_back(
    studio, site: tuple[Service, str]
):
    service, address = site
    phone = await studio.phone(b"", Habits(number="1234"))
    phone.order(f"dial sip:4949@{service.to}")
    await phone.says("Call established")
    await service.heard("Telefonisten.")
    service.told.clear()
    os.kill(web_process(service), signal.SIGKILL)
    await service.until("The web has ended")
    phone.does("*23*3#")
    await service.heard("Klart.")
    await service.until("The web is at")
    assert await health(address) == "ok\n"
    await phone.off()
    (call,) = await service.calls()
    assert call.outcome != "line_lost"
    assert [divert.reason for divert in await service.stands(ANNA)] == ["SAM"]


async def test_the_web_ends_when_the_service_is_asked_to(
    studio, site: tuple[Service, str]
):
    service, address = site
    await called(studio, service.to, "*23*3#", [])
    process = web_process(service)
    assert await service.end() == 0
    await is_gone(process)
    assert await health(address) is None


async def test_the_web_ends_when_the_service_is_killed(site: tuple[Service, str]):
    service, address = site
    process = web_process(service)
    service.process.kill()
    await service.process.wait()
    await is_gone(process)
    assert await health(address) is None
