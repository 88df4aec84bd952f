"""What goes wrong in real calls, and what the service must not let come of it."""

import asyncio
import os
import re
import signal
from datetime import timedelta

import pytest
from phones import Habits
from road import Road, Weather
from service import ANNA
from service_talk import ANSWERED, GREETED, MEETING, SAID, called, diverted, of, says
from sipp import PATIENCE

from voice.divert.model import DivertsCleared, DivertSet
from voice.phone.memory import HangsUp, Plays, Presses, Waits
from voice.sound.mouth import Mouth
from voice.sound.wave import read_wave
from voice.store.port import Who

pytestmark = [pytest.mark.line, pytest.mark.model]

# How each place of the dialogue is reached, and a few moments between them, with the
# state that the caller leaves from.
HANGS_UP_IN = {
    "Start": ("4949", []),
    "AskedDivert": ("4949", [Presses("1")]),
    "AskedReason": ("4949", [Presses("1"), Waits(2.0), Presses("1")]),
    "Confirming": ("4949", [GREETED, says("lunch-espeak-klatt2.wav"), Waits(2.5)]),
    "AskedName": ("4949", [Presses("**")]),
    "Offering": ("4949", [Presses("**"), Waits(2.0), Presses("1300#")]),
    "Rehearsing": ("4949", [Presses("7"), Waits(2.0), Presses("*23*3#")]),
    "Keying": ("3339", []),
    "Announcing": ("1300", []),
}
STRANGERS_HANG_UP_IN = {
    "AskedExtension": ("4949", []),
    "AskedPin": ("4949", [Presses("1234#"), Waits(2.0), Presses("4829")]),
}


async def test_hanging_up_anywhere_leaves_nothing_half_done(studio, service):
    await diverted(service, timedelta(hours=2))
    before = await service.store.audit.entries()
    async with Mouth() as mouth:
        eva = Plays(await mouth.say("sök eva lund"))
    known = HANGS_UP_IN | {"Choosing": ("4949", [GREETED, eva, ANSWERED])}
    await asyncio.gather(
        *(_left(studio, service, *way, "1234") for way in known.values()),
        *(_left(studio, service, *way, "070") for way in STRANGERS_HANG_UP_IN.values()),
    )
    left_in = [*known, *STRANGERS_HANG_UP_IN]
    calls = await service.calls(ended=len(left_in))
    assert [call.outcome for call in calls] == ["hung_up"] * len(left_in)

    told = re.findall(r"(\w+): HungUp -> Ended", "".join(service.told))
    assert sorted(told) == sorted(left_in)
    assert await service.store.audit.entries() == before


async def _left(studio, service, number, steps, caller) -> None:
    plan = [Waits(1.0), *steps, Waits(0.3), HangsUp()]
    await called(studio, service.to, number, plan, caller)


async def test_no_sound_is_written_unless_the_site_asks_for_it(studio, service):
    plan = [GREETED, says(MEETING), Waits(2.0), HangsUp()]
    await called(studio, service.to, "4949", plan)
    await service.calls()
    data = [path for path in (service.folder / "data").rglob("*") if path.is_file()]
    assert data
    for path in data:
        assert path.name.startswith("telefonist.db")
        written = path.read_bytes()
        assert b"RIFF" not in written
        assert read_wave(SAID / MEETING)[8000:8320] not in written


async def test_the_log_holds_no_word_and_no_number(studio, service):
    plan = [GREETED, says(MEETING), Waits(2.0), HangsUp()]
    await called(studio, service.to, "4949", plan)
    await service.calls()
    log = "".join(service.told)
    assert "Start: Meant -> Start" in log
    for secret in ("tjänste", "1234", "Anna", "fjorton"):
        assert secret not in log


async def test_a_bad_road_changes_nothing_of_what_is_said_and_keyed(studio, service):
    plan = [GREETED, says(MEETING), Waits(5.0), Presses("#23#"), ANSWERED, HangsUp()]
    async with Road(service.to, Weather(lost=0.02, late_seconds=0.03), seed=7) as road:
        await called(studio, road.address, "4949", plan)
        (call,) = await service.calls()
    assert road.lost > 5
    assert call.outcome == "hung_up"
    turns = await service.turns()
    assert [turn.text for turn in turns if turn.score is not None] == [
        "tjänsteärende till fjorton och trettio"
    ]
    assert [turn.event for turn in turns if turn.event] == [
        DivertSet.__name__,
        DivertsCleared.__name__,
    ]


async def test_a_line_process_that_dies_ends_its_calls_and_no_others(studio, service):
    phone = await studio.phone(b"", Habits(number="1234"))
    phone.order(f"dial sip:4949@{service.to}")
    await phone.says("Call established")
    await service.heard("Telefonisten.")
    os.kill(service.line_process, signal.SIGKILL)
    (call,) = await service.calls()
    assert call.outcome == "line_lost"
    await phone.off()
    await called(studio, service.to, "*23*3#", [])
    calls = await service.calls(ended=2)
    assert [call.outcome for call in calls] == ["line_lost", "ended"]


async def test_a_crash_loses_no_more_than_the_turn_under_way(studio, service):
    phone = await studio.phone(b"", Habits(number="1234"))
    phone.order(f"dial sip:4949@{service.to}")
    await phone.says("Call established")
    await service.heard("Telefonisten.")
    phone.does("#23#")
    await service.heard("Din telefon är redan öppen.")
    service.process.kill()
    await service.process.wait()
    assert of(Who.KEYS, await service.turns()) == ["#23#"]
    (call,) = await service.store.transcripts.unfinished()
    assert call.place == "4949"
    await phone.off()


async def test_asked_to_end_it_lets_a_call_end_and_takes_no_other(studio, service):
    plan = [Waits(3.0), Presses("*23*3#"), ANSWERED, HangsUp()]
    ongoing = asyncio.ensure_future(called(studio, service.to, "4949", plan))
    await service.heard("Telefonisten.")
    ending = asyncio.ensure_future(service.end())
    await service.until("no new calls are taken")
    late = await studio.phone(b"", Habits(number="1300"))
    late.order(f"dial sip:4949@{service.to}")
    await late.says("486", "Busy", "terminated")
    async with asyncio.timeout(PATIENCE):
        assert await ending == 0
    await ongoing
    (call,) = await service.calls()
    assert call.outcome == "hung_up"
    assert [divert.reason for divert in await service.stands(ANNA)] == ["SAM"]
