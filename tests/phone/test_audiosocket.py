"""An Asterisk in front keeps the promises of any exchange, and is asked by one."""

import asyncio
import logging
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from asterisk_stand_in import StandIn, asked, message
from line_contract import PATIENCE, STAYS, LinePromises, Numbers, offered, whole

from voice.phone.audiosocket import AsteriskExchange, open_asterisk
from voice.phone.memory import HangsUp, Waits
from voice.phone.peers import Place
from voice.phone.port import CallGoneError, HungUp, LineError, Refusal, Sound, Where
from voice.phone.settings import AsteriskSettings
from voice.store.port import StoreError

SETTINGS = AsteriskSettings(agi="127.0.0.1:0", audio="127.0.0.1:0", calls=2)


async def route(extension: str) -> Where:
    match extension:
        case "1530":
            return Where.ANNOUNCE
        case "1630":
            return Where.RING
        case "broken":
            raise StoreError("The store is away.")
        case _:
            return Where.UNKNOWN


@pytest.fixture
async def exchange() -> AsyncIterator[AsteriskExchange]:
    async with open_asterisk(SETTINGS, route) as opened:
        yield opened


@pytest.fixture
async def far(exchange: AsteriskExchange) -> AsyncIterator[StandIn]:
    stand_in = StandIn(exchange)
    yield stand_in
    await stand_in.close()


# Sound comes and goes by the clock on the wall, as from real telephones.
@pytest.mark.flaky(reruns=4)
class TestAudioSocket(LinePromises):
    """The fixtures above are what the promises are asked of."""


async def answered(
    place: Place, script: str, number: str, *replies: bytes
) -> list[str]:
    """Return what a script asks; each is answered well."""
    lines = []
    async with (
        asyncio.timeout(PATIENCE),
        asked(place, script, Numbers(number)) as (reader, writer),
    ):
        while line := await reader.readline():
            lines.append(line.decode().strip())
            writer.write(b"200 result=1\n")
    return lines


@pytest.mark.parametrize(
    ("number", "where"),
    [
        ("1530", "announce"),
        ("1630", "ring"),
        ("1999", "unknown"),
        ("broken", "unknown"),
    ],
)
async def test_asterisk_is_told_where_a_call_goes(exchange, number, where):
    told = await answered(exchange.agi, "route", number)
    assert told == [f'SET "VARIABLE" "TELEFONIST" "{where}"']


async def test_a_script_can_be_given_the_number(exchange):
    async with asked(exchange.agi, "route", Numbers("s"), "1530") as (reader, _):
        assert b'"announce"' in await reader.readline()


async def test_phones_ring_while_calls_are_no_longer_taken(exchange):
    await exchange.drain()
    assert not exchange.condition.ready
    [told] = await answered(exchange.agi, "route", "1530")
    assert '"unknown"' in told


async def test_the_dialplan_is_told_why_a_call_is_refused(exchange):
    async with asked(exchange.agi, "call", Numbers()) as (reader, writer):
        ringing = await offered(exchange.offers())
        refusing = asyncio.create_task(ringing.refuse(Refusal.UNKNOWN))
        assert b'"TELEFONIST" "unknown"' in await reader.readline()
        writer.write(b"200 result=1\n")
        assert b'"TELEFONIST_CAUSE" "1"' in await reader.readline()
        writer.write(b"200 result=1\n")
        assert not await reader.readline()
        await refusing


async def test_more_calls_than_the_site_allows_are_busy(exchange, far):
    standing = [await far.call(STAYS) for _ in range(SETTINGS.calls)]
    offers = exchange.offers()
    lines = [await (await offered(offers)).answer() for _ in standing]
    told = await answered(exchange.agi, "call", "4949")
    assert told[0] == 'SET "VARIABLE" "TELEFONIST" "busy"'
    await lines[0].hang_up()
    again = await far.call((HangsUp(),))
    await (await offered(offers)).refuse(Refusal.BUSY)
    await again


async def test_a_call_ends_as_lost_when_asterisk_dies(exchange, far):
    await far.call(STAYS)
    line = await (await offered(exchange.offers())).answer()
    arrivals = line.arrivals()
    assert isinstance(await anext(arrivals), Sound)
    await far.close()
    async with asyncio.timeout(PATIENCE):
        *_, last = [arrival async for arrival in arrivals]
    assert last == HungUp(lost=True)


async def test_standing_calls_end_when_the_line_is_closed():
    async with open_asterisk(SETTINGS, route) as exchange:
        far = StandIn(exchange)
        told = await far.call(STAYS)
        line = await (await offered(exchange.offers())).answer()
    came = await whole(line)
    assert came[-1] == HungUp(lost=True)
    assert (await told).answered
    assert [ringing async for ringing in exchange.offers()] == []


async def test_an_asterisk_without_audiosocket_is_told_of(exchange, caplog):
    async with asked(exchange.agi, "call", Numbers()) as (reader, writer):
        ringing = await offered(exchange.offers())
        answering = asyncio.create_task(ringing.answer())
        assert await reader.readline() == b"ANSWER\n"
        writer.write(b"200 result=0\n")
        assert b"AudioSocket" in await reader.readline()
        writer.write(b"200 result=-2\n")
        with pytest.raises(CallGoneError):
            await answering
    assert "load app_audiosocket.so" in caplog.text


async def test_a_number_that_is_none_is_never_dialled(exchange, far):
    told = await far.call(STAYS, transfers=True)
    line = await (await offered(exchange.offers())).answer()
    assert not await line.transfer("0,1&SIP/evil\nHANGUP")
    await line.hang_up()
    assert (await told).put_through_to is None


@pytest.mark.parametrize("door", ["agi", "audio"])
async def test_strangers_are_closed_out(door, caplog):
    settings = AsteriskSettings(agi="127.0.0.1:0", audio="127.0.0.1:0", trusted=())
    async with open_asterisk(settings, route) as exchange:
        place = getattr(exchange, door)
        for _ in range(2):
            reader, writer = await asyncio.open_connection(place.host, place.port)
            assert not await reader.read()
            writer.close()
    assert caplog.text.count("add it to [asterisk] trusted") == 1


@pytest.mark.parametrize(
    "nonsense",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"agi_network: yes\n",
        b"\xff\xfe\x00" * 50 + b"\n\n",
        b"agi_" + b"x" * 10000 + b": y\n\n",
        b"agi_x: y\n" * 300 + b"\n",
        b"",
    ],
)
async def test_nonsense_in_place_of_a_call_is_closed(exchange, caplog, nonsense):
    reader, writer = await asyncio.open_connection(*place_of(exchange.agi))
    await closed_after(nonsense, reader, writer)
    assert "This is no FastAGI" in caplog.text


@pytest.mark.parametrize(
    "nonsense",
    [
        message(0x01, b"short"),
        message(0x01, bytes(16)),
        message(0x10, bytes(320)),
        b"\x10\xff\xff",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"",
    ],
)
async def test_sound_that_is_nobodys_is_closed(exchange, nonsense):
    reader, writer = await asyncio.open_connection(*place_of(exchange.audio))
    await closed_after(nonsense, reader, writer)


async def closed_after(nonsense: bytes, reader: StreamReader, writer: StreamWriter):
    writer.write(nonsense)
    writer.write_eof()
    async with asyncio.timeout(PATIENCE):
        # What was not read when it was closed comes back as a reset.
        with suppress(ConnectionError):
            assert not await reader.read()
    writer.close()


def place_of(place: Place) -> tuple[str, int]:
    return place.host, place.port


async def test_an_unknown_script_is_told_of_without_a_number(exchange, caplog):
    assert await answered(exchange.agi, "1530", "1530") == []
    assert "write /call, /route or /taken" in caplog.text
    assert "1530" not in caplog.text


async def test_no_number_reaches_the_log(exchange, far, caplog):
    caplog.set_level(logging.DEBUG, logger="voice")
    told = await far.call((Waits(0.1), HangsUp(once=True)), Numbers("1530", "1234"))
    await whole(await (await offered(exchange.offers())).answer())
    await told
    assert "1530" not in caplog.text
    assert "1234" not in caplog.text


async def test_a_place_that_is_taken_says_which_setting_to_change(exchange):
    settings = AsteriskSettings(agi=str(exchange.agi), audio="127.0.0.1:0")
    with pytest.raises(LineError, match=r"give \[asterisk\] agi a free address"):
        async with open_asterisk(settings, route):
            pass
