"""The promises of any store about finding calls, and about marks in them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_samples import ANNA, BO, NOW, STRANGER, few_examples, texts
from store_told import (
    DOUBTFUL,
    GREETING,
    GUESSED,
    NOISE,
    SILENT,
    SURE,
    UNCLEAR,
    VACATION,
    call_of,
    says,
    some_calls,
    told,
)

from voice.store.audit_port import ChangesWanted
from voice.store.marks_port import Marked, Misheard
from voice.store.memory import memory_store
from voice.store.port import CallId, UnknownCallError, UnknownTurnError
from voice.store.search_port import CallsWanted, FoundCall

HOSTILE = (
    "' OR 1=1 --",
    '" OR ""="',
    "semester*",
    "NEAR(a b)",
    "-semester",
    "a:b & !c | d",
    "%",
    "_",
    "\\",
    "{{7*7}}",
    "<script>",
    "å\0ä",
    "\ud800",
    "*" * 9999,
)
# Few words, so that what is said and what is sought often meet.
words = st.sampled_from(["semester", "sem", "åsa", "asa", "Åsa", "15", "a-b", "?", ""])
sentences = st.lists(words, max_size=4).map(" ".join)
turns = st.builds(
    says,
    sentences | texts,
    st.sampled_from([SURE, DOUBTFUL, UNCLEAR, SILENT]),
    st.none() | st.sampled_from([0.2, 0.5, 0.9]),
)
calls = st.tuples(
    st.sampled_from([ANNA.extension, BO.extension, None]),
    st.sampled_from(["4949", "3339"]),
    st.integers(0, 3),
    st.sampled_from(["ended", "hung_up", None]),
    st.lists(turns, max_size=3),
)
instants = st.none() | st.integers(0, 4).map(lambda m: NOW + timedelta(minutes=m))
sought = st.builds(
    CallsWanted,
    text=sentences | texts,
    since=instants,
    until=instants,
    extension=st.none() | st.sampled_from([ANNA.extension, STRANGER]),
    place=st.none() | st.sampled_from(["4949", "1234"]),
    at=st.none() | st.sampled_from(["start", "divert"]),
    outcome=st.none() | st.sampled_from(["ended", "failed"]),
    below=st.none() | st.sampled_from([0.2, 0.6]),
    misunderstood=st.booleans(),
    marked=st.booleans(),
    going_on=st.none() | st.booleans(),
)


async def found(store, wanted, after=None, limit=50):
    """Name the calls that a store finds."""
    page = await store.search.find(wanted, after, limit)
    return [each.call.id for each in page.calls]


class SearchPromises:
    """A subclass gives `store`."""

    async def test_calls_are_found_by_what_was_said(self, store):
        await some_calls(store)
        for text, ids in {
            "semester": ["k5", "k3", "k2", "k1"],
            "SEMESTER": ["k5", "k3", "k2", "k1"],
            "måndag": ["k2"],
            "semester till fredag": ["k5", "k3", "k1"],
            "fredag måndag": [],
            "telefonisten, fredag!": ["k5", "k3", "k1"],
            "1530": ["k4"],
            "": ["k5", "k4", "k3", "k2", "k1"],
            "  ": ["k5", "k4", "k3", "k2", "k1"],
        }.items():
            assert await found(store, CallsWanted(text)) == ids, text

    async def test_the_last_word_may_be_unfinished_and_no_other(self, store):
        await some_calls(store)
        assert await found(store, CallsWanted("mån")) == ["k2"]
        assert await found(store, CallsWanted("semester må")) == ["k2"]
        assert await found(store, CallsWanted("sem måndag")) == []

    async def test_a_letter_is_itself_however_it_was_typed(self, store):
        await told(store, call_of(1), says("sök Åsa Öström"))
        await told(store, call_of(2, minutes=1), says("sok Asa Ostrom"))
        assert await found(store, CallsWanted("åsa ÖSTRÖM")) == ["k1"]
        assert await found(store, CallsWanted("A\u030asa")) == ["k1"]
        assert await found(store, CallsWanted("asa")) == ["k2"]

    async def test_a_call_is_found_while_it_goes_on(self, store, open_again):
        await told(store, call_of(1), GREETING, outcome=None)
        async with open_again() as other:
            assert await found(other, CallsWanted("fredag")) == []
            await store.transcripts.add(CallId("k1"), VACATION)
            assert await found(other, CallsWanted("fredag")) == ["k1"]

    @pytest.mark.parametrize("text", HOSTILE)
    async def test_hostile_text_is_only_text(self, store, text):
        await some_calls(store)
        # Some have a word that was said; none is more than its words.
        said = ["k5", "k3", "k2", "k1"] if "semester" in text else []
        assert await found(store, CallsWanted(text)) == said
        assert await found(store, CallsWanted()) == ["k5", "k4", "k3", "k2", "k1"]

    async def test_calls_are_found_by_how_they_went(self, store):
        await some_calls(store)
        for wanted, ids in (
            (CallsWanted(extension=BO.extension), ["k3"]),
            (CallsWanted(place="3339"), ["k4"]),
            (CallsWanted(outcome="hung_up"), ["k3", "k2"]),
            (CallsWanted(at="start"), ["k5", "k3", "k2", "k1"]),
            (CallsWanted(at="divert"), []),
            (CallsWanted(at="start", misunderstood=True), ["k3", "k2"]),
            (CallsWanted(below=0.9), ["k3", "k2"]),
            (CallsWanted(below=0.5), ["k3"]),
            (CallsWanted(misunderstood=True), ["k3", "k2"]),
            (CallsWanted(going_on=True), ["k5"]),
            (CallsWanted(going_on=False), ["k4", "k3", "k2", "k1"]),
            (CallsWanted(since=NOW + timedelta(minutes=2)), ["k5", "k4", "k3"]),
            (CallsWanted(until=NOW + timedelta(minutes=2)), ["k2", "k1"]),
            (CallsWanted("fredag", outcome="hung_up"), ["k3"]),
        ):
            assert await found(store, wanted) == ids, wanted

    async def test_a_call_tells_how_well_its_caller_was_understood(self, store):
        call = await told(store, call_of(1), GREETING, NOISE, GUESSED, VACATION)
        assert await store.search.call(call.id) == FoundCall(call, 4, 1, 1, 0.1)
        silent = says("", SILENT, 0.05)
        alone = await told(store, call_of(2), GREETING, silent)
        assert await store.search.call(alone.id) == FoundCall(alone, 2)

    async def test_pages_follow_each_other_without_gap_or_overlap(self, store):
        for number in range(10):
            call = call_of(number, minutes=number // 3)
            await told(store, call, VACATION if number % 2 else NOISE)
        for wanted in (CallsWanted(), CallsWanted("fredag")):
            every = await found(store, wanted)
            paged, last, more = [], None, True
            while more:
                page = await store.search.find(wanted, last, limit=2)
                paged += [each.call.id for each in page.calls]
                last, more = paged[-1], page.more
            assert paged == every
        assert len(every) == 5
        assert not (await store.search.find(CallsWanted(), limit=10)).more

    async def test_turns_come_in_parts(self, store):
        said = [says(f"tal {number}") for number in range(7)]
        await told(store, call_of(1), *said)
        assert await store.search.turns("k1") == tuple(said)
        assert await store.search.turns("k1", 2, 3) == tuple(said[2:5])
        assert await store.search.turns("k1", 7) == ()

    async def test_a_call_that_is_not_there_is_told_what_to_do(self, store):
        for asked in (
            store.search.call("k9"),
            store.search.turns("k9"),
            store.search.find(CallsWanted(), "k9"),
            store.marks.of("k9"),
            store.marks.put(Misheard("k9", 0, "hjälp", "eva", NOW)),
        ):
            with pytest.raises(UnknownCallError, match="calls list"):
                await asked

    @few_examples
    @given(story=st.lists(calls, max_size=6), wanted=st.lists(sought, max_size=6))
    async def test_every_store_finds_the_same(self, store, story, wanted):
        twin = memory_store()
        before = len(await found(store, CallsWanted(), limit=1000))
        # What earlier examples left began long before.
        for number, (caller, place, minutes, outcome, said) in enumerate(story):
            call = call_of(f"{before}-{number}", caller, place, minutes)
            for each in (twin, store):
                await told(each, call, *said, outcome=outcome)
        mine = f"k{before}-"
        for each in wanted:
            page = await store.search.find(each, limit=1000)
            newest = [c for c in page.calls if c.call.id.startswith(mine)]
            assert newest == list((await twin.search.find(each)).calls)


class MarkPromises:
    """A subclass gives `store`."""

    async def test_a_mark_is_kept_and_replaced_and_taken_away(self, store, open_again):
        call = await told(store, call_of(1), GREETING, NOISE, VACATION)
        noise = Misheard(call.id, 1, "lunch en timme", "eva", NOW)
        greeting = Misheard(call.id, 0, "", "eva", NOW)
        await store.marks.put(replace(noise, said="lunch"))
        for mark in (noise, greeting):
            await store.marks.put(mark)
        async with open_again() as other:
            assert await other.marks.of(call.id) == (greeting, noise)
            assert await other.marks.all() == (
                Marked(greeting, call, GREETING),
                Marked(noise, call, NOISE),
            )
        assert await found(store, CallsWanted(marked=True)) == ["k1"]
        assert (await store.search.call(call.id)).marked == 2
        for _ in range(2):
            await store.marks.remove(call.id, 1, NOW, "eva")
            await store.marks.remove(call.id, 0, NOW, "eva")
        assert await store.marks.of(call.id) == ()
        assert await found(store, CallsWanted(marked=True)) == []

    async def test_the_trail_tells_of_marks_but_not_what_was_said(self, store):
        call = await told(store, call_of(1), NOISE)
        await store.marks.put(Misheard(call.id, 0, "lunch en timme", "eva", NOW))
        await store.marks.remove(call.id, 0, NOW, "bo")
        changes = await store.audit.find(ChangesWanted(subject=call.id))
        trail = [(n.entry.event, n.entry.by, n.entry.detail) for n in changes.changes]
        assert trail == [
            ("MarkRemoved", "bo", "turn 0"),
            ("TurnMarked", "eva", "turn 0"),
        ]
        assert "lunch" not in repr(changes)

    async def test_a_turn_that_is_not_there_is_told_what_to_do(self, store):
        call = await told(store, call_of(1), NOISE)
        for turn in (-1, 1):
            with pytest.raises(UnknownTurnError, match="calls show k1"):
                await store.marks.put(Misheard(call.id, turn, "lunch", "eva", NOW))
        assert await store.marks.all() == ()
