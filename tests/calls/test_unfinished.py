"""A call whose process died does not stay open for ever."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from log_watch import logged

from voice.calls.unfinished import break_off, keep_ended
from voice.store.database import open_store
from voice.store.memory import memory_store
from voice.store.port import Call, CallId, Turn, Who

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


async def test_old_calls_are_ended_at_once_and_for_as_long_as_the_house_is_open():
    transcripts = memory_store().transcripts
    await transcripts.begin(Call(CallId("old"), "4949", None, EARLIER))
    standing = Call(CallId("new"), "3339", None, NOW - timedelta(minutes=1))
    await transcripts.begin(standing)
    async with asyncio.TaskGroup() as group:
        longest = timedelta(minutes=2)
        with logged("voice.calls.unfinished", "1 calls") as ended:
            keeping = group.create_task(keep_ended(transcripts, longest, lambda: NOW))
            async with asyncio.timeout(20):
                await ended.wait()
        assert not keeping.done()
        keeping.cancel()
    assert await transcripts.unfinished() == (standing,)


async def test_a_store_that_is_away_is_waited_for(tmp_path: Path):
    file = tmp_path / "telefonist.db"
    async with open_store(str(file)) as store, asyncio.TaskGroup() as group:
        with sqlite3.connect(file) as other:
            other.execute("DROP TABLE calls")
        other.close()
        with logged("voice.calls.unfinished", "cannot be ended yet") as away:
            transcripts, longest = store.transcripts, timedelta(minutes=2)
            keeping = group.create_task(keep_ended(transcripts, longest, lambda: NOW))
            async with asyncio.timeout(20):
                await away.wait()
        assert not keeping.done()
        keeping.cancel()
