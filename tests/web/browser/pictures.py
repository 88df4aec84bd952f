"""Pictures of every page, for the README and for eyes that look them over.

PYTHONPATH=tests/web:. .venv/bin/python tests/web/browser/pictures.py [FOLDER [SCHEME]]
"""

import asyncio
import io
import os
import re
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright
from screens import NARROW, PROGRAM, WIDE, Screens, Town, settings_of
from sights import find_sights
from town import BOSS, build
from web_served import served_web

from voice.store.database import open_store
from voice.store.memory import memory_store

_FOLDER = Path(__file__).parents[3] / ".readme" / "web"
# Of a page that goes on and on, its beginning is enough.
_HIGHEST = 960
_COLOURS = 56
# So many calls are heard before it is looked how calls are answered.
_ANSWERED, _PATIENCE_MS = 4, 240_000
_LIST = b"""extension,name,unit
1234,Anna Dahl,Skolf\xc3\xb6rvaltningen
1540,Disa Ek,Biblioteket
"""
_WORK_ACCOUNTS = """
[web.oidc]
issuer = "https://login.example.se/stad"
client = "telefonist"
"""


@asynccontextmanager
async def _town() -> AsyncIterator[Town]:
    # Some pages tell where files lie, and that is to be no news of this machine.
    folder = Path(tempfile.gettempdir()) / "telefonist"
    folder.mkdir()
    async with AsyncExitStack() as opened:
        opened.callback(shutil.rmtree, folder)
        more = settings_of(folder)
        served = await opened.enter_async_context(served_web(folder, more=more))
        address = f"sqlite:///{folder}/telefonist.db"
        store = await opened.enter_async_context(open_store(address))
        await build(store, datetime.now(UTC))
        yield Town(served.address, store)


@asynccontextmanager
async def _demonstration() -> AsyncIterator[Town]:
    """Show the town in which calls go on, as `telefonist demo --web` does."""
    program = (sys.executable, "-m", "voice", "demo", "--web", "--port", "9961")
    demo = await asyncio.create_subprocess_exec(*program, stdout=PIPE, stderr=STDOUT)
    assert demo.stdout is not None
    told = ""
    try:
        while not (found := re.search(r"with the password (\S+)", told)):
            told += (await demo.stdout.readline()).decode() or sys.exit(told)
        reading = asyncio.create_task(demo.stdout.read())
        yield Town("http://127.0.0.1:9961", memory_store(), password=found[1])
    finally:
        demo.terminate()
        await demo.wait()
        await reading


class Camera:
    """Takes pictures into a folder, in one scheme of colours."""

    def __init__(self, folder: Path, scheme: str, browser: Browser) -> None:
        self._folder, self._scheme, self._browser = folder, scheme, browser

    async def town(self, town: Town) -> None:
        """Take pictures of every page of a town."""
        sights = await find_sights(town.address)
        screens = Screens(town, self._browser)
        for login, width in product({s.login for s in sights}, (WIDE, NARROW)):
            page = await screens.of(login, width, color_scheme=self._scheme)
            for sight in (s for s in sights if s.login == login):
                await page.goto(sight.path)
                await self._take(page, f"{sight.name}-{width}")
            if login == BOSS:
                await self._review(page, width)
        await screens.close()

    async def _review(self, page: Page, width: int) -> None:
        await page.goto("/installningar/katalog/lista")
        sent = {"name": "personal.csv", "mimeType": "text/csv", "buffer": _LIST}
        await page.locator("[name=csv]").set_input_files(sent)
        await page.locator("main button.main").click()
        await page.wait_for_url("**/granska")
        await self._take(page, f"installningar-katalog-granska-{width}")

    async def work_accounts(self, town: Town) -> None:
        """Take a picture of the door, where work accounts open it."""
        screens = Screens(town, self._browser)
        for width in (WIDE, NARROW):
            page = await screens.of(None, width, color_scheme=self._scheme)
            await page.goto("/logga-in")
            await self._take(page, f"logga-in-arbetskonto-{width}")
        await screens.close()

    async def calls(self, town: Town) -> None:
        """Take pictures of what calls make of pages, once some have been answered."""
        screens = Screens(town, self._browser)
        page = await screens.of("eva", color_scheme=self._scheme)
        await page.goto("/samtal")
        ended = page.locator("#just-ended > li")
        await ended.nth(_ANSWERED - 1).wait_for(timeout=_PATIENCE_MS)
        await page.locator("#going-on .caller").first.wait_for(timeout=_PATIENCE_MS)
        await self._take(page, f"samtal-live-{WIDE}")
        await page.goto("/lage")
        await self._take(page, f"lage-tjanst-{WIDE}")
        narrow = await screens.of("eva", NARROW, color_scheme=self._scheme)
        await narrow.goto("/lage")
        await self._take(narrow, f"lage-tjanst-{NARROW}")
        await screens.close()

    async def _take(self, page: Page, name: str) -> None:
        taken = await page.screenshot(full_page=True)
        picture = Image.open(io.BytesIO(taken)).convert("RGB")
        picture = picture.crop((0, 0, picture.width, min(picture.height, _HIGHEST)))
        # Of few colours, those that are seldom are not to be given up first.
        method = Image.Quantize.MAXCOVERAGE
        small = picture.quantize(_COLOURS, method, dither=Image.Dither.NONE)
        small.save(self._folder / f"{name}.png", optimize=True)


async def take(folder: Path, scheme: str) -> None:
    """Take all pictures."""
    async with async_playwright() as playwright:
        # Fields for days are written as the browser's own language does it.
        browser = await playwright.chromium.launch(
            executable_path=shutil.which(PROGRAM),
            args=["--lang=sv-SE"],
            env=dict(os.environ) | {"LANGUAGE": "sv"},
        )
        camera = Camera(folder, scheme, browser)
        async with _town() as town:
            await camera.town(town)
        with tempfile.TemporaryDirectory() as name:
            at, secret = Path(name), {"TELEFONIST_OIDC_SECRET": "x" * 32}
            async with served_web(at, more=_WORK_ACCOUNTS, **secret) as served:
                await camera.work_accounts(Town(served.address, memory_store()))
        async with _demonstration() as town:
            await camera.calls(town)


if __name__ == "__main__":
    given = sys.argv[1:]
    where = Path(given[0]) if given else _FOLDER
    where.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(where, given[1] if len(given) > 1 else "light"))
