"""Pictures of every page, for the README and for eyes that look them over.

PYTHONPATH=tests/web:. .venv/bin/python tests/web/browser/pictures.py [FOLDER [SCHEME]]
"""

import asyncio
import io
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.async_api import async_playwright
from screens import NARROW, WIDE, Screens, Town, chromium, settings_of
from sights import find_sights
from town import build
from web_served import served_web

from voice.store.database import open_store

_FOLDER = Path(__file__).parents[3] / ".readme" / "web"
# Of a page that goes on and on, its beginning is enough.
_HIGHEST = 1100
_COLOURS = 64
_TELL_OF_FILES = ("/installningar/orsaker", "/installningar/tjansten")


@asynccontextmanager
async def _town() -> AsyncIterator[Town]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with (
            served_web(folder, more=settings_of(folder)) as served,
            open_store(f"sqlite:///{folder}/telefonist.db") as store,
        ):
            await build(store, datetime.now(UTC))
            yield Town(served.address, store)


async def take(folder: Path, scheme: str) -> None:
    """Take pictures of every page, wide and narrow."""
    async with _town() as town, async_playwright() as playwright:
        screens = Screens(town, await chromium(playwright))
        found = await find_sights(town.address)
        # Where files lie on this machine is nobody's business.
        sights = [s for s in found if not s.path.startswith(_TELL_OF_FILES)]
        for login, width in product({s.login for s in sights}, (WIDE, NARROW)):
            page = await screens.of(login, width, color_scheme=scheme)
            for sight in (s for s in sights if s.login == login):
                await page.goto(sight.path)
                taken = await page.screenshot(full_page=True)
                _keep(taken, folder / f"{sight.name}-{width}.png")
        await screens.close()


def _keep(taken: bytes, file: Path) -> None:
    picture = Image.open(io.BytesIO(taken)).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, _HIGHEST)))
    small = picture.quantize(_COLOURS, dither=Image.Dither.NONE)
    small.save(file, optimize=True)


if __name__ == "__main__":
    given = sys.argv[1:]
    where = Path(given[0]) if given else _FOLDER
    where.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(where, given[1] if len(given) > 1 else "light"))
