"""The pace of questions: no more than are allowed, and writing goes first."""

import asyncio

import pytest

from voice.coupling.pace import Pace, paces
from voice.store.links_port import LinkKind

QUICK = 60_000  # a minute: one a thousandth of a second
LONG = 30


def clock():
    return asyncio.get_running_loop().time()


async def asks(pace, count=1, writes=False):
    """Take a turn, and ask as many questions in it."""
    async with pace.turn(writes):
        for _ in range(count):
            pace.asked()


async def test_no_two_begin_together():
    pace, before = Pace(QUICK), clock()
    await asyncio.gather(*(asks(pace) for _ in range(50)))
    # Forty-nine waits of a thousandth of a second, however busy the machine is; whoever
    # comes late may be followed at once.
    assert clock() - before >= 0.04


async def test_a_turn_of_many_questions_delays_the_next():
    pace = Pace(QUICK)
    await asks(pace, count=50)
    before = clock()
    await asks(pace)
    assert clock() - before >= 0.04


async def test_questions_of_turns_beside_each_other_are_each_counted_once():
    pace, before = Pace(QUICK), clock()
    async with pace.turn(), pace.turn():
        for _ in range(52):
            pace.asked()
    await asks(pace)
    assert clock() - before >= 0.05


async def test_questions_from_threads_are_counted():
    pace = Pace(QUICK)
    before = clock()
    async with pace.turn():
        asking = (asyncio.to_thread(pace.asked) for _ in range(50))
        await asyncio.gather(*asking)
    await asks(pace)
    assert clock() - before >= 0.04


async def test_a_turn_without_a_question_is_worth_no_other():
    pace = Pace(QUICK)
    for _ in range(60):
        await asks(pace, count=0)
    before = clock()
    await asks(pace, count=50)
    await asks(pace)
    assert clock() - before >= 0.04


async def test_who_writes_goes_before_all_who_read():
    pace, done = Pace(600), []

    async def comes(name, writes=False):
        async with pace.turn(writes):
            done.append(name)

    async with pace.turn(), asyncio.TaskGroup() as group:
        for nth in range(3):
            group.create_task(comes(f"read {nth}"))
        # All of them wait, before anybody writes.
        await asyncio.sleep(0)
        group.create_task(comes("write", writes=True))
    assert done == ["write", "read 0", "read 1", "read 2"]


async def test_who_gives_up_waiting_holds_nobody_up():
    pace = Pace(600)
    async with pace.turn():
        waiting = [asyncio.ensure_future(asks(pace)) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        async with asyncio.timeout(LONG):
            ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert list(map(type, ended)) == [asyncio.CancelledError, type(None), type(None)]


@pytest.mark.parametrize("waits", [False, True])
async def test_who_is_cancelled_as_the_turn_comes_gives_it_back(waits):
    pace = Pace(QUICK)
    if waits:
        await asks(pace, count=2)
    for _ in range(10):
        task = asyncio.ensure_future(asks(pace))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    before = clock()
    await asks(pace, count=50)
    await asks(pace)
    assert clock() - before >= 0.04


async def test_each_kind_has_a_pace_of_its_own():
    each = paces(600)
    await asks(each[LinkKind.GOOGLE], count=10_000)
    async with asyncio.timeout(LONG):
        await asks(each[LinkKind.OUTLOOK])
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asks(each[LinkKind.GOOGLE]), 0.01)
