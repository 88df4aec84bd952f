"""The promises of any store about keys of other programs, and those we call."""

import asyncio
from dataclasses import replace
from datetime import UTC, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_samples import ANNA, BO, LUNCH, NOW, STOCKHOLM, adds_one, few_examples, sets

from voice.divert.model import DivertsCleared
from voice.store.access_faults import KeyTakenError, UnknownHookError
from voice.store.hooks_port import Delivery, Hook, Hooked, HookEvent, HookId, Position
from voice.store.keys_port import USED_EVERY, ApiKey, KeySecret, Scope

LATER = NOW + timedelta(minutes=5)
READS = ApiKey("växeln", frozenset({Scope.DIVERTS_READ, Scope.ROUTES_READ}), NOW)
SECRET, WRONG = KeySecret("telefonist_right"), KeySecret("telefonist_wrong")
HOOK = Hook(HookId("h1"), "https://tavla.example.se/in", "s3cret")
for_bo = partial(adds_one, owner=BO.extension)


def clears(divert):
    """Decide to clear one divert whatever stands."""
    return lambda standing: DivertsCleared((divert,))


class KeyPromises:
    """A subclass gives `store`, and `open_again` to open the same one once more."""

    async def test_a_key_is_found_by_its_secret_alone(self, store, open_again):
        expires = replace(READS, expires=LATER.astimezone(STOCKHOLM))
        await store.keys.add(expires, SECRET, NOW, "test")
        async with open_again() as other:
            found = await other.keys.find(SECRET)
            assert found == replace(READS, expires=LATER)
            assert found.expires.tzinfo is UTC
            assert await other.keys.list() == (found,)
            for wrong in (WRONG, "", SECRET[:-1], READS.name, "\udcff"):
                assert await other.keys.find(wrong) is None

    async def test_a_name_is_given_to_one_key(self, store):
        await store.keys.add(READS, SECRET, NOW, "test")
        with pytest.raises(KeyTakenError, match="telefonist key remove växeln"):
            await store.keys.add(READS, WRONG, NOW, "test")
        assert await store.keys.find(WRONG) is None
        for _ in range(2):
            await store.keys.remove(READS.name, NOW, "test")
        assert await store.keys.find(SECRET) is None
        await store.keys.add(READS, WRONG, NOW, "test")
        assert await store.keys.find(WRONG) == READS

    async def test_that_a_key_is_used_is_written_once_an_hour(self, store):
        await store.keys.add(READS, SECRET, NOW, "test")
        second = timedelta(seconds=1)
        for at, last in (
            (NOW, NOW),
            (NOW + USED_EVERY - second, NOW),
            (NOW + USED_EVERY, NOW + USED_EVERY),
        ):
            await store.keys.used(READS.name, at)
            assert (await store.keys.find(SECRET)).last_used == last
        await store.keys.used("nobody", NOW)
        assert len(await store.keys.list()) == 1

    async def test_the_trail_tells_of_keys_and_no_secret(self, store):
        await store.keys.add(READS, SECRET, NOW, "test")
        await store.keys.remove(READS.name, LATER, "test")
        gone, made, *_ = await store.audit.entries()
        assert (made.event, made.subject) == ("KeyAdded", READS.name)
        assert made.detail == "diverts:read routes:read"
        assert (gone.event, gone.subject, gone.at) == ("KeyRemoved", READS.name, LATER)
        assert SECRET not in repr(await store.audit.entries())


class HookPromises:
    """A subclass gives `store`, and `open_again` to open the same one once more."""

    async def test_a_hook_comes_back_and_begins_now(self, store, open_again):
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        some = replace(HOOK, events=frozenset({HookEvent.DIVERT_ENDED}), enabled=False)
        await store.hooks.put(some, NOW, "test")
        async with open_again() as other:
            ((hooked),) = await other.hooks.list()
            assert hooked.hook == some
            assert hooked.delivery.clock == NOW
            assert hooked.delivery == Delivery(hooked.delivery.position, NOW)
            assert (await other.hooks.next_events(HOOK.id, 10)).changes == ()
        assert "s3cret" not in repr(hooked)
        assert "s3cret" not in repr(await store.audit.entries())

    async def test_each_change_of_diverts_is_told_once_and_in_order(
        self, store, open_again
    ):
        await store.hooks.put(HOOK, NOW, "test")
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        await store.directory.put([replace(BO, name="Bosse")], NOW, "test")
        await store.diverts.apply(BO.extension, for_bo, NOW, "web")
        await store.diverts.apply(ANNA.extension, clears(LUNCH), LATER, "keys")
        told = []
        async with open_again() as other:
            while (following := await other.hooks.next_events(HOOK.id, 1)).changes:
                told += following.changes
                reaches = following.reaches
                assert reaches == told[-1].position
                # Until it is delivered the same comes again, as after a restart.
                assert await store.hooks.next_events(HOOK.id, 1) == following
                await store.hooks.delivered(HOOK.id, reaches, NOW)
        whose = [ANNA.extension, BO.extension, ANNA.extension]
        assert [each.extension for each in told] == whose
        assert [each.event for each in told] == ["DivertSet"] * 2 + ["DivertsCleared"]
        assert [each.at for each in told] == [NOW, NOW, LATER]
        assert (told[0].before, told[0].after) == ((), (LUNCH,))
        assert (told[2].before, told[2].after) == ((LUNCH,), ())

    async def test_what_is_nothing_to_a_hook_is_passed_over(self, store):
        await store.hooks.put(HOOK, NOW, "test")
        ((before),) = await store.hooks.list()
        await store.directory.put([replace(BO, name="Bosse")], NOW, "test")
        following = await store.hooks.next_events(HOOK.id, 10)
        assert following.changes == ()
        assert following.reaches > before.delivery.position
        await store.hooks.delivered(HOOK.id, following.reaches, LATER)
        ((after),) = await store.hooks.list()
        assert after.delivery == Delivery(following.reaches, LATER)

    async def test_an_extension_that_goes_is_told_with_its_diverts(self, store):
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        await store.hooks.put(HOOK, NOW, "test")
        await store.directory.remove(ANNA.extension, NOW, "test")
        (gone,) = (await store.hooks.next_events(HOOK.id, 10)).changes
        assert (gone.before, gone.after) == ((LUNCH,), ())

    async def test_failed_tries_are_counted_until_one_goes_well(self, store):
        await store.hooks.put(HOOK, NOW, "test")
        ((hooked),) = await store.hooks.list()
        for tries in (1, 2):
            due = LATER.astimezone(STOCKHOLM)
            await store.hooks.failed(HOOK.id, "answered 500", due)
            ((failing),) = await store.hooks.list()
            expected = replace(
                hooked.delivery, attempts=tries, due=LATER, fault="answered 500"
            )
            assert failing.delivery == expected
        position = hooked.delivery.position
        await store.hooks.delivered(HOOK.id, position, LATER)
        assert await store.hooks.list() == (Hooked(HOOK, Delivery(position, LATER)),)

    async def test_what_is_told_never_goes_back(self, store):
        await store.hooks.put(HOOK, NOW, "test")
        ((hooked),) = await store.hooks.list()
        ahead = Position(hooked.delivery.position + 3)
        await store.hooks.delivered(HOOK.id, ahead, LATER)
        for position, clock in (
            (hooked.delivery.position, LATER),
            (ahead, NOW),
        ):
            await store.hooks.delivered(HOOK.id, position, clock)
            ((after),) = await store.hooks.list()
            assert after.delivery == Delivery(ahead, LATER)

    async def test_a_changed_hook_is_tried_at_once_from_where_it_was(self, store):
        await store.hooks.put(HOOK, NOW, "test")
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        await store.hooks.failed(HOOK.id, "no answer", LATER)
        elsewhere = replace(HOOK, url="https://ny.example.se/in")
        await store.hooks.put(elsewhere, LATER, "test")
        ((hooked),) = await store.hooks.list()
        assert hooked.hook == elsewhere
        assert hooked.delivery == Delivery(hooked.delivery.position, NOW)
        (missed,) = (await store.hooks.next_events(HOOK.id, 10)).changes
        assert missed.after == (LUNCH,)

    async def test_a_hook_that_is_gone_is_not_told_and_not_missed(self, store):
        await store.hooks.put(HOOK, NOW, "test")
        for _ in range(2):
            await store.hooks.remove(HOOK.id, NOW, "test")
        assert await store.hooks.list() == ()
        await store.hooks.delivered(HOOK.id, Position(9), LATER)
        await store.hooks.failed(HOOK.id, "no answer", LATER)
        assert await store.hooks.list() == ()
        with pytest.raises(UnknownHookError, match="telefonist hook list"):
            await store.hooks.next_events(HOOK.id, 10)

    async def test_the_trail_tells_of_hooks_once(self, store):
        for _ in range(2):
            await store.hooks.put(HOOK, NOW, "test")
        await store.hooks.put(replace(HOOK, enabled=False), NOW, "test")
        await store.hooks.remove(HOOK.id, NOW, "test")
        told = [e.event for e in await store.audit.entries() if e.subject == HOOK.id]
        assert told == ["HookRemoved", "HookChanged", "HookAdded"]

    @few_examples
    @given(story=st.lists(st.sampled_from("ab12"), max_size=12))
    async def test_no_story_of_changes_and_restarts_loses_or_doubles_one(
        self, store, open_again, story
    ):
        id = HookId("story")
        await store.hooks.remove(id, NOW, "test")
        await store.hooks.put(replace(HOOK, id=id), NOW, "test")
        done, told = [], []
        for move in (*story, "9"):
            match move:
                case "a" | "b":
                    owner = ANNA if move == "a" else BO
                    decide = partial(adds_one, owner=owner.extension)
                    await store.diverts.apply(owner.extension, decide, NOW, "voice")
                    done.append(owner.extension)
                case limit:
                    async with open_again() as other:
                        following = await other.hooks.next_events(id, int(limit) * 5)
                        told += [each.extension for each in following.changes]
                        await other.hooks.delivered(id, following.reaches, NOW)
        assert told == done

    async def test_changes_of_many_at_once_are_all_told(self, store, open_again):
        await store.hooks.put(HOOK, NOW, "test")
        told = []

        async def listen(other):
            while len(told) < 40:
                following = await other.hooks.next_events(HOOK.id, 7)
                told.extend(following.changes)
                await other.hooks.delivered(HOOK.id, following.reaches, NOW)
                await asyncio.sleep(0)  # the twin in memory waits for nothing

        async with open_again() as other, asyncio.timeout(60):
            changes = (
                store.diverts.apply(owner.extension, decide, NOW, "voice")
                for owner, decide in ((ANNA, adds_one), (BO, for_bo))
                for _ in range(20)
            )
            await asyncio.gather(listen(other), *changes)
        positions = [each.position for each in told]
        assert positions == sorted(set(positions))
        for owner in (ANNA, BO):
            mine = [each for each in told if each.extension == owner.extension]
            assert [len(each.before) for each in mine] == list(range(20))
