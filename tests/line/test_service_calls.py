"""Calls from a real telephone to the running service, from dialling to transcript."""

from datetime import UTC, datetime, timedelta

import pytest
import scenes
from line_sounds import level_change, place_of
from service import ANNA
from service_talk import (
    ANSWERED,
    GREETED,
    MEETING,
    OVER_GREETING,
    called,
    diverted,
    of,
    says,
)

from voice.divert.model import DivertsCleared, DivertSet, Source
from voice.phone.memory import HangsUp, Presses, Waits
from voice.pins import Pins
from voice.sound.mouth import Mouth
from voice.sound.tones import dial
from voice.store.port import Who

pytestmark = [pytest.mark.line, pytest.mark.model]


async def test_a_spoken_call_sets_a_divert_and_is_written_down(studio, service):
    plan = [GREETED, says(MEETING), ANSWERED, HangsUp()]
    phone = await called(studio, service.to, "4949", plan)
    (call,) = await service.calls()
    assert (call.place, call.caller, call.outcome) == ("4949", ANNA, "hung_up")
    turns = await service.turns()
    assert of(Who.ATTENDANT, turns)[0].startswith("Telefonisten. Jag är en dator.")
    (heard,) = (turn for turn in turns if turn.score is not None)
    assert heard.text == "tjänsteärende till fjorton och trettio"
    assert heard.score is not None
    assert heard.score > 0.85
    assert heard.event == DivertSet.__name__
    (divert,) = await service.stands()
    assert (divert.reason, divert.source) == ("TJÄ", Source.VOICE)
    async with Mouth() as mouth:
        greeting = await mouth.say(of(Who.ATTENDANT, turns)[0])
        answer = await mouth.say(of(Who.ATTENDANT, turns)[1])
    for prompt in (greeting, answer):
        there = place_of(prompt, phone.heard)
        # Whole, without a gap, not inverted, and as loud as it was made.
        assert there.likeness > 0.95
        assert abs(level_change(prompt, phone.heard, there)) < 0.5


async def test_speech_interrupts_the_greeting(studio, service):
    plan = [OVER_GREETING, says("radera-divert-kokoro-am-adam.wav"), ANSWERED]
    phone = await called(studio, service.to, "4949", [*plan, HangsUp()])
    await service.calls()
    turns = await service.turns()
    assert "radera" in of(Who.CALLER, turns)
    async with Mouth() as mouth:
        greeting = await mouth.say(of(Who.ATTENDANT, turns)[0])
    # Its end was never sent.
    assert place_of(greeting[: len(greeting) // 4], phone.heard).likeness > 0.95
    assert place_of(greeting[-len(greeting) // 4 :], phone.heard).likeness < 0.6


async def test_our_own_voice_coming_back_is_nobody_speaking(studio, service):
    studio.to = service.to
    stays = scenes.scene(scenes.begins(), scenes.is_ended())
    playing = await studio.sipp(stays, options=("-rtp_echo",))
    (call,) = await service.calls()
    assert call.outcome == "ended"
    turns = await service.turns()
    assert [turn for turn in turns if turn.score is not None] == []
    told = of(Who.ATTENDANT, turns)
    assert [text.split()[0] for text in told] == ["Telefonisten.", "Är", "Jag"]
    assert await playing.went_well(), playing.faults


async def test_keys_interrupt_and_carry_codes_out(studio, service):
    plan = [Waits(1.0), Presses("*23*3*1530#"), ANSWERED, Presses("#23#"), ANSWERED]
    await called(studio, service.to, "4949", [*plan, HangsUp()])
    await service.calls()
    turns = await service.turns()
    assert of(Who.KEYS, turns) == ["*23*3*1530#", "#23#"]
    events = [turn.event for turn in turns if turn.who is Who.KEYS]
    assert events == [DivertSet.__name__, DivertsCleared.__name__]
    assert await service.stands() == ()


async def test_3339_gives_the_dial_tone_and_takes_several_codes(studio, service):
    plan = [Waits(1.0), Presses("*23*3*1530#"), Waits(5.0), Presses("#23#"), ANSWERED]
    phone = await called(studio, service.to, "3339", [*plan, HangsUp()])
    await service.calls()
    assert of(Who.KEYS, await service.turns()) == ["*23*3*1530#", "#23#"]
    there = place_of(dial(0.5), phone.heard[: 2 * 8000])
    assert there.likeness > 0.95
    assert abs(level_change(dial(0.5), phone.heard, there)) < 0.5


async def test_a_dialled_code_is_carried_out_confirmed_and_ended(studio, service):
    phone = await called(studio, service.to, "*23*3*1530#", [])
    (call,) = await service.calls()
    assert (call.place, call.outcome) == ("*23*3*1530#", "ended")
    (divert,) = await service.stands()
    assert (divert.reason, divert.source) == ("SAM", Source.KEYS)
    async with Mouth() as mouth:
        confirmed = await mouth.say(of(Who.ATTENDANT, await service.turns())[0])
    assert place_of(confirmed, phone.heard).likeness > 0.95


async def test_a_diverted_extension_tells_why_and_connects_to_the_operator(
    studio, service
):
    await diverted(service, timedelta(hours=2))
    studio.to = service.to
    presses_nought = scenes.scene(
        scenes.begins(),
        scenes.waits(1),
        scenes.keys_as_messages("0"),
        scenes.is_referred("202 Accepted"),
        scenes.tells_of_transfer("SIP/2.0 200 OK"),
        scenes.is_ended(),
    )
    playing = await studio.sipp(presses_nought, service="1300")
    assert await playing.went_well(), playing.faults
    assert playing.log == "0"
    (call,) = await service.calls()
    assert (call.place, call.outcome) == ("1300", "transferred")
    told, offered, *rest = of(Who.ATTENDANT, await service.turns())
    assert told.startswith("Bo Ek är på sammanträde, åter ")
    assert offered == "Tryck noll eller säg telefonist för att bli kopplad."
    assert rest == ["Jag kopplar dig till telefonisten."]


async def test_an_open_phone_rings_past_what_stands_on_it(studio, service):
    studio.to = service.to
    put_through = scenes.scene(
        scenes.begins(),
        scenes.is_referred("202 Accepted"),
        scenes.tells_of_transfer("SIP/2.0 200 OK"),
        scenes.is_ended(),
    )
    playing = await studio.sipp(put_through, service="1300")
    assert await playing.went_well(), playing.faults
    assert playing.log == "91300"
    (call,) = await service.calls()
    assert (call.place, call.outcome) == ("1300", "transferred")


async def test_a_stranger_keys_extension_and_pin(studio, service):
    now = datetime.now(UTC)
    await Pins(service.store).set(ANNA, "482913", now, "test")
    keys = [Presses("1234#"), Waits(2.5), Presses("482913#"), Waits(2.5)]
    plan = [Waits(1.0), *keys, Presses("*23*3#"), ANSWERED, HangsUp()]
    await called(studio, service.to, "4949", plan, caller="0701234567")
    (call,) = await service.calls()
    assert call.caller == ANNA
    assert [divert.reason for divert in await service.stands()] == ["SAM"]
    turns = await service.turns()
    assert of(Who.KEYS, turns) == ["•" * 5, "•" * 7, "*23*3#"]
    everything = "".join(service.told) + repr(turns)
    assert "482913" not in everything
