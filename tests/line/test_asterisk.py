"""A real Asterisk with the example configuration keeps the promises of all."""

from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from pathlib import Path

import pytest
import scenes
from desks import DESK, is_busy, is_called
from line_contract import USUAL, LinePromises, Numbers, Told
from pbx import NEEDED, Pbx, switched_on
from sipp import HERE, free_port, play

from voice.phone.audiosocket import AsteriskExchange, open_asterisk
from voice.phone.memory import CallerStep, Presses, Waits
from voice.phone.port import Where
from voice.phone.settings import AsteriskSettings, SipSettings

pytestmark = NEEDED
# Numbers that the promises dial, and the telephone that calls are put through to.
MORE_NUMBERS = """
[telephones]
exten => _494[01],1,Goto(${TELEFONIST_BY},${EXTEN},1)
[telefonist-transfer]
exten => 1630,1,Goto(91630,1)
"""


async def route(extension: str) -> Where:
    return {"1530": Where.ANNOUNCE, "1630": Where.RING}.get(extension, Where.UNKNOWN)


@pytest.fixture
async def exchange() -> AsyncIterator[AsteriskExchange]:
    settings = AsteriskSettings(agi=f"{HERE}:0", audio=f"{HERE}:0")
    async with open_asterisk(settings, route) as exchange:
        yield exchange


@pytest.fixture
def desk() -> str:
    """Where the telephone 1630 is."""
    return f"{HERE}:{free_port(2)}"


@pytest.fixture
async def pbx(tmp_path: Path, exchange, desk) -> AsyncIterator[Pbx]:
    changes = {"127.0.0.1:4573": str(exchange.agi), "\nauth = ": "\n; auth = "}
    more = {"extensions.conf": MORE_NUMBERS, "pjsip.conf": DESK.format(place=desk)}
    async with switched_on(tmp_path / "pbx", changes, more) as pbx:
        yield pbx


@pytest.fixture
def settings(pbx: Pbx) -> SipSettings:
    """Where the studio's telephones call."""
    return SipSettings(listen=pbx.sip)


class AsteriskPhones:
    """Telephones of the Asterisk, one of which others are put through to."""

    def __init__(self, studio, far, folder: Path, desk: str) -> None:
        self._studio, self._far = studio, far
        self._folder, self._desk = folder, desk

    async def call(
        self,
        plan: Sequence[CallerStep],
        numbers: Numbers = USUAL,
        transfers: bool | None = None,
    ) -> Awaitable[Told]:
        if transfers is None:
            return await self._far.call(tuple(_unhurried(plan)), numbers)
        port = int(self._desk.rpartition(":")[2])
        callee = scenes.scene(is_called() if transfers else is_busy())
        desk = await play(self._folder / "desk", callee, port)
        caller = await self._far.call(plan, numbers)

        async def told() -> Told:
            assert await desk.went_well(), desk.faults
            await caller
            return Told(True, put_through_to="1630" if transfers else None)

        return self._studio.work(told())


def _unhurried(plan: Sequence[CallerStep]) -> Iterator[CallerStep]:
    """Leave Asterisk the time that it gives to each key."""
    for step in plan:
        yield step
        if isinstance(step, Presses):
            yield Waits(0.3 * len(step.keys))


class TestAsterisk(LinePromises):
    @pytest.fixture
    def far(self, studio, far, tmp_path: Path, desk: str) -> AsteriskPhones:
        return AsteriskPhones(studio, far, tmp_path, desk)
