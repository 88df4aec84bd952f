"""A web to look at, open for one test."""

from collections.abc import AsyncIterator

import pytest
from web_house import Browser, Web, opened_web

from voice.language.catalog import Catalog


@pytest.fixture
async def web(catalog: Catalog) -> AsyncIterator[Web]:
    """Return a web over a store in memory."""
    async with opened_web(catalog) as opened:
        yield opened


@pytest.fixture
async def anna(web: Web) -> Browser:
    """Return the browser of a person, at her own page."""
    return await web.logged_in("anna")
