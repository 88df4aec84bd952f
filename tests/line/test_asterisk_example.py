"""What the example configuration promises, called on a real Asterisk."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
import scenes
from desks import DESK, is_called
from line_contract import PATIENCE, offered
from pbx import NEEDED, Pbx, switched_on
from phones import Habits
from sipp import HERE, Scene, free_port, play

from voice.phone.audiosocket import open_asterisk
from voice.phone.port import Refusal, Sound, Where
from voice.phone.settings import AsteriskSettings, SipSettings
from voice.phone.sip import open_sip

pytestmark = NEEDED
# A telephone gives the password that the example gives it.
ANNA = Habits(account=";auth_user=1234;auth_pass=change-me")
# A call from outside that says it is a telephone of ours.
STRANGER = "[5550](telephone)\ncontext=outside\n"


async def route(extension: str) -> Where:
    return {"1530": Where.ANNOUNCE, "1630": Where.RING}.get(extension, Where.UNKNOWN)


@pytest.fixture
def desk() -> str:
    return f"{HERE}:{free_port(2)}"


@pytest.fixture
def agi() -> str:
    return f"{HERE}:{free_port()}"


@pytest.fixture
def line() -> str:
    return f"{HERE}:{free_port(2)}"


@pytest.fixture
def by() -> str:
    """How the telephonist is attached; tests of the other way change it."""
    return "telefonist-audiosocket"


@pytest.fixture
async def pbx(tmp_path: Path, agi, line, by, desk) -> AsyncIterator[Pbx]:
    changes = {
        "127.0.0.1:4573": agi,
        "127.0.0.1:5062": line,
        "TELEFONIST_BY = telefonist-audiosocket": f"TELEFONIST_BY = {by}",
    }
    more = {"pjsip.conf": DESK.format(place=desk) + STRANGER}
    async with switched_on(tmp_path / "pbx", changes, more) as pbx:
        yield pbx


@pytest.fixture
def settings(pbx: Pbx) -> SipSettings:
    """Where the studio's telephones call."""
    return SipSettings(listen=pbx.sip)


@pytest.fixture
def asterisk(agi: str) -> AbstractAsyncContextManager:
    return open_asterisk(AsteriskSettings(agi=agi, audio=f"{HERE}:0"), route)


@pytest.fixture
async def anna(studio) -> Callable[[str], None]:
    """Return how the telephone 1234 dials."""
    phone = await studio.phone(habits=ANNA)
    return lambda number: phone.order(f"dial sip:{number}@{studio.to}")


@pytest.fixture
async def rung(tmp_path: Path, desk: str) -> AsyncIterator[Scene]:
    """The telephone 1630, which expects a call."""
    port = int(desk.rpartition(":")[2])
    scene = await play(tmp_path / "desk", scenes.scene(is_called()), port)
    yield scene
    scene.stop()
    await scene.process.wait()


@pytest.mark.parametrize("number", ["4949", "3339", "%2323%23", "*23*3*1530%23"])
async def test_what_is_the_telephonists_comes_to_it(asterisk, anna, number):
    async with asterisk as exchange:
        anna(number)
        ringing = await offered(exchange.offers())
        assert ringing.offer.dialled == number.replace("%23", "#")
        assert ringing.offer.caller == "1234"
        assert ringing.offer.forwarded_from == ()
        await ringing.refuse(Refusal.BUSY)


async def test_a_call_to_a_diverted_extension_comes_as_forwarded(asterisk, anna):
    async with asterisk as exchange:
        anna("1530")
        ringing = await offered(exchange.offers())
        assert ringing.offer.dialled == "1530"
        assert ringing.offer.forwarded_from == ("1530",)
        line = await ringing.answer()
        await line.hang_up()


async def test_an_open_extension_rings(asterisk, anna, rung):
    async with asterisk:
        anna("1630")
        assert await rung.went_well(), rung.faults


async def test_an_extension_rings_when_the_telephonist_is_not_there(anna, rung):
    anna("1630")
    assert await rung.went_well(), rung.faults


async def test_who_calls_from_outside_is_no_telephone_of_ours(asterisk, studio):
    phone = await studio.phone(habits=Habits(number="5550"))
    async with asterisk as exchange:
        offers = exchange.offers()
        phone.order(f"dial sip:1530@{studio.to}")
        ringing = await offered(offers)
        assert ringing.offer.caller is None
        await ringing.refuse(Refusal.BUSY)


class TestAttachedBySip:
    @pytest.fixture
    def by(self) -> str:
        return "telefonist-sip"

    @pytest.fixture
    def sip(self, line: str, pbx: Pbx) -> AbstractAsyncContextManager:
        rtp = free_port(100)
        settings = SipSettings(
            exchange=pbx.sip,
            listen=line,
            trusted=(HERE,),
            rtp_ports=(rtp, rtp + 99),
            calls=8,
        )
        return open_sip(settings)

    @pytest.mark.parametrize("number", ["4949", "3339", "%2323%23", "*23*3*1530%23"])
    async def test_what_is_the_telephonists_comes_to_it(self, sip, anna, number):
        async with sip as exchange:
            anna(number)
            ringing = await offered(exchange.offers())
            assert ringing.offer.dialled == number.replace("%23", "#")
            assert ringing.offer.caller == "1234"
            await ringing.refuse(Refusal.BUSY)

    async def test_a_call_to_a_diverted_extension_comes_as_forwarded(
        self, sip, asterisk, anna
    ):
        async with sip as exchange, asterisk:
            anna("1530")
            ringing = await offered(exchange.offers())
            assert ringing.offer.forwarded_from == ("1530",)
            await ringing.refuse(Refusal.BUSY)

    async def test_a_caller_is_put_through(self, sip, anna, rung):
        async with sip as exchange:
            anna("4949")
            line = await (await offered(exchange.offers())).answer()
            assert isinstance(await anext(line.arrivals()), Sound)
            async with asyncio.timeout(PATIENCE):
                assert await line.transfer("91630")
            assert await rung.went_well(), rung.faults
