"""The sound of a real telephone both ways, over every kind of road."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from line_contract import heard_in, keys_in, offered, speaking
from line_sounds import CHIRP, RATE, SILENCE, level_change, loud_frames, place_of
from phones import Habits, Phone, speech_of
from road import Road, Weather
from sipp import certificate

from voice.phone.memory import CallerStep, HangsUp, Plays, Presses, Waits
from voice.phone.port import Line
from voice.phone.settings import Encryption, SipSettings, Transport
from voice.phone.sip import open_sip

pytestmark = pytest.mark.line

SPEAKS: tuple[CallerStep, ...] = (
    Waits(0.5),
    Plays(CHIRP, over=True),
    Waits(1.0),
    HangsUp(once=True),
)
PROMPT = SILENCE[: RATE // 5] + CHIRP
# Nothing may be lacking: 20 ms that lack cost more than is allowed here.
WHOLE = 0.97


async def call(studio, settings: SipSettings, habits: Habits, to: str = "") -> Phone:
    phone = await studio.phone(speech_of(SPEAKS), habits)
    phone.order(f"dial sip:4949@{to or settings.listen};transport={habits.transport}")
    return phone


async def crosses_both_ways(studio, settings: SipSettings, habits: Habits) -> None:
    """Let a telephone and an attendant speak, and listen to both."""
    async with open_sip(settings) as exchange:
        phone = await call(studio, settings, habits)
        line = await (await offered(exchange.offers())).answer()
        studio.work(studio.follows(phone, SPEAKS))
        said = heard_in(await speaking(line, PROMPT))
        await phone.says("terminate")
        await phone.off()
    for heard in (said, phone.heard):
        place = place_of(CHIRP, heard)
        assert place.likeness > WHOLE
        assert abs(level_change(CHIRP, heard, place)) < 0.5


@pytest.mark.parametrize("codec", ["PCMA", "PCMU", "G722/16000/1"])
async def test_sound_crosses_whole_with_every_codec(studio, settings, codec: str):
    await crosses_both_ways(studio, settings, Habits(codec=codec))


async def test_sound_crosses_when_messages_go_by_tcp(studio, settings):
    by_tcp = replace(settings, transport=Transport.TCP)
    await crosses_both_ways(studio, by_tcp, Habits(transport="tcp"))


async def test_sound_crosses_when_messages_go_by_tls(studio, settings, tmp_path: Path):
    ours = certificate(tmp_path / "ours.pem")
    by_tls = replace(settings, transport=Transport.TLS, certificate=ours)
    theirs = f"sip_certificate {certificate(tmp_path / 'theirs.pem')}"
    await crosses_both_ways(studio, by_tls, Habits(transport="tls", config=theirs))


@pytest.mark.parametrize("encryption", [Encryption.OFFERED, Encryption.REQUIRED])
async def test_secret_sound_crosses(studio, settings, encryption: Encryption):
    secret = replace(settings, encryption=encryption)
    await crosses_both_ways(studio, secret, Habits(account=";mediaenc=srtp-mand"))


async def test_words_and_keys_survive_a_bad_road(studio, settings):
    keys = "*23*3*1530#"
    plan = (*SPEAKS[:-1], Presses(keys), Waits(0.5), HangsUp(once=True))
    async with (
        open_sip(settings) as exchange,
        Road(settings.listen, Weather(lost=0.02, late_seconds=0.03), seed=4) as road,
    ):
        phone = await call(studio, settings, Habits(), road.address)
        line = await (await offered(exchange.offers())).answer()
        studio.work(studio.follows(phone, plan))
        came = await speaking(line, PROMPT)
    assert road.lost
    assert keys_in(came) == keys
    # A packet that was lost is a gap of 20 ms, and no more than that.
    assert place_of(CHIRP, heard_in(came)).likeness > 0.5


async def test_a_house_that_is_late_for_a_moment_leaves_no_gap(studio, settings):
    async with open_sip(settings) as exchange:
        phone = await call(studio, settings, Habits())
        line = await (await offered(exchange.offers())).answer()
        studio.work(studio.follows(phone, SPEAKS))
        await _speaking_unevenly(line)
        await phone.says("terminate")
        await phone.off()
    assert place_of(CHIRP, phone.heard).likeness > WHOLE


async def _speaking_unevenly(line: Line) -> None:
    """Send two frames for every other that comes: each second one is 20 ms late."""
    frames = [PROMPT[at : at + 320] for at in range(0, len(PROMPT), 320)]
    async with asyncio.timeout(20):
        count = 0
        async for _ in line.arrivals():
            count += 1
            for frame in frames[:2] if count % 2 == 0 else ():
                await line.send(frame)
            if count % 2 == 0:
                del frames[:2]


async def test_an_interrupted_prompt_ends_at_once(studio, settings):
    async with open_sip(settings) as exchange:
        phone = await call(studio, settings, Habits())
        line = await (await offered(exchange.offers())).answer()
        studio.work(studio.follows(phone, SPEAKS))
        # The house sends much at once, and then thinks better of it.
        for at in range(0, len(CHIRP), 320):
            await line.send(CHIRP[at : at + 320])
        await speaking(line, b"")
        await phone.says("terminate")
        await phone.off()
    assert loud_frames(phone.heard) <= 10
