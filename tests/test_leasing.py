"""One program at a time: taken, kept, lost, handed on, and given up at the end."""

import asyncio
import logging
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from voice.leasing import ElsewhereError, Terms, Turns, lease
from voice.store.leases_port import Lease
from voice.store.memory import memory_store
from voice.store.port import LeaseLostError, StoreError

# The shortest that leaves a busy machine the time to renew.
QUICK = Terms(length=3.0, ours=2.0, renewed=0.01)
LONG = 30
# Less than twice the length: longer ones are those of a clock that was set back.
LENT = timedelta(seconds=5.5)
OTHER = Lease("tidying", "another program")


@pytest.fixture
def leases():
    return memory_store().leases


class Chore:
    """What is done by one at a time; it says when it has begun and ended."""

    def __init__(self):
        self.begun, self.ended = asyncio.Event(), asyncio.Event()

    async def __call__(self):
        self.ended.clear()
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.begun.clear()
            self.ended.set()


class AwayLeases:
    """Leases of a store that is away whenever it is wanted to be."""

    def __init__(self, leases):
        self._leases, self.is_away, self.tried = leases, False, asyncio.Event()

    async def take(self, lease, length):
        self.tried.set()
        self._check()
        return await self._leases.take(lease, length)

    async def give_up(self, lease):
        self._check()
        await self._leases.give_up(lease)

    def _check(self):
        if self.is_away:
            raise StoreError("The store is away: start it again.")


@asynccontextmanager
async def running(turns, chore):
    task = asyncio.ensure_future(turns.run(chore))
    try:
        async with asyncio.timeout(LONG):
            yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


def turns_of(leases, terms=QUICK):
    return Turns(leases, lease("tidying"), terms)


def test_no_two_programs_have_the_same_name():
    assert lease("tidying") != lease("tidying")


async def test_it_is_done_when_nobody_else_does_it(leases):
    chore = Chore()
    async with running(turns_of(leases), chore):
        await chore.begun.wait()
        assert await leases.take(OTHER, LENT) != OTHER.holder
    assert chore.ended.is_set()


async def test_the_second_begins_when_the_first_ends(leases):
    one, two = Chore(), Chore()
    async with running(turns_of(leases), two) as second:
        await two.begun.wait()
        async with asyncio.TaskGroup() as group:
            first = group.create_task(turns_of(leases).run(one))
            # However often it tries, it is not its turn.
            for _ in range(3):
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(one.begun.wait(), 0.03)
            second.cancel()
            await one.begun.wait()
            assert two.ended.is_set()
            first.cancel()


async def test_what_its_holder_left_without_a_word_is_taken_over(leases):
    await leases.take(OTHER, timedelta(seconds=0.1))
    chore = Chore()
    async with running(turns_of(leases), chore):
        await chore.begun.wait()


async def test_it_is_renewed_for_as_long_as_it_is_done(leases):
    terms = Terms(length=1.5, ours=1.0, renewed=0.01)
    chore = Chore()
    async with running(turns_of(leases, terms), chore):
        await chore.begun.wait()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(chore.ended.wait(), 1.5)


async def test_who_is_overtaken_ends_at_once_and_tries_again(leases, caplog):
    chore, mine = Chore(), lease("tidying")
    async with running(Turns(leases, mine, QUICK), chore):
        await chore.begun.wait()
        # As it looks when our machine was asleep for longer than a lease.
        await leases.give_up(mine)
        await leases.take(OTHER, LENT)
        await chore.ended.wait()
        await leases.give_up(OTHER)
        await chore.begun.wait()
    assert "Another program may have tidying in hand" in caplog.text


async def test_while_the_store_is_away_it_ends_in_time_and_begins_again_after(leases):
    away, chore = AwayLeases(leases), Chore()
    terms = Terms(length=0.6, ours=0.3, renewed=0.01)
    async with running(turns_of(away, terms), chore):
        await chore.begun.wait()
        away.is_away = True
        await chore.ended.wait()
        away.tried.clear()
        await away.tried.wait()
        assert not chore.begun.is_set()
        away.is_away = False
        await chore.begun.wait()


async def test_a_store_that_is_away_for_a_moment_ends_nothing(leases):
    away, chore = AwayLeases(leases), Chore()
    async with running(turns_of(away), chore):
        await chore.begun.wait()
        for _ in range(3):
            away.is_away = True
            away.tried.clear()
            await away.tried.wait()
            away.is_away = False
            away.tried.clear()
            await away.tried.wait()
        assert not chore.ended.is_set()


async def test_a_chore_that_is_refused_inside_is_begun_anew(leases):
    tries, enough = [], asyncio.Event()

    async def refused():
        raise LeaseLostError("tidying")

    async def chore():
        tries.append(len(tries))
        async with asyncio.TaskGroup() as group:
            if len(tries) < 3:
                group.create_task(refused())
            else:
                enough.set()

    async with running(turns_of(leases), chore):
        await enough.wait()


async def test_a_chore_that_breaks_gives_it_up(leases):
    async def breaks():
        raise ZeroDivisionError

    with pytest.raises(ExceptionGroup) as caught:
        await turns_of(leases).run(breaks)
    assert caught.group_contains(ZeroDivisionError)
    assert await leases.take(OTHER, LENT) == OTHER.holder


async def test_once_is_done_once_and_given_up(leases):
    done = []

    async def chore():
        done.append(await leases.take(OTHER, LENT))

    await turns_of(leases).once(chore, patience=LONG)
    assert len(done) == 1
    assert done != [OTHER.holder]
    assert await leases.take(OTHER, LENT) == OTHER.holder


async def test_once_says_who_does_it_already(leases):
    await leases.take(OTHER, LENT)
    with pytest.raises(ElsewhereError, match="Tidying are in the hands of another pro"):
        await turns_of(leases).once(Chore(), patience=0.05)
    assert await leases.take(OTHER, LENT) == OTHER.holder


async def test_once_waits_for_who_is_about_to_end(leases, caplog):
    caplog.set_level(logging.INFO)
    await leases.take(OTHER, LENT)
    done = asyncio.Event()

    async def chore():
        done.set()

    once = asyncio.ensure_future(turns_of(leases).once(chore, patience=LONG))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(done.wait(), 0.05)
    await leases.give_up(OTHER)
    await once
    assert done.is_set()
    assert caplog.text.count("in the hands of another program") == 1


async def test_once_whose_lease_is_lost_meanwhile_says_so(leases):
    mine = lease("tidying")

    async def chore():
        await leases.give_up(mine)
        await leases.take(OTHER, LENT)
        await asyncio.Event().wait()

    with pytest.raises(LeaseLostError):
        await Turns(leases, mine, QUICK).once(chore, patience=LONG)
