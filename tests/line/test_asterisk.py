"""A real Asterisk with the example configuration keeps the promises of all."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from pathlib import Path

import pytest
import scenes
from line_contract import USUAL, LinePromises, Numbers, Told
from pbx import Pbx, switched_on
from sipp import HERE, free_port, play

from voice.phone.audiosocket import AsteriskExchange, open_asterisk
from voice.phone.memory import CallerStep, Presses, Waits
from voice.phone.port import Where
from voice.phone.settings import AsteriskSettings, SipSettings

pytestmark = [
    pytest.mark.line,
    pytest.mark.asterisk,
    pytest.mark.skipif(
        shutil.which("asterisk") is None,
        reason="asterisk is not here: Debian's unstable has it, apt install asterisk",
    ),
]
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
    more = {"extensions.conf": MORE_NUMBERS, "pjsip.conf": contact_of(desk)}
    async with switched_on(tmp_path / "pbx", changes, more) as pbx:
        yield pbx


def contact_of(desk: str) -> str:
    return f"[1630](+type=aor)\ncontact=sip:1630@{desk}\n"


@pytest.fixture
def settings(pbx: Pbx) -> SipSettings:
    """Where the studio's telephones call."""
    return SipSettings(listen=pbx.sip)


def is_called() -> str:
    """Be called, answer, and hang up a second later."""
    tag = ";tag=desk[call_number]"
    back = "[last_Via:]\n[last_From:]\n[last_To:]{tag}\n[last_Call-ID:]\n[last_CSeq:]"
    contact = "Contact: <sip:1630@[local_ip]:[local_port]>"
    kind, sdp = scenes.sdp("RTP/AVP 8")
    took = "".join(
        f'<ereg regexp="<[^>]*>.*" search_in="hdr" header="{name}:" assign_to="{to}"/>'
        for name, to in (("From", "far"), ("To", "own"))
    ).replace("<[^", "&lt;[^")
    ok = f"SIP/2.0 200 OK\n{back.format(tag=tag)}\n{contact}\nContent-Type: {kind}"
    bye = (
        "BYE [next_url] SIP/2.0",
        "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]",
        f"From: [$own]{tag}",
        "To: [$far]",
        "[last_Call-ID:]",
        "CSeq: 1 BYE",
        "Max-Forwards: 70",
        "Content-Length: 0",
    )
    return "".join(
        (
            f'<recv request="INVITE" rrs="true"><action>{took}</action></recv>\n',
            f"<send><![CDATA[\n{ok}\nContent-Length: [len]\n\n{sdp}\n]]></send>\n",
            scenes.is_asked("ACK"),
            scenes.waits(1.0),
            "<send><![CDATA[\n" + "\n".join(bye) + "\n\n]]></send>\n",
            scenes.gets(200),
        )
    )


def is_busy() -> str:
    """Be called, and be busy."""
    return "".join(
        (
            scenes.is_asked("INVITE"),
            scenes.answers("486 Busy Here"),
            scenes.is_asked("ACK"),
        )
    )


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
        port = self._desk.rpartition(":")[2]
        callee = scenes.scene(is_called() if transfers else is_busy())
        desk = await play(self._folder / "desk", callee, options=("-p", port))
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
