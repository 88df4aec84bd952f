"""What no telephone should send: nonsense, giants, and names that are no text."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator

import pytest
import scenes
from line_contract import PATIENCE, offered
from scenes import scene
from sipp import HERE

from voice.phone.port import Exchange, HungUp, Refusal, Ringing
from voice.phone.settings import SipSettings
from voice.phone.sip import open_sip

pytestmark = pytest.mark.line


@pytest.fixture
async def exchange(settings: SipSettings) -> AsyncIterator[Exchange]:
    async with open_sip(settings) as exchange:
        yield exchange


@pytest.fixture
async def offers(exchange: Exchange) -> AsyncIterator[Ringing]:
    return exchange.offers()


async def test_nonsense_neither_rings_nor_breaks_the_line(exchange, offers, studio):
    chance = random.Random(4949)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind((HERE, 0))
        sender.connect((HERE, int(studio.to.rpartition(":")[2])))
        for _ in range(400):
            sender.send(nonsense(chance))
    before = exchange.pid
    await studio.sipp(scene(scenes.is_refused(486)), service="sane")
    while (ringing := await offered(offers)).offer.dialled != "sane":
        await ringing.refuse(Refusal.UNKNOWN)
    await ringing.refuse(Refusal.BUSY)
    assert exchange.pid == before


def nonsense(chance: random.Random) -> bytes:
    """Return a SIP message with something wrong."""
    match chance.randrange(4):
        case 0:
            return chance.randbytes(chance.randrange(1, 1400))
        case 1:
            return WELL[: chance.randrange(len(WELL))]
        case 2:
            broken = bytearray(WELL)
            for _ in range(chance.randrange(1, 20)):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            return bytes(broken)
        case _:
            long = b"X-Long: " + b"a" * chance.randrange(20_000) + b"\r\n"
            return WELL.replace(b"Max-", long + b"Max-")


WELL = (
    b"INVITE sip:4949@127.0.0.1 SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK-fuzz\r\n"
    b'From: "\xff\xfe \xe5\xe4\xf6" <sip:1234@pbx>;tag=1\r\n'
    b"To: <sip:4949@127.0.0.1>\r\nCall-ID: fuzz@pbx\r\nCSeq: 1 INVITE\r\n"
    b"Contact: <sip:1234@127.0.0.1:9>\r\nMax-Forwards: 70\r\n"
    b"Content-Type: application/sdp\r\nContent-Length: 85\r\n\r\n"
    b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    b"m=audio 9 RTP/AVP 8\r\n"
)


async def test_a_name_that_is_no_text_and_a_giant_header_are_no_matter(
    exchange, offers, studio
):
    odd = ("X-Long: " + "a" * 5000, 'P-Asserted-Identity: "\xff\xfe" <sip:1630@pbx>')
    playing = await studio.sipp(scene(scenes.is_refused(486, headers=odd)))
    ringing = await offered(offers)
    assert ringing.offer.caller == "1630"
    await ringing.refuse(Refusal.BUSY)
    assert await playing.went_well(), playing.faults


async def test_ten_kilobytes_of_headers_come_by_tcp(settings, studio):
    giant = ("X-Long: " + "a" * 10_000,)
    async with open_sip(settings) as exchange:
        refused = scene(scenes.is_refused(486, headers=giant))
        playing = await studio.sipp(refused, options=("-t", "t1"))
        ringing = await offered(exchange.offers())
        # So much is not looked through for who calls.
        assert (ringing.offer.dialled, ringing.offer.caller) == ("4949", None)
        await ringing.refuse(Refusal.BUSY)
        assert await playing.went_well(), playing.faults


async def test_nonsense_in_the_sound_does_not_break_a_call(offers, studio):
    playing = await studio.sipp(
        scene(scenes.begins(), scenes.waits(1.5), scenes.ends()),
        options=("-trace_msg", "-message_file", "messages"),
    )
    line = await (await offered(offers)).answer()
    arrivals = line.arrivals()
    chance = random.Random(4949)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for _ in range(400):
            rtp = bytearray(chance.randbytes(chance.randrange(1, 1400)))
            rtp[0] = chance.choice((0x80, 0x90, 0xB0, rtp[0]))
            rtp[1:2] = bytes([chance.choice((8, 96, 13, 255, 127))])
            sender.sendto(rtp, (HERE, playing.our_sound))
    async with asyncio.timeout(PATIENCE):
        assert HungUp() in [arrival async for arrival in arrivals]
    assert await playing.went_well(), playing.faults
