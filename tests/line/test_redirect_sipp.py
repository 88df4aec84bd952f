"""A call generator that others made is told by SIP where its call goes."""

from collections.abc import AsyncIterator

import pytest
import scenes
from sipp import HERE, free_port

from voice.phone.port import Where
from voice.phone.redirect import Redirect, open_redirect
from voice.phone.settings import RedirectSettings, SipSettings

pytestmark = pytest.mark.line
MANY = 200


async def route(extension: str) -> Where:
    return {"1530": Where.ANNOUNCE, "1630": Where.RING}.get(extension, Where.UNKNOWN)


@pytest.fixture
async def redirect() -> AsyncIterator[Redirect]:
    settings = RedirectSettings(listen=f"{HERE}:{free_port()}")
    async with open_redirect(settings, route) as opened:
        yield opened


@pytest.fixture
def settings(redirect: Redirect) -> SipSettings:
    """Where the studio calls."""
    return SipSettings(listen=str(redirect.place))


@pytest.mark.parametrize("transport", ["u1", "t1"])
@pytest.mark.parametrize(("number", "status"), [("1530", 302), ("1999", 404)])
async def test_it_is_told_where_a_call_goes(studio, transport, number, status):
    scene = scenes.scene(scenes.is_refused(status))
    playing = await studio.sipp(scene, number, ("-t", transport))
    assert await playing.went_well(), playing.faults


@pytest.mark.parametrize("transport", ["u1", "t1"])
async def test_many_can_ask_at_once(studio, transport):
    scene = scenes.scene(scenes.is_refused(302))
    many = ("-m", str(MANY), "-r", str(MANY), "-t", transport)
    playing = await studio.sipp(scene, "1630", many)
    assert await playing.went_well(), playing.faults
