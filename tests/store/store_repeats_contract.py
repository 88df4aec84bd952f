"""The promises of any store about questions that come twice, and what hooks know."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_hooks_contract import HOOK, LATER, HookPromises, KeyPromises
from store_samples import (
    ANNA,
    BO,
    LUNCH,
    NOW,
    STOCKHOLM,
    adds_one,
    few_examples,
    sets,
)

from voice.store.access_faults import UnknownHookError
from voice.store.hooks_port import HookId
from voice.store.repeats_port import KEPT_FOR, Answer, Asked, Earlier

ASKED = Asked("växeln", "f81d4fae-7dec", "0a1b2c")
ANSWER = Answer(200, '{"done":"set","outer":"på möte å ä ö"}', "application/json")


class RepeatPromises:
    """A subclass gives `store`, and `open_again` to open the same one once more."""

    async def test_a_question_is_taken_up_once_and_answered_as_before(
        self, store, open_again
    ):
        assert await store.repeats.begin(ASKED, NOW) is None
        async with open_again() as other:
            assert await other.repeats.begin(ASKED, NOW) == Earlier(ASKED, None)
            await store.repeats.answered(ASKED, ANSWER)
            assert await other.repeats.begin(ASKED, NOW) == Earlier(ASKED, ANSWER)

    async def test_an_id_belongs_to_the_key_that_gave_it(self, store):
        await store.repeats.begin(ASKED, NOW)
        assert await store.repeats.begin(replace(ASKED, key="tavlan"), NOW) is None
        other = replace(ASKED, digest="another question")
        assert await store.repeats.begin(other, NOW) == Earlier(ASKED, None)

    async def test_what_is_forgotten_can_be_asked_anew(self, store):
        await store.repeats.begin(ASKED, NOW)
        for _ in range(2):
            await store.repeats.forget(ASKED)
        assert await store.repeats.begin(ASKED, NOW) is None
        nobody = replace(ASKED, id="never asked")
        await store.repeats.answered(nobody, ANSWER)
        assert await store.repeats.begin(nobody, NOW) is None

    async def test_a_question_is_kept_for_a_day(self, store):
        await store.repeats.begin(ASKED, NOW.astimezone(STOCKHOLM))
        await store.repeats.answered(ASKED, ANSWER)
        second = timedelta(seconds=1)
        await store.repeats.sweep(NOW + KEPT_FOR - second)
        assert await store.repeats.begin(ASKED, NOW) == Earlier(ASKED, ANSWER)
        await store.repeats.sweep(NOW + KEPT_FOR)
        assert await store.repeats.begin(ASKED, NOW) is None

    async def test_of_many_that_come_at_once_one_is_taken_up(self, store, open_again):
        async with open_again() as other:
            stores = (store, other) * 10
            taken = await asyncio.gather(*(s.repeats.begin(ASKED, NOW) for s in stores))
        assert taken.count(None) == 1
        assert taken.count(Earlier(ASKED, None)) == 19


class KnownPromises:
    """A subclass gives `store`, and `open_again` to open the same one once more."""

    async def test_a_new_hook_knows_what_stands(self, store):
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        await store.hooks.put(HOOK, NOW, "test")
        assert await store.hooks.known(HOOK.id) == {ANNA.extension: (LUNCH,)}

    async def test_what_has_changed_since_is_known_as_it_was(self, store):
        await store.hooks.put(HOOK, NOW, "test")
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        assert await store.hooks.known(HOOK.id) == {}
        reaches = (await store.hooks.next_events(HOOK.id, 10)).reaches
        await store.hooks.delivered(HOOK.id, reaches, NOW)
        known = {ANNA.extension: (LUNCH,)}
        assert await store.hooks.known(HOOK.id) == known
        await store.directory.remove(ANNA.extension, LATER, "test")
        assert await store.hooks.known(HOOK.id) == known

    async def test_a_hook_that_is_gone_knows_nothing(self, store):
        with pytest.raises(UnknownHookError, match="telefonist hook list"):
            await store.hooks.known(HOOK.id)

    @few_examples
    @given(story=st.lists(st.sampled_from("ab.123"), max_size=12))
    async def test_what_it_knows_and_is_told_next_is_what_stands(self, store, story):
        id = HookId("story")
        await store.hooks.remove(id, NOW, "test")
        await store.hooks.put(replace(HOOK, id=id), NOW, "test")
        for move in story:
            match move:
                case "a" | "b":
                    owner = (ANNA if move == "a" else BO).extension

                    def decide(standing, owner=owner):
                        return adds_one(standing, owner=owner)

                    await store.diverts.apply(owner, decide, NOW, "voice")
                case ".":
                    await store.directory.put([replace(BO, name="B")], NOW, "test")
                case limit:
                    following = await store.hooks.next_events(id, int(limit))
                    await store.hooks.delivered(id, following.reaches, NOW)
        known = dict(await store.hooks.known(id))
        for change in (await store.hooks.next_events(id, 100)).changes:
            assert known.get(change.extension, ()) == change.before
            known[change.extension] = change.after
        everyone = await store.diverts.everyone()
        stands = {one: standing.diverts for one, standing in everyone.items()}
        assert {one: there for one, there in known.items() if there} == {
            one: there for one, there in stands.items() if there
        }


class DivertedPromises:
    """A subclass gives `store`."""

    async def test_those_are_found_on_whom_anything_stands_or_is_to_come(self, store):
        assert await store.diverts.diverted(NOW) == ()
        await store.diverts.apply(BO.extension, sets(of_bo(LUNCH)), NOW, "voice")
        later = replace(LUNCH, start=LATER, until=LATER + timedelta(hours=1))
        await store.diverts.apply(ANNA.extension, sets(later), NOW, "web")
        both = (ANNA.extension, BO.extension)
        assert await store.diverts.diverted(NOW.astimezone(STOCKHOLM)) == both
        assert await store.diverts.diverted(NOW, limit=1) == both[:1]
        assert await store.diverts.diverted(NOW, ANNA.extension) == both[1:]
        assert await store.diverts.diverted(NOW, BO.extension) == ()

    async def test_what_is_over_or_opened_stands_no_more(self, store):
        opened = replace(LUNCH, opened=True)
        await store.diverts.apply(ANNA.extension, sets(opened), NOW, "web")
        await store.diverts.apply(BO.extension, sets(of_bo(LUNCH)), NOW, "voice")
        mine = (BO.extension,)
        second = timedelta(seconds=1)
        assert await store.diverts.diverted(LUNCH.until - second) == mine
        assert await store.diverts.diverted(LUNCH.until) == ()
        endless = replace(of_bo(LUNCH), until=None)
        await store.diverts.apply(BO.extension, sets(endless), NOW, "voice")
        assert await store.diverts.diverted(LUNCH.until) == mine


def of_bo(divert):
    return replace(divert, extension=BO.extension)


class ToldPromises(HookPromises, KnownPromises, DivertedPromises):
    """What others are told of diverts."""


class ProgramPromises(KeyPromises, ToldPromises, RepeatPromises):
    """What other programs may ask, and whom we call."""
