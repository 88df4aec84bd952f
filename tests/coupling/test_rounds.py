"""Rounds: each at its time, a few at once, none twice at once, and none forgotten."""

import asyncio
import logging
from contextlib import asynccontextmanager

import pytest

from voice.coupling.pace import LONGEST_SECONDS, backoff, jittered
from voice.coupling.rounds import Rounds
from voice.divert.model import Extension

ANNA, BO = Extension("1234"), Extension("2345")
LONG = 30


@asynccontextmanager
async def going(rounds):
    task = asyncio.ensure_future(rounds.run())
    try:
        async with asyncio.timeout(LONG):
            yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_the_first_due_is_the_first_done():
    done = asyncio.Queue()

    async def job(extension):
        await done.put(extension)

    rounds = Rounds("a job", job, at_once=1)
    rounds.ask(ANNA, 0.02)
    rounds.ask(BO)
    async with going(rounds):
        assert [await done.get(), await done.get()] == [BO, ANNA]


async def test_many_wishes_become_one_and_the_soonest_holds():
    done = asyncio.Queue()

    async def job(extension):
        await done.put(extension)

    rounds = Rounds("a job", job, at_once=2)
    for within in (LONG * 10, 0.01, 0.01, LONG):
        rounds.ask(ANNA, within)
    async with going(rounds):
        assert await done.get() == ANNA
        rounds.ask(BO, 0.01)
        assert await done.get() == BO
        assert done.empty()


async def test_a_wish_during_the_job_is_done_afterwards_and_not_beside_it():
    begun, may_end = asyncio.Queue(), asyncio.Event()
    at_once = []

    async def job(extension):
        at_once.append(extension)
        await begun.put(len(at_once))
        await may_end.wait()
        at_once.remove(extension)

    rounds = Rounds("a job", job, at_once=5)
    rounds.ask(ANNA)
    async with going(rounds):
        assert await begun.get() == 1
        rounds.ask(ANNA)
        rounds.ask(BO)
        assert await begun.get() == 2
        assert sorted(at_once) == [ANNA, BO]
        may_end.set()
        assert await begun.get() == 1


async def test_no_more_are_done_at_once_than_may_be():
    begun, may_end = asyncio.Queue(), asyncio.Event()
    busy, most = 0, 0

    async def job(extension):
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await begun.put(extension)
        await may_end.wait()
        busy -= 1

    rounds = Rounds("a job", job, at_once=2)
    for number in range(5):
        rounds.ask(Extension(str(number)))
    async with going(rounds):
        await begun.get()
        await begun.get()
        may_end.set()
        for _ in range(3):
            await begun.get()
    assert most == 2


async def test_a_job_that_says_when_is_done_again_then():
    done = asyncio.Queue()

    async def job(extension):
        await done.put(extension)
        return 0.001

    rounds = Rounds("a job", job, at_once=1)
    rounds.ask(ANNA)
    async with going(rounds):
        for _ in range(3):
            assert await done.get() == ANNA


async def test_a_job_that_breaks_takes_no_other_with_it_and_tells_no_names(caplog):
    done = asyncio.Queue()
    caplog.set_level(logging.ERROR)

    async def job(extension):
        if extension == ANNA:
            raise RuntimeError("what somebody is called")
        await done.put(extension)

    rounds = Rounds("a job", job, at_once=1)
    rounds.ask(ANNA)
    rounds.ask(BO, 0.01)
    async with going(rounds):
        assert await done.get() == BO
    assert "a job: RuntimeError at " in caplog.text
    assert "somebody" not in caplog.text


async def test_one_who_is_forgotten_is_not_done():
    done = asyncio.Queue()

    async def job(extension):
        await done.put(extension)

    rounds = Rounds("a job", job, at_once=1)
    rounds.ask(ANNA)
    rounds.forget(ANNA)
    rounds.ask(BO, 0.01)
    async with going(rounds):
        assert await done.get() == BO
    assert done.empty()


@pytest.mark.parametrize("luck", [0.0, 0.5, 1.0])
def test_patience_grows_with_each_failure_to_a_quarter_of_an_hour(luck):
    waits = [backoff(failures, luck) for failures in range(100)]
    assert waits == sorted(waits)
    assert 1 <= waits[0] <= 2
    assert 450 <= waits[-1] <= 900


def test_a_calendar_that_asks_for_patience_gets_it():
    assert backoff(0, 0.0, asked=120) >= 120
    assert backoff(0, 1.0, asked=120) < 180


def test_none_is_left_alone_for_days_whatever_it_asks():
    assert backoff(0, 1.0, asked=1e9) == LONGEST_SECONDS


def test_intervals_differ_by_luck_alone():
    assert jittered(60, 0.0) == 60
    assert 54 <= jittered(60, 1.0) < jittered(60, 0.5) < 60
