"""A call whose process died does not stay open for ever."""

from datetime import UTC, datetime, timedelta

from voice.store.memory import memory_store
from voice.store.port import Call, CallId, Turn, Who
from voice.unfinished import break_off

NOW = datetime(2026, 3, 5, 11, 40, tzinfo=UTC)
EARLIER = NOW - timedelta(minutes=5)


async def test_what_an_earlier_run_left_is_ended_and_its_turns_stay():
    transcripts = memory_store().transcripts
    left = Call(CallId("left"), "4949", None, EARLIER)
    await transcripts.begin(left)
    turn = Turn(0.0, Who.ATTENDANT, "Telefonisten.")
    await transcripts.add(left.id, turn)
    assert await break_off(transcripts, NOW, NOW) == 1
    (ended,) = await transcripts.calls()
    assert (ended.outcome, ended.ended) == ("broken_off", NOW)
    assert await transcripts.turns(left.id) == (turn,)
    assert await break_off(transcripts, NOW, NOW) == 0


async def test_a_call_that_may_still_go_on_is_left_alone():
    transcripts = memory_store().transcripts
    await transcripts.begin(Call(CallId("old"), "4949", None, EARLIER))
    standing = Call(CallId("new"), "3339", None, NOW)
    await transcripts.begin(standing)
    assert await break_off(transcripts, NOW, NOW) == 1
    assert await transcripts.unfinished() == (standing,)


async def test_a_call_that_was_ended_keeps_its_outcome():
    transcripts = memory_store().transcripts
    await transcripts.begin(Call(CallId("done"), "4949", None, EARLIER))
    await transcripts.end(CallId("done"), "transferred", EARLIER)
    assert await break_off(transcripts, NOW, NOW) == 0
    (call,) = await transcripts.calls()
    assert call.outcome == "transferred"
