"""The promises of any store about who people are: mobiles, words, and PINs."""

import asyncio
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_samples import ANNA, BO, LUNCH, NOW, STOCKHOLM, STRANGER, few_examples, sets

from voice.divert.model import Extension
from voice.store.credentials_port import Counted, Credential, Tries
from voice.store.port import (
    MailTakenError,
    MobileTakenError,
    UnknownExtensionError,
)

MOBILE, OTHER = "+46701234567", "+46737654321"
MAIL = "anna.berg@example.se"
HASH = "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA"
LATER = NOW + timedelta(minutes=5)
words = st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=3)
numbers = st.lists(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True), max_size=3)


def one_more(tries):
    """Count a wrong try."""
    return Counted(Tries(tries.wrong + 1))


class PeoplePromises:
    """A subclass gives `store`, and `open_again` to open the same one once more."""

    async def test_what_stands_on_some_leaves_strangers_out(self, store):
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        found = await store.diverts.of([STRANGER, ANNA.extension])
        assert found == {ANNA.extension: await store.diverts.standing(ANNA.extension)}
        assert found[ANNA.extension].diverts == (LUNCH,)
        assert await store.diverts.of([]) == {}

    async def test_a_mobile_tells_whose_it_is(self, store, open_again):
        await store.directory.put([replace(ANNA, mobiles=(MOBILE, OTHER))], NOW, "test")
        async with open_again() as other:
            for mobile in (MOBILE, OTHER):
                assert await other.directory.holder(mobile) == ANNA.extension
            assert await other.directory.holder("+46701234568") is None
            assert await other.directory.holder("") is None

    @few_examples
    @given(mobiles=numbers, search=words)
    async def test_mobiles_and_words_come_back_in_their_order(
        self, store, mobiles, search
    ):
        listed = replace(BO, mobiles=tuple(mobiles), search=tuple(search))
        await store.directory.put([listed], NOW, "test")
        once = replace(
            BO,
            mobiles=tuple(dict.fromkeys(mobiles)),
            search=tuple(dict.fromkeys(search)),
        )
        assert await store.directory.find(BO.extension) == once
        assert await store.directory.list() == (ANNA, once)
        trail = await store.audit.entries()
        await store.directory.put([listed], NOW, "test")
        assert await store.audit.entries() == trail

    async def test_a_mobile_is_not_tied_to_two(self, store):
        anna = replace(ANNA, mobiles=(MOBILE,))
        await store.directory.put([anna], NOW, "test")
        before = await store.directory.list(), await store.audit.entries()
        new = replace(BO, extension=Extension("3456"), mobiles=(OTHER, MOBILE))
        same = "both 1234 and 3456: leave it with one, .*telefonist extension change"
        for taking in (
            store.directory.add(new, NOW, "test"),
            store.directory.put([replace(anna, name="A"), new], NOW, "test"),
        ):
            with pytest.raises(MobileTakenError, match=same):
                await taking
        assert (await store.directory.list(), await store.audit.entries()) == before
        assert await store.directory.holder(OTHER) is None

    async def test_two_can_change_mobiles_with_each_other(self, store):
        of_each = [replace(ANNA, mobiles=(MOBILE,)), replace(BO, mobiles=(OTHER,))]
        await store.directory.put(of_each, NOW, "test")
        changed = [replace(ANNA, mobiles=(OTHER,)), replace(BO, mobiles=(MOBILE,))]
        await store.directory.put(changed, NOW, "test")
        assert await store.directory.list() == tuple(changed)
        assert await store.directory.holder(MOBILE) == BO.extension

    async def test_a_mobile_goes_when_its_owner_leaves(self, store):
        await store.directory.put([replace(ANNA, mobiles=(MOBILE,))], NOW, "test")
        await store.directory.remove(ANNA.extension, NOW, "test")
        assert await store.directory.holder(MOBILE) is None
        await store.directory.put([replace(BO, mobiles=(MOBILE,))], NOW, "test")
        assert await store.directory.holder(MOBILE) == BO.extension

    async def test_a_mail_address_tells_whose_it_is_however_it_is_written(
        self, store, open_again
    ):
        await store.directory.put([replace(ANNA, mail=MAIL)], NOW, "test")
        async with open_again() as other:
            assert (await other.directory.find(ANNA.extension)).mail == MAIL
            for written in (MAIL, MAIL.upper()):
                assert await other.directory.holder(written) == ANNA.extension
            for other_mail in ("bo@example.se", "@", ""):
                assert await other.directory.holder(other_mail) is None

    async def test_a_mail_address_is_not_tied_to_two_but_can_change_hands(self, store):
        anna, bo = replace(ANNA, mail=MAIL), replace(BO, mail="bo@example.se")
        await store.directory.put([anna, bo], NOW, "test")
        trail = await store.audit.entries()
        with pytest.raises(MailTakenError, match="the mail of both 1234 and 2345"):
            await store.directory.put([replace(BO, mail=MAIL)], NOW, "test")
        assert await store.directory.list() == (anna, bo)
        assert await store.audit.entries() == trail
        changed = (replace(ANNA, mail=bo.mail), replace(BO, mail=MAIL))
        await store.directory.put(changed, NOW, "test")
        assert await store.directory.list() == changed

    @pytest.mark.parametrize("mail", ["Anna@example.se", "anna", "a b@c.se", "@b.se"])
    async def test_a_mail_address_that_is_not_in_its_form_is_a_fault(self, store, mail):
        with pytest.raises(ValueError, match="normal form"):
            await store.directory.put([replace(BO, mail=mail)], NOW, "test")
        assert await store.directory.list() == (ANNA, BO)

    async def test_some_come_as_others_go_or_nothing_happens(self, store):
        anna = replace(ANNA, mail=MAIL, mobiles=(MOBILE,))
        await store.directory.put([anna], NOW, "test")
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        new = replace(anna, extension=Extension("3456"))
        before = await store.directory.list(), await store.audit.entries()
        for gone, fault in (
            ({BO.extension}, MobileTakenError),
            ({ANNA.extension, STRANGER}, UnknownExtensionError),
        ):
            with pytest.raises(fault):
                await store.directory.put([new], NOW, "test", gone)
        assert (await store.directory.list(), await store.audit.entries()) == before
        await store.directory.put([new], NOW, "test", {ANNA.extension})
        assert await store.directory.list() == (BO, new)
        assert await store.directory.holder(MAIL) == new.extension
        added, removed, *_ = await store.audit.entries()
        assert (added.event, removed.event) == ("ExtensionAdded", "ExtensionRemoved")
        assert (removed.before, removed.after) == ((LUNCH,), ())

    @pytest.mark.parametrize("mobile", ["0701234567", "+46 701234567", "", "+0701234"])
    async def test_a_mobile_that_is_not_in_its_form_is_a_fault(self, store, mobile):
        with pytest.raises(ValueError, match="normal form"):
            await store.directory.put([replace(BO, mobiles=(mobile,))], NOW, "test")
        assert await store.directory.list() == (ANNA, BO)

    async def test_the_revision_grows_with_what_people_are_called(
        self, store, open_again
    ):
        new = replace(BO, extension=Extension("3456"))
        async with open_again() as other:
            for changing in (
                store.directory.put([replace(ANNA, name="Anna Ek"), BO], NOW, "test"),
                store.directory.put([replace(ANNA, unit="Vård")], NOW, "test"),
                store.directory.put([replace(BO, search=("Bosse",))], NOW, "test"),
                store.directory.add(new, NOW, "test"),
                store.directory.remove(new.extension, NOW, "test"),
            ):
                before = [
                    await other.directory.revision(each) for each in (False, True)
                ]
                await changing
                assert await other.directory.revision() > before[0]
                assert await other.directory.revision(whole=True) > before[1]

    async def test_the_revision_is_left_by_all_else(self, store):
        before, whole = [await store.directory.revision(each) for each in (False, True)]
        await store.directory.put([ANNA, BO], NOW, "test")
        coupled = replace(ANNA, coupled=True, mobiles=(MOBILE,))
        await store.directory.put([coupled], NOW, "test")
        assert await store.directory.revision(whole=True) > whole
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        await store.credentials.put(ANNA.extension, HASH, NOW, "test")
        with pytest.raises(UnknownExtensionError):
            await store.directory.remove(STRANGER, NOW, "test")
        assert await store.directory.revision() == before

    async def test_nobody_has_a_pin_that_was_not_given_one(self, store):
        for extension in (ANNA.extension, STRANGER):
            assert await store.credentials.find(extension) is None
            tried = store.credentials.count(extension, one_more, NOW, "test")
            assert await tried is None
        assert len(await store.audit.entries()) == 2

    async def test_a_pin_is_kept_and_replaced_and_forgotten(self, store, open_again):
        await store.credentials.put(ANNA.extension, "old", NOW, "test")
        await store.credentials.count(ANNA.extension, one_more, NOW, "test")
        async with open_again() as other:
            await other.credentials.put(ANNA.extension, HASH, NOW, "test")
            assert await store.credentials.find(ANNA.extension) == Credential(HASH)
            assert await store.credentials.find(BO.extension) is None
            for _ in range(2):
                await other.credentials.remove(ANNA.extension, NOW, "test")
        assert await store.credentials.find(ANNA.extension) is None

    async def test_the_trail_tells_of_pins_and_what_stood(self, store):
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        await store.credentials.put(ANNA.extension, HASH, NOW, "test")
        await store.credentials.count(
            ANNA.extension, lambda _: Counted(Tries(5, LATER), "PinLocked"), NOW, "pin"
        )
        for _ in range(2):
            await store.credentials.remove(ANNA.extension, LATER, "test")
        entries = await store.audit.entries(ANNA.extension, limit=3)
        told = [(each.at, each.by, each.event) for each in entries]
        assert told == [
            (LATER, "test", "PinRemoved"),
            (NOW, "pin", "PinLocked"),
            (NOW, "test", "PinSet"),
        ]
        assert {each.before for each in entries} == {(LUNCH,)}
        assert {each.after for each in entries} == {(LUNCH,)}
        assert HASH not in repr(await store.audit.entries())

    async def test_tries_come_back_and_are_shown_to_the_next(self, store, open_again):
        await store.credentials.put(ANNA.extension, HASH, NOW, "test")
        locked = Tries(7, LATER.astimezone(STOCKHOLM))
        before = await store.credentials.count(
            ANNA.extension, lambda _: Counted(locked), NOW, "test"
        )
        assert before == Credential(HASH)
        shown = []
        async with open_again() as other:
            await other.credentials.count(
                ANNA.extension,
                lambda tries: shown.append(tries) or Counted(Tries()),
                NOW,
                "test",
            )
        assert shown == [locked]
        assert shown[0].locked_until.tzinfo is UTC
        assert await store.credentials.find(ANNA.extension) == Credential(HASH)

    async def test_tries_at_once_are_counted_one_after_the_other(
        self, store, open_again
    ):
        await store.credentials.put(ANNA.extension, HASH, NOW, "test")
        async with open_again() as other:
            before = await asyncio.gather(
                *(
                    either.credentials.count(ANNA.extension, one_more, NOW, "test")
                    for either in (store, other) * 10
                )
            )
        assert sorted(each.tries.wrong for each in before) == list(range(20))
        kept = await store.credentials.find(ANNA.extension)
        assert kept == Credential(HASH, Tries(20))

    async def test_counting_that_fails_changes_nothing(self, store):
        await store.credentials.put(ANNA.extension, HASH, NOW, "test")
        trail = await store.audit.entries()

        def fail(tries):
            raise ZeroDivisionError("counted badly")

        def without_zone(tries):
            return Counted(Tries(5, LATER.replace(tzinfo=None)), "PinLocked")

        for count, fault in ((fail, ZeroDivisionError), (without_zone, ValueError)):
            with pytest.raises(fault):
                await store.credentials.count(ANNA.extension, count, NOW, "test")
        assert await store.credentials.find(ANNA.extension) == Credential(HASH)
        assert await store.audit.entries() == trail

    async def test_one_who_leaves_takes_the_pin_along(self, store):
        await store.credentials.put(ANNA.extension, HASH, NOW, "test")
        await store.directory.remove(ANNA.extension, NOW, "test")
        assert await store.credentials.find(ANNA.extension) is None
        await store.directory.add(ANNA, NOW, "test")
        assert await store.credentials.find(ANNA.extension) is None

    async def test_a_pin_of_a_stranger_is_told_what_to_do(self, store):
        for asked in (
            store.credentials.put(STRANGER, HASH, NOW, "test"),
            store.credentials.remove(STRANGER, NOW, "test"),
        ):
            with pytest.raises(UnknownExtensionError, match="extension add 9999"):
                await asked

    async def test_a_hash_is_not_shown(self, store):
        await store.credentials.put(ANNA.extension, HASH, NOW, "test")
        kept = await store.credentials.find(ANNA.extension)
        assert kept.hash == HASH
        assert HASH not in repr(kept)
