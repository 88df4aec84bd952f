"""The promises of any store about the calls it remembers."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_samples import ANNA, CALL, NOW, STRANGER, TURNS, few_examples, texts

from voice.store.port import (
    CallId,
    CallTakenError,
    Turn,
    UnknownCallError,
    Who,
)


class CallPromises:
    """A subclass gives `store`, and `open_again` to open the same one once more."""

    async def test_a_call_can_be_read_while_it_goes_on(self, store, open_again):
        await store.transcripts.begin(CALL)
        async with open_again() as other:
            assert await other.transcripts.turns(CALL.id) == ()
            for count, turn in enumerate(TURNS, 1):
                await store.transcripts.add(CALL.id, turn)
                assert await other.transcripts.turns(CALL.id) == TURNS[:count]
            assert await other.transcripts.calls() == (CALL,)
            end = NOW + timedelta(seconds=9)
            await store.transcripts.end(CALL.id, "obeyed", end)
            ended = replace(CALL, ended=end, outcome="obeyed")
            assert await other.transcripts.calls() == (ended,)
            assert await other.transcripts.turns(CALL.id) == TURNS

    async def test_who_calls_can_become_known_in_a_call(self, store, open_again):
        unknown = replace(CALL, caller=None)
        await store.transcripts.begin(unknown)
        await store.transcripts.identify(CALL.id, ANNA.extension)
        async with open_again() as other:
            known = replace(CALL, caller=ANNA.extension)
            assert await other.transcripts.calls() == (known,)
            theirs = await other.transcripts.calls(extension=ANNA.extension)
            assert theirs == (known,)

    @few_examples
    @given(
        turn=st.builds(
            Turn,
            t=st.floats(0, 1e6),
            who=st.sampled_from(Who),
            text=texts,
            score=st.none() | st.floats(-1e9, 1e9),
            meaning=st.none() | texts,
            event=st.none() | texts,
        ),
    )
    async def test_any_turn_comes_back(self, store, turn):
        call = replace(CALL, id=CallId(f"k{len(await store.transcripts.calls())}"))
        await store.transcripts.begin(call)
        await store.transcripts.add(call.id, turn)
        assert await store.transcripts.turns(call.id) == (turn,)

    async def test_calls_at_once_keep_their_turns_apart(self, store):
        async def talk(name):
            call = replace(CALL, id=CallId(name))
            await store.transcripts.begin(call)
            said = tuple(Turn(t, Who.CALLER, f"{name} {t}") for t in range(5))
            for turn in said:
                await store.transcripts.add(call.id, turn)
            return said == await store.transcripts.turns(call.id)

        assert all(await asyncio.gather(*(talk(str(n)) for n in range(8))))

    async def test_the_latest_calls_come_first(self, store):
        begun = [
            replace(
                CALL,
                id=CallId(f"k{n}"),
                began=NOW + timedelta(minutes=n // 2),
                caller=None if n % 3 else ANNA.extension,
            )
            for n in range(30)
        ]
        for call in begun:
            await store.transcripts.begin(call)
        latest = tuple(begun[::-1])
        assert await store.transcripts.calls(limit=7) == latest[:7]
        assert await store.transcripts.calls() == latest
        annas = tuple(call for call in latest if call.caller == ANNA.extension)
        assert await store.transcripts.calls(3, ANNA.extension) == annas[:3]
        assert await store.transcripts.calls(3, STRANGER) == ()

    async def test_an_earlier_call_begun_later_is_not_the_latest(self, store):
        earlier = replace(CALL, id=CallId("k0"), began=NOW - timedelta(minutes=1))
        for call in (CALL, earlier):
            await store.transcripts.begin(call)
        assert await store.transcripts.calls() == (CALL, earlier)

    async def test_calls_that_nobody_ended_can_be_found(self, store, open_again):
        begun = [
            replace(CALL, id=CallId(f"k{n}"), began=NOW - timedelta(minutes=n // 2))
            for n in range(6)
        ]
        for call in begun:
            await store.transcripts.begin(call)
        await store.transcripts.end(CallId("k3"), "hung_up", NOW)
        left = tuple(begun[n] for n in (4, 5, 2, 0, 1))
        async with open_again() as other:
            assert await other.transcripts.unfinished() == left
            for call in left:
                await other.transcripts.end(call.id, "broken_off", NOW)
        assert await store.transcripts.unfinished() == ()

    async def test_a_call_is_not_begun_twice(self, store):
        await store.transcripts.begin(CALL)
        await store.transcripts.add(CALL.id, TURNS[0])
        with pytest.raises(CallTakenError, match="id of its own"):
            await store.transcripts.begin(replace(CALL, place="3339"))
        assert await store.transcripts.calls() == (CALL,)
        assert await store.transcripts.turns(CALL.id) == TURNS[:1]

    async def test_an_unknown_call_is_told_what_to_do(self, store):
        unknown = CallId("nobody")
        for asked in (
            store.transcripts.add(unknown, TURNS[0]),
            store.transcripts.end(unknown, "obeyed", NOW),
            store.transcripts.identify(unknown, ANNA.extension),
            store.transcripts.turns(unknown),
        ):
            with pytest.raises(UnknownCallError, match="calls list"):
                await asked
