"""The promises of any store about one person's data wherever it is, and whose it is."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from store_hooks_contract import HOOK
from store_samples import ANNA, BO, LUNCH, NOW, sets
from store_told import GREETING, VACATION, call_of, says, told

from voice.divert.model import Extension
from voice.store.accounts_port import Account, Login, Role
from voice.store.audit_port import AuditEntry, ChangesWanted
from voice.store.credentials_port import Counted, Tries
from voice.store.marks_port import Misheard
from voice.store.person import accounts_of, erase_person, of_person
from voice.store.repeats_port import Answer, Asked
from voice.store.sessions_port import SessionId

LATER = NOW + timedelta(days=100)
ASA = Account(Login("asa"), frozenset({Role.OPERATOR}), NOW, ANNA.extension)
ASKED = Asked("växeln", "f81d4fae", "0a1b2c")
ANSWER = Answer(200, '{"extension":"1234","outer":"på möte"}', "application/json")
BOS = Answer(200, '{"extension":"2345","outer":"1234"}', "application/json")
HANDS = ("asa", "web: asa", "operator: asa")


async def next_heard(store):
    """Return what a hook is to be told next, as soon as there is anything."""
    while True:
        heard = await store.hooks.next_events(HOOK.id, 10)
        if heard.changes:
            return heard
        # What memory holds is read without ever waiting.
        await asyncio.sleep(0)


class TrailErasedPromises:
    """A subclass gives `store`, and `open_again` to open the same one once more."""

    async def test_old_changes_are_erased_with_one_receipt(self, store, open_again):
        known = await store.audit.find(ChangesWanted())
        for number in range(1200):
            at = NOW + timedelta(seconds=number)
            await store.audit.note(
                AuditEntry(at, BO.extension, "eva", "PinSet", (), ())
            )
        before = NOW + timedelta(seconds=1000)
        erased = await store.retention.erase_changes_before(before, LATER, "gallring")
        assert erased == 1000 + len(known.changes)
        async with open_again() as again:
            found = await again.audit.find(ChangesWanted(), limit=5000)
            receipt, *left = (noted.entry for noted in found.changes)
            assert [each.at for each in left][::-1] == [
                before + timedelta(seconds=number) for number in range(200)
            ]
            assert (receipt.at, receipt.by) == (LATER, "gallring")
            assert (receipt.event, receipt.detail) == (
                "ChangesErased",
                f"{erased} changes",
            )
            assert receipt.subject == f"changes made before {before.isoformat()}"
            assert len(await again.audit.entries(BO.extension, 5000)) == 200

    async def test_where_no_change_is_old_nothing_is_written(self, store):
        trail = await store.audit.entries()
        assert await store.retention.erase_changes_before(NOW, LATER, "gallring") == 0
        assert await store.audit.entries() == trail

    async def test_no_number_of_the_trail_comes_again(self, store):
        last = (await store.audit.find(ChangesWanted(), limit=1)).changes[0].number
        for _ in range(2):
            await store.retention.erase_changes_before(LATER, LATER, "gallring")
            later = (await store.audit.find(ChangesWanted(), limit=1)).changes
            assert len(later) == 1
            assert later[0].number > last
        assert later[0].entry.event == "ChangesErased"

    async def test_hooks_go_on_from_where_they_were(self, store):
        await store.hooks.put(HOOK, NOW, "test")
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        heard = await store.hooks.next_events(HOOK.id, 10)
        await store.hooks.delivered(HOOK.id, heard.reaches, NOW)
        await store.retention.erase_changes_before(LATER, LATER, "gallring")
        assert await store.hooks.known(HOOK.id) == {ANNA.extension: (LUNCH,)}
        await store.directory.remove(ANNA.extension, LATER, "test")
        (gone,) = (await store.hooks.next_events(HOOK.id, 10)).changes
        assert (gone.before, gone.after) == ((LUNCH,), ())


class HeldPromises(TrailErasedPromises):
    """A subclass gives `store`, and `open_again` to open the same one once more."""

    async def test_what_programs_were_answered_of_a_person_goes(
        self, store, open_again
    ):
        other = replace(ASKED, id="other")
        for asked, answer in ((ASKED, ANSWER), (other, replace(BOS, body="{}"))):
            await store.repeats.begin(asked, NOW)
            await store.repeats.answered(asked, answer)
        async with open_again() as again:
            assert await again.repeats.of(ANNA.extension) == (ANSWER,)
            assert (await of_person(again, ANNA.extension)).answers == (ANSWER,)
            await erase_person(store, ANNA.extension, LATER, "eva")
            assert await again.repeats.of(ANNA.extension) == ()
            assert await again.repeats.begin(ASKED, NOW) is None
            assert await again.repeats.begin(other, NOW) is not None

    async def test_no_number_is_taken_for_another_that_it_is_part_of(self, store):
        await store.repeats.begin(ASKED, NOW)
        await store.repeats.answered(ASKED, ANSWER)
        for number in ("123", "234", "12345", "%", "____", ""):
            assert await store.repeats.of(Extension(number)) == ()

    async def test_how_secrets_were_tried_and_who_is_logged_in_is_shown(
        self, store, open_again
    ):
        tries = Tries(2, LATER)
        await store.credentials.put(ANNA.extension, "a hash", NOW, "eva")
        await store.accounts.put(ASA, NOW, "cli")
        await store.passwords.put(ASA.login, "another hash", NOW, "eva")
        for kept, whose in (
            (store.credentials, ANNA.extension),
            (store.passwords, ASA.login),
        ):
            await kept.count(whose, lambda _: Counted(tries), NOW, "eva")
        first = await store.sessions.begin(SessionId("1"), ASA.login, "x", NOW)
        second = await store.sessions.begin(SessionId("2"), ASA.login, "y", LATER)
        async with open_again() as again:
            held = await of_person(again, ANNA.extension)
            assert (held.pin, held.passwords) == (tries, {ASA.login: tries})
            assert held.sessions == (first, second)
            assert "hash" not in repr(held)
            assert await again.sessions.of(Login("nobody")) == ()

    async def test_whoever_did_something_by_any_way_is_nobody_afterwards(
        self, store, open_again
    ):
        await store.accounts.put(ASA, NOW, "cli")
        done = AuditEntry(NOW, BO.extension, "", "ExtensionChanged", (), ())
        for hand in (*HANDS, "web: asanna"):
            await store.audit.note(replace(done, by=hand))
        held = await of_person(store, ANNA.extension)
        assert {each.by for each in held.changes} >= set(HANDS)
        await erase_person(store, ANNA.extension, LATER, "web: eva")
        async with open_again() as again:
            hands = [each.by for each in await again.audit.entries(BO.extension)]
        expected = ["web: asanna", "operator: somebody", "web: somebody", "somebody"]
        assert hands[:4] == expected

    async def test_what_others_wrote_down_as_said_of_a_person_goes(
        self, store, open_again
    ):
        bos = await told(store, call_of(1, BO.extension), says("sök åsa"))
        said = "sök Åsa Öström-Lindqvist"
        await store.marks.put(Misheard(bos.id, 0, said, "eva", NOW))
        held = await of_person(store, ANNA.extension)
        assert [mark.said for mark in held.marks] == [said]
        erased = await erase_person(store, ANNA.extension, LATER, "eva")
        assert erased.mentions == 1
        async with open_again() as again:
            assert [mark.said for mark in await again.marks.of(bos.id)] == ["sök …"]

    async def test_an_account_that_outlived_its_phone_goes_too(self, store, open_again):
        await store.accounts.put(ASA, NOW, "cli")
        await store.accounts.put(replace(ASA, disabled=True), NOW, "cli")
        await store.directory.remove(ANNA.extension, NOW, "import")
        assert [a.login for a in await accounts_of(store, ANNA.extension)] == ["asa"]
        await told(store, call_of(1), VACATION)
        await erase_person(store, ANNA.extension, LATER, "eva")
        async with open_again() as again:
            assert await again.accounts.list() == ()
            trail = await again.audit.entries()
            assert "asa" not in {each.subject for each in trail}

    async def test_an_account_that_was_removed_before_is_told_of_no_more(self, store):
        await store.accounts.put(ASA, NOW, "cli")
        await store.accounts.remove(ASA.login, NOW, "cli")
        await store.audit.note(
            AuditEntry(NOW, BO.extension, "web: asa", "PinSet", (), ())
        )
        await erase_person(store, ANNA.extension, LATER, "eva")
        trail = await store.audit.entries()
        assert "asa" not in {each.subject for each in trail}
        assert "web: asa" not in {each.by for each in trail}

    async def test_whoever_had_the_number_before_keeps_their_account(self, store):
        await store.accounts.put(ASA, NOW, "cli")
        await store.directory.remove(ANNA.extension, NOW, "import")
        await store.directory.add(replace(ANNA, name="Cia Dahl"), LATER, "import")
        assert await accounts_of(store, ANNA.extension) == ()
        await erase_person(store, ANNA.extension, LATER, "eva")
        assert [each.login for each in await store.accounts.list()] == ["asa"]

    async def test_whoever_has_another_number_by_now_keeps_their_account(self, store):
        await store.accounts.put(ASA, NOW, "cli")
        await store.accounts.put(replace(ASA, extension=BO.extension), LATER, "cli")
        assert await accounts_of(store, ANNA.extension) == ()
        await store.accounts.put(replace(ASA, extension=None), LATER, "cli")
        assert await accounts_of(store, ANNA.extension) == ()

    async def test_hooks_hear_that_a_divert_ended_before_that_is_told_no_more(
        self, store
    ):
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        await store.hooks.put(HOOK, NOW, "test")
        erasing = asyncio.create_task(erase_person(store, ANNA.extension, LATER, "eva"))
        async with asyncio.timeout(30):
            heard = await next_heard(store)
            await store.hooks.delivered(HOOK.id, heard.reaches, LATER)
            await erasing
        assert [(c.before, c.after) for c in heard.changes] == [((LUNCH,), ())]
        assert (await store.hooks.next_events(HOOK.id, 10)).changes == ()

    async def test_a_hook_that_does_not_listen_holds_nobody_up(self, store):
        await store.hooks.put(HOOK, NOW, "test")
        await store.hooks.failed(HOOK.id, "no answer", LATER)
        await told(store, call_of(1), GREETING)
        erased = await erase_person(store, ANNA.extension, LATER, "eva")
        assert erased.calls == 1
