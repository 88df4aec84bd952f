"""What breaks a SIP line, and how it comes back."""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import scenes
from line_contract import PATIENCE, offered, whole
from scenes import scene
from sipp import HERE, free_port

from voice.phone.port import (
    CallGoneError,
    Exchange,
    HungUp,
    LineError,
    Refusal,
    Ringing,
    Sound,
)
from voice.phone.settings import Registration, SipSettings, Transport
from voice.phone.sip import open_sip

pytestmark = pytest.mark.line

STAYS = scene(scenes.begins(), scenes.waits(30), scenes.ends())


@pytest.fixture
async def exchange(settings: SipSettings) -> AsyncIterator[Exchange]:
    async with open_sip(settings) as exchange:
        yield exchange


@pytest.fixture
async def offers(exchange: Exchange) -> AsyncIterator[Ringing]:
    return exchange.offers()


async def told(exchange: Exchange, ready: bool) -> str:
    """Wait until the line is so, and return what it says."""
    async with asyncio.timeout(PATIENCE):
        while exchange.condition.ready is not ready:
            await exchange.changed()
    return exchange.condition.detail


def kill(exchange: Exchange) -> None:
    os.kill(exchange.pid, signal.SIGKILL)


async def test_a_line_that_is_killed_in_mid_call_is_soon_back(exchange, offers, studio):
    await studio.sipp(STAYS)
    line = await (await offered(offers)).answer()
    arrivals = line.arrivals()
    assert isinstance(await anext(arrivals), Sound)
    asked = studio.work(line.transfer("0"))
    kill(exchange)
    async with asyncio.timeout(PATIENCE):
        rest = [arrival async for arrival in arrivals]
        assert not await asked
    assert rest[-1] == HungUp(lost=True)
    assert "started again" in await told(exchange, ready=False)
    await line.send(bytes(320))
    await line.hang_up()
    await told(exchange, ready=True)
    calls = scene(scenes.begins(), scenes.waits(0.5), scenes.ends())
    playing = await studio.sipp(calls)
    assert HungUp() in await whole(await (await offered(offers)).answer())
    assert await playing.went_well(), playing.faults


async def test_who_waits_for_an_answer_is_gone_with_the_line(exchange, offers, studio):
    await studio.sipp(STAYS)
    ringing = await offered(offers)
    kill(exchange)
    await told(exchange, ready=False)
    with pytest.raises(CallGoneError):
        await ringing.answer()
    await ringing.refuse(Refusal.BUSY)


async def test_a_line_that_drains_does_so_after_it_was_lost(exchange, studio):
    await exchange.drain()
    kill(exchange)
    await told(exchange, ready=False)
    await told(exchange, ready=True)
    assert await studio.is_refused()


async def test_the_line_ends_with_the_house_and_says_goodbye(settings, studio):
    async with open_sip(settings) as exchange:
        playing = await studio.sipp(scene(scenes.begins(), scenes.is_ended()))
        line = await (await offered(exchange.offers())).answer()
        pid = exchange.pid
    assert await playing.went_well(), playing.faults
    assert (await whole(line))[-1] == HungUp(lost=True)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


HOUSE = """
import asyncio, sys
from voice.phone.settings import SipSettings
from voice.phone.sip import open_sip

async def main():
    settings = SipSettings(listen=sys.argv[1], exchange="127.0.0.1")
    async with open_sip(settings) as exchange:
        print(exchange.pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_the_line_ends_when_the_house_is_killed(settings):
    house = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HOUSE, settings.listen), stdout=asyncio.subprocess.PIPE
    )
    assert house.stdout
    line = os.pidfd_open(int(await house.stdout.readline()))
    house.kill()
    await house.wait()
    ended = asyncio.Event()
    # It can be read from as soon as the process has ended.
    asyncio.get_running_loop().add_reader(line, ended.set)
    async with asyncio.timeout(PATIENCE):
        await ended.wait()
    asyncio.get_running_loop().remove_reader(line)
    os.close(line)


async def test_nobody_who_stops_waiting_leaves_a_call_behind(offers, studio):
    invite = scenes.asks("INVITE", 1, (), scenes.sdp(scenes.A_LAW))
    rings = scenes.gets(100, may=True) + scenes.gets(180, may=True)
    # The answer is never acknowledged, so that sound cannot go both ways.
    playing = await studio.sipp(scene(invite, rings, scenes.gets(200)))
    ringing = await offered(offers)
    waits = studio.work(ringing.answer())
    assert await playing.went_well(), playing.faults
    waits.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waits
    with pytest.raises(CallGoneError):
        await ringing.answer()


async def test_a_taken_port_is_told_of_and_tried_again(settings):
    host, _, port = settings.listen.rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((host, int(port)))
        async with open_sip(settings) as exchange:
            assert "taken by another program" in await told(exchange, ready=False)
            other.close()
            assert "Listens" in await told(exchange, ready=True)


async def test_an_address_of_another_machine_is_told_of(settings):
    elsewhere = replace(settings, listen="192.0.2.1:5060")
    async with open_sip(elsewhere) as exchange:
        assert "cannot be opened" in await told(exchange, ready=False)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"listen": "5060"}, "5060"),
        ({"listen": "pbx:5060"}, "listen"),
        ({"exchange": "sip:pbx"}, "exchange"),
        ({"trusted": ("pbx",)}, "trusted"),
        ({"rtp_ports": (30000, 30010)}, "rtp_ports"),
        ({"calls": 0}, "calls"),
        ({"transport": Transport.TLS}, "certificate"),
        ({"transport": Transport.TLS, "certificate": Path("/none.pem")}, "none.pem"),
        ({"transport": Transport.TLS, "certificate": Path(__file__)}, "PEM"),
        ({"transport": Transport.TLS, "certificate": Path("a b")}, "spaces"),
        ({"registration": Registration("4949", "a b")}, "registrar"),
        ({"registration": Registration("49 49", "pbx")}, "user"),
        ({"registration": Registration("4949", "pbx", 'a"b')}, "password"),
        ({"registration": Registration("4949", "pbx", seconds=1)}, "seconds"),
    ],
)
async def test_a_setting_that_cannot_work_is_named(settings, wrong, name: str):
    with pytest.raises(LineError) as error:
        async with open_sip(replace(settings, **wrong)):
            pass
    assert name in str(error.value)
    assert 'a"b' not in str(error.value)


def registered(settings: SipSettings, port: int, password: str) -> SipSettings:
    account = Registration("4949", f"{HERE}:{port}", password)
    return replace(settings, registration=account)


async def test_a_registration_is_made_and_unmade(settings, studio):
    port = free_port()
    asks_twice = scene(scenes.registers("right"), scenes.unregisters())
    registrar = await studio.registrar(asks_twice, port)
    async with open_sip(registered(settings, port, "right")) as exchange:
        assert await told(exchange, ready=True) == f"Registered at {HERE}:{port}."
    assert await registrar.went_well(), registrar.faults


async def test_a_registration_that_is_refused_is_told_of_and_regained(
    settings, studio, caplog
):
    caplog.set_level(logging.DEBUG)
    port = free_port()
    registrar = await studio.registrar(scene(scenes.refuses_to_register()), port)
    async with open_sip(registered(settings, port, "right")) as exchange:
        why = await told(exchange, ready=False)
        assert "it answers 403" in why
        assert "password" in why
        assert await registrar.went_well(), registrar.faults
        await studio.registrar(scene(scenes.registers("right")), port)
        await told(exchange, ready=True)
    assert "right" not in caplog.text


async def test_an_exchange_that_is_away_is_told_of(settings):
    async with open_sip(registered(settings, free_port(), "right")) as exchange:
        assert "does not answer" in await told(exchange, ready=False)


async def test_nobody_is_named_in_a_log(exchange, offers, studio, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    numbers = ("P-Asserted-Identity: <sip:0701234567@pbx>",)
    playing = await studio.sipp(scene(scenes.is_refused(486, headers=numbers)))
    ringing = await offered(offers)
    assert ringing.offer.caller == "0701234567"
    await ringing.refuse(Refusal.BUSY)
    assert await playing.went_well(), playing.faults
    written = caplog.text + "".join(capfd.readouterr())
    assert "0701234567" not in written
    assert "Anna" not in written
