"""The one who asks the store what happens: for all who look, and while any does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from web_calls import GREETING, put_call, said
from web_served import PATIENCE

from voice.store.accounts_port import Login
from voice.store.live_port import Live, Told
from voice.store.memory import memory_store
from voice.store.port import StoreError
from voice.store.positions import Position
from voice.web import live as live_feed
from voice.web.errors import TooManyViewersError
from voice.web.live import Feed, Viewer

BO = Login("bo")


class Asked:
    """What happens, counting who asks; it can be made to fail."""

    def __init__(self, live: Live) -> None:
        self._live, self.times, self.fails = live, 0, False
        self.failed = asyncio.Event()

    async def position(self) -> Position:
        return await self._live.position()

    async def after(self, position: Position, limit: int = 200) -> Told:
        self.times += 1
        if self.fails:
            self.failed.set()
            raise StoreError("The store is away.")
        return await self._live.after(position, limit)


@asynccontextmanager
async def running(live: Live) -> AsyncIterator[Feed]:
    feed = Feed(live)
    task = asyncio.create_task(feed.run())
    try:
        async with asyncio.timeout(PATIENCE):
            yield feed
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def words(viewer: Viewer, count: int) -> list[str]:
    """Return what is said next, so many things of it."""
    heard: list[str] = []
    while len(heard) < count:
        news = await viewer.next(PATIENCE)
        assert news is not None
        heard += [news.turn.text] if news.turn else []
    return heard


async def test_everybody_who_looks_is_told_the_same_by_one_asking():
    store = memory_store()
    asked = Asked(store.live)
    async with (
        running(asked) as feed,
        feed.viewing(PATIENCE, BO) as one,
        feed.viewing(PATIENCE, BO) as other,
    ):
        await put_call(store, "one", [GREETING, said(3.0, "radera")])
        both = await asyncio.gather(words(one, 2), words(other, 2))
        assert both[0] == both[1] == [GREETING.text, "radera"]
        before = asked.times
        for number in range(5):
            await put_call(store, f"more{number}", [said(1.0, "ja")])
        await asyncio.gather(words(one, 5), words(other, 5))
        # Five calls at once are no more asking than one.
        assert asked.times - before <= 5


async def test_what_was_said_before_somebody_looks_is_not_told():
    store = memory_store()
    await put_call(store, "before", [said(1.0, "förut")])
    async with running(store.live) as feed, feed.viewing(PATIENCE, BO) as viewer:
        await put_call(store, "after", [said(1.0, "nu")])
        assert await words(viewer, 1) == ["nu"]


async def test_while_the_store_is_away_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(live_feed, "_AFTER_A_FAULT_SECONDS", 0.01)
    store = memory_store()
    asked = Asked(store.live)
    async with running(asked) as feed, feed.viewing(PATIENCE, BO) as viewer:
        asked.fails = True
        await asked.failed.wait()
        await put_call(store, "meanwhile", [said(1.0, "hallå")])
        asked.fails = False
        assert await words(viewer, 1) == ["hallå"]


async def test_who_falls_far_behind_begins_anew_and_keeps_nobody_waiting():
    store = memory_store()
    async with (
        running(store.live) as feed,
        feed.viewing(PATIENCE, BO) as slow,
        feed.viewing(PATIENCE, BO) as quick,
    ):
        many = [said(float(n), f"ord{n}") for n in range(600)]
        await put_call(store, "long", many)
        assert await words(quick, 600) == [f"ord{n}" for n in range(600)]
        assert slow.is_behind
        assert not quick.is_behind


async def test_no_more_look_than_can_be_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live_feed, "_MOST_VIEWERS", 1)
    async with running(memory_store().live) as feed, feed.viewing(PATIENCE, BO):
        with pytest.raises(TooManyViewersError):
            async with feed.viewing(PATIENCE, BO):
                pass


async def test_one_account_takes_not_every_place(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live_feed, "_MOST_OF_ONE", 1)
    async with running(memory_store().live) as feed, feed.viewing(PATIENCE, BO):
        with pytest.raises(TooManyViewersError):
            async with feed.viewing(PATIENCE, BO):
                pass
        async with feed.viewing(PATIENCE, Login("eva")):
            pass


async def test_a_store_that_does_not_answer_is_not_waited_for():
    feed = Feed(memory_store().live)
    with pytest.raises(TimeoutError):
        async with feed.viewing(0.01, BO):
            pass
