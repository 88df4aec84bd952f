"""The promises of any store about what is told of calls, and what is counted."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from store_samples import ANNA, NOW
from store_told import (
    DOUBTFUL,
    GREETING,
    GUESSED,
    NOISE,
    SILENT,
    VACATION,
    call_of,
    says,
    some_calls,
    told,
)

from voice.store.counts_port import Heard, Outcome, Understanding
from voice.store.live_port import News, What
from voice.store.port import CallId
from voice.store.positions import position

WEDNESDAY = date(2025, 3, 5)
SEMESTER = Heard("start", "set_divert", "SEM")


async def all_news(store, place, limit):
    """Read on until there is nothing new; each position travels as text."""
    while True:
        new = await store.live.after(place, limit)
        for each in new.news:
            yield each
        if not new.news:
            return
        place = position(str(new.position))


class LivePromises:
    """A subclass gives `store`, and `open_again` to open the same one once more."""

    @pytest.mark.parametrize("limit", [1, 3, 200])
    async def test_a_call_is_told_as_it_happens(self, store, open_again, limit):
        await some_calls(store)
        call = replace(call_of(6), caller=None)
        async with open_again() as other:
            place = await other.live.position()
            assert (await other.live.after(place)).news == ()
            await told(store, call, GREETING, outcome=None)
            await store.transcripts.identify(call.id, ANNA.extension)
            await store.transcripts.add(call.id, VACATION)
            await store.transcripts.end(call.id, "ended", NOW)
            happened = [each async for each in all_news(other, place, limit)]
        now = replace(call, caller=ANNA.extension, ended=NOW, outcome="ended")
        assert happened == [
            News(What.BEGAN, now),
            News(What.SPOKE, now, GREETING, 0),
            News(What.IDENTIFIED, now),
            News(What.SPOKE, now, VACATION, 1),
            News(What.ENDED, now),
        ]

    async def test_calls_at_once_are_all_told_each_in_its_order(self, store):
        place, seen = await store.live.position(), []
        talking = asyncio.gather(
            *(
                told(store, call_of(n), *(says(f"{n} {t}") for t in range(5)))
                for n in range(8)
            )
        )
        while True:
            is_over = talking.done()
            new = await store.live.after(place, limit=7)
            seen += [(n.call.id, n.what, n.number) for n in new.news]
            place = new.position
            await asyncio.sleep(0)  # memory never waits, and lets others have a turn
            if is_over and not new.news:
                break
        spoken = [(What.SPOKE, number) for number in range(5)]
        whole = [(What.BEGAN, None), *spoken, (What.ENDED, None)]
        assert len(seen) == 8 * len(whole)
        for call in {id for id, *_ in seen}:
            assert [tuple(rest) for id, *rest in seen if id == call] == whole

    async def test_what_is_erased_is_told_no_more(self, store):
        place = await store.live.position()
        await told(store, call_of(1), VACATION)
        going_on = await told(store, call_of(2), VACATION, outcome=None)
        assert await store.retention.erase_calls(ANNA.extension) == 1
        new = await store.live.after(place)
        assert [(n.what, n.call) for n in new.news] == [
            (What.BEGAN, going_on),
            (What.SPOKE, going_on),
        ]
        await told(store, call_of(3), outcome=None)
        later = await store.live.after(new.position)
        assert [n.call.id for n in later.news] == ["k3"]


class CountPromises:
    """A subclass gives `store`."""

    async def test_a_day_tells_how_well_was_understood(self, store):
        await some_calls(store)
        assert await store.counts.understanding(WEDNESDAY, WEDNESDAY) == (
            Understanding(WEDNESDAY, Heard("start"), 0, 0, 1, 1, 0.1),
            Understanding(WEDNESDAY, SEMESTER, 2, 1, 0, 3, 0.9 + 0.5 + 0.9),
        )
        assert await store.counts.outcomes(WEDNESDAY, WEDNESDAY) == (
            Outcome(WEDNESDAY, "ended", 2),
            Outcome(WEDNESDAY, "hung_up", 2),
        )

    async def test_a_call_is_counted_on_the_swedish_day_that_it_began(self, store):
        night = datetime(2025, 6, 30, 22, 30, tzinfo=UTC)
        await told(store, replace(call_of(1), began=night), VACATION)
        july = date(2025, 7, 1)
        assert await store.counts.outcomes(date.min, date(2025, 6, 30)) == ()
        assert await store.counts.outcomes(july, july) == (Outcome(july, "ended", 1),)
        (counted,) = await store.counts.understanding(july, date.max)
        assert (counted.day, counted.turns, counted.mean) == (july, 1, 0.9)

    async def test_a_call_is_counted_when_it_ends_and_once(self, store):
        await told(store, call_of(1), GUESSED, outcome=None)
        assert await store.counts.outcomes(date.min, date.max) == ()
        for _ in range(2):
            await store.transcripts.end(CallId("k1"), "ended", NOW)
        assert await store.counts.outcomes(date.min, date.max) == (
            Outcome(WEDNESDAY, "ended", 1),
        )
        (counted,) = await store.counts.understanding(date.min, date.max)
        assert (counted.doubtful, counted.turns) == (1, 1)

    async def test_what_nobody_said_is_not_counted(self, store):
        silence = says("", SILENT, 0.1)
        elsewhere = says("ja", '{"command": "yes"}', None, None)
        odd = [says("hej", meaning) for meaning in (None, "", "[]", "ClearDivert")]
        await told(store, call_of(1), GREETING, silence, elsewhere, *odd)
        (counted,) = await store.counts.understanding(date.min, date.max)
        assert counted == Understanding(WEDNESDAY, Heard("", "yes"), 1)
        assert counted.mean is None

    async def test_calls_that_end_at_once_are_all_counted(self, store, open_again):
        said = (VACATION, NOISE, says("lunch", DOUBTFUL, place="reason"))
        async with open_again() as other:
            stores = (store, other) * 5
            await asyncio.gather(
                *(told(each, call_of(n), *said) for n, each in enumerate(stores))
            )
        counted = await store.counts.understanding(date.min, date.max)
        assert [each.turns for each in counted] == [10, 10, 10]
        outcomes = await store.counts.outcomes(date.min, date.max)
        assert outcomes == (Outcome(WEDNESDAY, "ended", 10),)
