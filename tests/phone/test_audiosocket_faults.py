"""What an Asterisk, or whatever passes for one, does wrong ends its own call only."""

import asyncio
import random
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import pytest
from asterisk_stand_in import HANG_UP, PLAIN, StandIn, asked, message
from line_contract import PATIENCE, STAYS, offered, whole

from voice.phone.asterisk_line import AsteriskLine
from voice.phone.audiosocket import AsteriskExchange, open_asterisk
from voice.phone.memory import HangsUp
from voice.phone.peers import Place
from voice.phone.port import FRAME_BYTES, CallGoneError, HungUp, Sound, Where
from voice.phone.settings import AsteriskSettings

SETTINGS = AsteriskSettings(agi="127.0.0.1:0", audio="127.0.0.1:0")
OK = b"200 result=0\n"


async def route(extension: str) -> Where:
    return Where.RING


@pytest.fixture
async def exchange() -> AsyncIterator[AsteriskExchange]:
    async with open_asterisk(SETTINGS, route) as opened:
        yield opened


async def open_to(place: Place) -> tuple[StreamReader, StreamWriter]:
    return await asyncio.open_connection(place.host, place.port)


class ByHand:
    """A call whose every word the test says."""

    def __init__(self, line: AsteriskLine, agi, sound) -> None:
        self.line = line
        self.agi_says, self.agi = agi
        self.sounds, self.sound = sound

    async def asks(self) -> bytes:
        async with asyncio.timeout(PATIENCE):
            return await self.agi_says.readline()

    async def sound_ends(self) -> None:
        """Wait until it is asked to end the sound, and do."""
        async with asyncio.timeout(PATIENCE):
            while (head := await self.sounds.readexactly(3)) != HANG_UP:
                await self.sounds.readexactly(int.from_bytes(head[1:], "big"))
        self.agi.write(OK)
        self.sound.close()


@asynccontextmanager
async def standing(exchange: AsteriskExchange) -> AsyncIterator[ByHand]:
    async with asked(exchange.agi, "call", PLAIN) as agi:
        reader, writer = agi
        ringing = await offered(exchange.offers())
        answering = asyncio.create_task(ringing.answer())
        assert await reader.readline() == b"ANSWER\n"
        writer.write(OK)
        call = (await reader.readline()).split(b'"')[3].partition(b",")[0]
        sound = await open_to(exchange.audio)
        sound[1].write(message(0x01, UUID(call.decode()).bytes))
        async with asyncio.timeout(PATIENCE):
            line = await answering
        try:
            yield ByHand(line, agi, sound)
        finally:
            sound[1].close()


@pytest.mark.parametrize("nonsense", [b"\x10\xff\xff", message(0x01, b"again")])
async def test_nonsense_in_the_sound_ends_that_call_as_lost(exchange, nonsense):
    async with standing(exchange) as call, standing(exchange) as other:
        call.sound.write(nonsense)
        with suppress(ConnectionError):
            while await call.sounds.read(4096):
                pass
        call.agi.write(OK)
        assert (await whole(call.line))[-1] == HungUp(lost=True)
        assert await call.asks() == b"HANGUP\n"
        other.sound.write(message(0x10, bytes(range(160)) * 2))
        async with asyncio.timeout(PATIENCE):
            async for came in other.line.arrivals():
                if came != Sound(bytes(FRAME_BYTES)):
                    break
        assert came == Sound(bytes(range(160)) * 2)


async def test_the_caller_may_leave_without_asterisk_saying_so(exchange):
    async with standing(exchange) as call:
        call.sound.close()
        call.agi.write(b"200 result=-1\n")
        assert (await whole(call.line))[-1] == HungUp()


async def test_a_second_sound_for_a_call_is_closed(exchange):
    async with standing(exchange) as call:
        reader, writer = await open_to(exchange.audio)
        writer.write(message(0x01, call.line.id.bytes))
        async with asyncio.timeout(PATIENCE):
            assert not await reader.read()
        writer.close()
        assert isinstance(await anext(call.line.arrivals()), Sound)


async def test_a_caller_who_leaves_while_it_rings_is_put_through_to_nobody(exchange):
    async with standing(exchange) as call:
        transferring = asyncio.create_task(call.line.transfer("1630"))
        await call.sound_ends()
        assert await call.asks() == (
            f'GOSUB "telefonist-transfer" "1630" "1" "{call.line.id}"\n'.encode()
        )
        call.agi.write(b"100 result=0 Trying...\nHANGUP\n")
        async with asyncio.timeout(PATIENCE):
            assert not await transferring
        assert (await whole(call.line))[-1] == HungUp()


async def test_a_number_that_the_exchange_lacks_is_told_of(exchange, caplog):
    async with standing(exchange) as call:
        transferring = asyncio.create_task(call.line.transfer("1630"))
        await call.sound_ends()
        await call.asks()
        call.agi.write(b"200 result=-1 Gosub label not found\n")
        assert b"AudioSocket" in await call.asks()
        again = await open_to(exchange.audio)
        again[1].write(message(0x01, call.line.id.bytes))
        async with asyncio.timeout(PATIENCE):
            assert not await transferring
        assert "its context telefonist-transfer lacks the number" in caplog.text
        assert "1630" not in caplog.text
        again[1].close()


async def test_a_call_is_over_when_a_transfer_was_answered_and_has_ended(exchange):
    # A dialplan that does not say when somebody answers says so at the end.
    async with standing(exchange) as call:
        transferring = asyncio.create_task(call.line.transfer("0"))
        await call.sound_ends()
        await call.asks()
        call.agi.write(OK)
        assert await call.asks() == b'GET "VARIABLE" "DIALSTATUS"\n'
        call.agi.write(b"200 result=1 (ANSWER)\n")
        async with asyncio.timeout(PATIENCE):
            assert await transferring
        assert not await call.asks()


async def test_an_asterisk_that_says_nothing_cannot_hold_a_call(exchange):
    async with standing(exchange) as call:
        async with asyncio.timeout(PATIENCE):
            await call.line.hang_up()
            while await call.agi_says.readline():
                pass


async def test_a_caller_who_leaves_before_the_answer_is_gone(exchange):
    async with asked(exchange.agi, "call", PLAIN) as (reader, writer):
        ringing = await offered(exchange.offers())
        answering = asyncio.create_task(ringing.answer())
        assert await reader.readline() == b"ANSWER\n"
        writer.write(b"511 Command Not Permitted on a dead channel\n")
        with pytest.raises(CallGoneError):
            await answering


@pytest.mark.parametrize("door", ["agi", "audio"])
async def test_calls_come_as_before_after_much_nonsense(exchange, door):
    chance = random.Random(4949)
    place = getattr(exchange, door)
    for _ in range(100):
        reader, writer = await open_to(place)
        writer.write(chance.randbytes(chance.randrange(600)))
        writer.write_eof()
        async with asyncio.timeout(PATIENCE):
            with suppress(ConnectionError):
                assert not await reader.read()
        writer.close()
    far = StandIn(exchange)
    told = await far.call((HangsUp(once=True),))
    assert (await whole(await (await offered(exchange.offers())).answer()))[-1]
    assert (await told).answered


async def test_a_caller_can_be_hung_up_on_while_it_rings(exchange):
    async with standing(exchange) as call:
        transferring = asyncio.create_task(call.line.transfer("0"))
        await call.sound_ends()
        await call.asks()
        async with asyncio.timeout(PATIENCE):
            await call.line.hang_up()
            assert not await transferring
    assert call.line.over


async def test_a_call_that_nobody_attends_leaves_no_pile(exchange, caplog):
    far = StandIn(exchange)
    told = await far.call(STAYS)
    line = await (await offered(exchange.offers())).answer()
    for _ in range(100):
        await line.send(bytes(FRAME_BYTES))
    await line.hang_up()
    came = await whole(line)
    assert len(came) <= 50
    assert (await told).answered
    assert "were dropped in a call" in caplog.text
