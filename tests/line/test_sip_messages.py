"""What real call generators send, and how the SIP line takes it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import scenes
from line_contract import PATIENCE, keys_in, offered, whole
from phones import Habits
from scenes import scene

from voice.phone.memory import HangsUp, Presses, Waits
from voice.phone.port import Exchange, Refusal, Ringing
from voice.phone.settings import Encryption, SipSettings
from voice.phone.sip import open_sip

pytestmark = pytest.mark.line

PCAP = Path("/usr/share/sip-tester/dtmf_2833_1.pcap")


@pytest.fixture
async def exchange(settings: SipSettings) -> AsyncIterator[Exchange]:
    async with open_sip(settings) as exchange:
        yield exchange


@pytest.fixture
async def offers(exchange: Exchange) -> AsyncIterator[Ringing]:
    return exchange.offers()


async def test_an_invite_that_comes_twice_is_one_call(exchange, offers, studio):
    invite, rings = scenes.invites(via=scenes.SAME_VIA), scenes.gets(180)
    begins = (invite, rings, invite, scenes.begun())
    twice = scene(*begins, scenes.waits(0.5), scenes.ends())
    playing = await studio.sipp(twice)
    await whole(await (await offered(offers)).answer())
    assert await playing.went_well(), playing.faults
    await exchange.drain()
    assert await studio.is_refused()


async def test_an_offer_may_come_with_the_ack(offers, studio):
    playing = await studio.sipp(
        scene(scenes.begins_without_offer(), scenes.waits(0.5), scenes.ends())
    )
    assert await whole(await (await offered(offers)).answer())
    assert await playing.went_well(), playing.faults


async def test_a_codec_that_nobody_has_is_refused(offers, studio):
    playing = await studio.sipp(scene(scenes.is_refused(488, scenes.G_729_ONLY)))
    assert await playing.went_well(), playing.faults
    # The line is as good as before.
    await studio.sipp(scene(scenes.is_refused(486)))
    await (await offered(offers)).refuse(Refusal.BUSY)


@pytest.mark.parametrize(
    ("encryption", "media", "status"),
    [
        # The stack itself would answer, and send everything in the clear.
        (Encryption.OFFERED, scenes.SECURE_WITHOUT_KEYS, 486),
        (Encryption.REQUIRED, scenes.SECURE_WITHOUT_KEYS, 486),
        (Encryption.REQUIRED, scenes.A_LAW, 488),
        (Encryption.OFF, scenes.SECURE_WITHOUT_KEYS, 488),
    ],
)
async def test_what_is_to_be_secret_is_never_sent_in_the_clear(
    settings, studio, encryption: Encryption, media: str, status: int
):
    async with open_sip(replace(settings, encryption=encryption)) as exchange:
        playing = await studio.sipp(scene(scenes.is_refused(status, media)))
        assert await playing.went_well(), playing.faults
        await exchange.drain()
    assert [ringing async for ringing in exchange.offers()] == []


async def test_keys_can_come_as_messages(offers, studio):
    keys = "*23*3#00"
    playing = await studio.sipp(
        scene(scenes.begins(), scenes.keys_as_messages(keys), scenes.ends())
    )
    assert keys_in(await whole(await (await offered(offers)).answer())) == keys
    assert await playing.went_well(), playing.faults


async def test_keys_may_have_another_payload_type(offers, studio, tmp_path):
    presses = "".join(
        f'<nop><action><exec play_pcap_audio="{path}"/></action></nop>'
        + scenes.waits(0.8)
        for path in (_as_offered(name, tmp_path) for name in ("star", "1", "pound"))
    )
    playing = await studio.sipp(
        scene(scenes.begins(), scenes.waits(0.2), presses, scenes.ends())
    )
    assert keys_in(await whole(await (await offered(offers)).answer())) == "*1#"
    assert await playing.went_well(), playing.faults


def _as_offered(name: str, folder: Path) -> Path:
    """Return the packets of a key with the payload type that the scene offers."""
    whole = PCAP.with_name(f"dtmf_2833_{name}.pcap").read_bytes()
    head, packets, at = whole[:24], b"", 24
    while at < len(whole):
        length = int.from_bytes(whole[at + 8 : at + 12], "little")
        packet = bytearray(whole[at : at + 16 + length])
        # After the file's own head of a packet, Ethernet, IP and UDP.
        packet[16 + 42 + 1] = packet[16 + 42 + 1] & 0x80 | 96
        packets, at = packets + packet, at + 16 + length
    path = folder / f"{name}.pcap"
    path.write_bytes(head + packets)
    return path


async def test_endless_digits_cost_nothing(offers, studio):
    digits = "7" * 60
    playing = await studio.sipp(
        scene(scenes.begins(), scenes.keys_as_messages(digits, 0.1), scenes.ends())
    )
    line = await (await offered(offers)).answer()
    assert await playing.went_well(), playing.faults
    # Nobody has listened until now.
    assert 0 < len(await whole(line)) <= 200


async def test_a_transfer_may_end_with_no_more_than_bye(offers, studio):
    taken = scene(scenes.begins(), scenes.is_referred("202 Accepted"), scenes.ends())
    playing = await studio.sipp(taken)
    line = await (await offered(offers)).answer()
    async with asyncio.timeout(PATIENCE):
        assert await line.transfer("1630")
        assert await playing.went_well(), playing.faults
    assert playing.log == "1630"


async def test_a_transfer_that_is_refused_leaves_the_call(offers, studio):
    refuses = scene(
        scenes.begins(), scenes.is_referred("603 Decline"), scenes.is_ended()
    )
    playing = await studio.sipp(refuses)
    line = await (await offered(offers)).answer()
    async with asyncio.timeout(PATIENCE):
        assert not await line.transfer("*1630#")
        assert await anext(line.arrivals())
        await line.hang_up()
        assert await playing.went_well(), playing.faults
    assert playing.log == "*1630%23"


async def test_more_calls_than_there_may_be_hear_busy(settings, studio):
    async with open_sip(replace(settings, calls=2)) as exchange:
        offers = exchange.offers()
        stands = scene(scenes.begins(), scenes.is_ended())
        for _ in range(2):
            await studio.sipp(stands)
        lines = [await (await offered(offers)).answer() for _ in range(2)]
        assert await studio.is_refused()
        for line in lines:
            await line.hang_up()
        short = scene(scenes.begins(), scenes.waits(0.5), scenes.ends())
        playing = await studio.sipp(short)
        await whole(await (await offered(offers)).answer())
        assert await playing.went_well(), playing.faults


async def test_nobody_is_believed_who_is_not_trusted(settings, studio):
    async with open_sip(replace(settings, trusted=("192.0.2.1",))) as exchange:
        asserted = ("P-Asserted-Identity: <sip:1630@pbx>", "Diversion: <sip:1631@pbx>")
        playing = await studio.sipp(scene(scenes.is_refused(486, headers=asserted)))
        ringing = await offered(exchange.offers())
        assert (ringing.offer.caller, ringing.offer.forwarded_from) == (None, ())
        assert ringing.offer.dialled == "4949"
        await ringing.refuse(Refusal.UNKNOWN)
        assert await playing.went_well(), playing.faults


async def test_a_call_on_hold_stays_and_is_taken_up_again(offers, studio):
    phone = await studio.phone(b"", Habits())
    phone.order(f"dial sip:4949@{studio.to}")
    line = await (await offered(offers)).answer()
    await phone.says("Call established")
    came = studio.work(whole(line))
    phone.does("x")
    await phone.says("hold")
    phone.does("X")
    await phone.says("resume")
    await studio.follows(phone, (Waits(0.5), Presses("5"), HangsUp(once=True)))
    assert keys_in(await came) == "5"
