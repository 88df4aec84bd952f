"""The promises of any store about letting go, and about its trail."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from store_samples import ANNA, BO, LUNCH, NOW, STRANGER, sets
from store_told import GREETING, VACATION, call_of, says, some_calls, told

from voice.divert.model import Extension
from voice.store.accounts_port import Account, Login, Role
from voice.store.audit_port import AuditEntry, ChangesWanted
from voice.store.credentials_port import Tries
from voice.store.links_port import Link, LinkKind
from voice.store.marks_port import Misheard
from voice.store.person import Erased, Transcript, erase_person, of_person
from voice.store.port import CallGoingOnError, UnknownExtensionError
from voice.store.retention_port import Named
from voice.store.search_port import CallsWanted

LATER = NOW + timedelta(days=100)
SETTINGS = AuditEntry(
    NOW, Extension(""), "eva", "SettingsChanged", (), (), "retention", "90 -> 30 days"
)
SEEK = '{"command": "seek", "extension": "1234"}'
EVA = Account(Login("eva"), frozenset({Role.OPERATOR}), NOW)
ASA = Account(Login("asa"), frozenset({Role.PERSON}), NOW, ANNA.extension)


async def ids(store):
    """Name the calls that are left."""
    return [call.id for call in (await store.transcripts.calls())[::-1]]


class RetentionPromises:
    """A subclass gives `store`, and `open_again` to open the same one once more."""

    async def test_old_calls_are_erased_with_one_receipt(self, store, open_again):
        calls = await some_calls(store)
        await store.marks.put(Misheard(calls[0].id, 0, "lunch", "eva", NOW))
        before = calls[2].ended
        assert await store.retention.erasable(before) == 2
        assert await store.retention.erase_before(before, LATER, "gallring") == 2
        async with open_again() as other:
            assert await ids(other) == ["k3", "k4", "k5"]
            assert await other.marks.all() == ()
            page = await other.search.find(CallsWanted("måndag"))
            assert page.calls == ()
            found = await other.audit.find(ChangesWanted(event="CallsErased"))
        (receipt,) = (noted.entry for noted in found.changes)
        assert (receipt.at, receipt.by, receipt.detail) == (
            LATER,
            "gallring",
            "2 calls",
        )
        assert receipt.subject == f"calls that ended before {before.isoformat()}"

    async def test_where_nothing_is_old_nothing_is_written(self, store):
        await some_calls(store)
        trail = await store.audit.entries()
        assert await store.retention.erase_before(NOW, LATER, "gallring") == 0
        assert await store.audit.entries() == trail

    async def test_a_call_that_goes_on_is_never_erased(self, store):
        await some_calls(store)
        assert await store.retention.erase_before(LATER, LATER, "gallring") == 4
        assert await ids(store) == ["k5"]
        await store.transcripts.add("k5", VACATION)
        await store.transcripts.end("k5", "ended", LATER)

    async def test_many_are_erased_and_counted_in_one_receipt(self, store):
        for number in range(60):
            await told(store, call_of(number), VACATION)
        counted = await store.counts.understanding(date.min, date.max)
        assert await store.retention.erase_before(LATER, LATER, "gallring") == 60
        (noted,) = (await store.audit.find(ChangesWanted(event="CallsErased"))).changes
        assert noted.entry.detail == "60 calls"
        # What was counted tells of nobody, and stays.
        assert await store.counts.understanding(date.min, date.max) == counted

    async def test_the_same_call_may_come_again_after_it_was_erased(self, store):
        await told(store, call_of(1), VACATION)
        await store.retention.erase_before(LATER, LATER, "gallring")
        again = await told(store, call_of(1), GREETING)
        assert await store.transcripts.calls() == (again,)
        assert (await store.search.find(CallsWanted("fredag"))).calls == ()


class PersonPromises:
    """A subclass gives `store`, and `open_again` to open the same one once more."""

    @pytest.fixture
    async def known(self, store):
        """Everything that can be known of Åsa, and a call in which she is sought."""
        asa = replace(ANNA, mobiles=("+46701234567",))
        await store.directory.put([asa], NOW, "eva")
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        link = Link(ANNA.extension, LinkKind.GOOGLE, "asa@example.se")
        await store.links.put(link, NOW, "eva")
        await store.credentials.put(ANNA.extension, "a hash", NOW, "eva")
        for account in (EVA, ASA):
            await store.accounts.put(account, NOW, "cli")
        calls = [
            await told(store, call_of(1), VACATION),
            await told(store, call_of(2, None, ANNA.extension, 1), GREETING),
        ]
        seek = says("sök åsa öström-lindqvist", SEEK)
        found = replace(GREETING, text="Åsa Öström-Lindqvists telefon är stängd.")
        bos = call_of(3, BO.extension, minutes=2)
        await told(store, bos, seek, says("hej åsa"))
        await told(store, call_of(4, BO.extension, minutes=3), found)
        await store.marks.put(Misheard(calls[0].id, 0, "lunch", "asa", NOW))
        return asa, link, calls

    async def test_all_that_is_held_on_a_person_is_shown(self, store, known):
        asa, link, calls = known
        held = await of_person(store, ANNA.extension)
        assert held.listing == asa
        assert held.standing.diverts == (LUNCH,)
        assert held.link is not None
        assert held.link.link == link
        assert held.pin == Tries()
        assert held.accounts == (ASA,)
        mark = Misheard("k1", 0, "lunch", "asa", NOW)
        assert held.calls == (
            Transcript(calls[0], (VACATION,), (mark,)),
            Transcript(calls[1], (GREETING,), ()),
        )
        assert [(m.call.id, m.turn.text[:7]) for m in held.mentions] == [
            ("k3", "sök åsa"),
            ("k4", "Åsa Öst"),
        ]
        events = {change.event for change in held.changes}
        assert events >= {"PinSet", "DivertSet", "CalendarLinked", "AccountAdded"}
        assert "TurnMarked" in events
        assert "a hash" not in repr(held)

    async def test_of_a_stranger_nothing_is_held(self, store):
        held = await of_person(store, STRANGER)
        assert (held.listing, held.calls, held.changes) == (None, (), ())
        with pytest.raises(UnknownExtensionError):
            await erase_person(store, STRANGER, NOW, "eva")

    async def test_a_person_is_erased_and_others_are_not(
        self, store, known, open_again
    ):
        erased = await erase_person(store, ANNA.extension, LATER, "eva")
        assert (erased.calls, erased.mentions) == (2, 2)
        async with open_again() as other:
            held = await of_person(other, ANNA.extension)
            assert held.listing is None
            assert (held.calls, held.mentions, held.accounts) == ((), (), ())
            (receipt,) = held.changes
            assert receipt == AuditEntry(
                LATER,
                ANNA.extension,
                "eva",
                "PersonErased",
                (),
                (),
                detail="2 calls, 2 mentions",
            )
            sought, greeted = await other.transcripts.turns("k3")
            (found,) = await other.transcripts.turns("k4")
            texts = [turn.text for turn in (sought, greeted, found)]
            assert texts == ["sök …", "hej åsa", "… telefon är stängd."]
            assert "1234" not in f"{sought}"
            assert await other.directory.list() == (BO,)
            assert await other.accounts.list() == (EVA,)
            for text in ("öström", "lindqvist", "fredag"):
                page = await other.search.find(CallsWanted(text))
                assert page.calls == (), text
            assert len((await other.search.find(CallsWanted("stängd"))).calls) == 1

    async def test_the_trail_keeps_what_happened_and_not_to_whom(self, store, known):
        before = await store.audit.entries()
        erased = await erase_person(store, ANNA.extension, LATER, "eva")
        after = (await store.audit.entries())[::-1]
        kept = after[: len(before)]
        assert [e.event for e in kept] == [e.event for e in before[::-1]]
        assert [e.at for e in kept] == [e.at for e in before[::-1]]
        about = [e for e in after if e.extension == ANNA.extension]
        assert [e.event for e in about] == ["PersonErased"]
        assert "asa" not in {e.by for e in after} | {e.subject for e in after}
        assert not any(e.before or e.after for e in after if e.extension != "2345")
        assert erased.changes > 5

    async def test_it_can_be_done_again_and_does_the_rest(self, store, known):
        await store.directory.remove(ANNA.extension, NOW, "eva")
        erased = await erase_person(store, ANNA.extension, LATER, "eva")
        assert erased.calls == 2
        again = await erase_person(store, ANNA.extension, LATER, "eva")
        assert again == Erased(0, 0, 1)

    async def test_nobody_is_erased_in_the_middle_of_a_call(self, store, known):
        await told(store, call_of(9), GREETING, outcome=None)
        with pytest.raises(CallGoingOnError, match="k9 still goes on"):
            await erase_person(store, ANNA.extension, LATER, "eva")
        assert len((await of_person(store, ANNA.extension)).calls) == 3
        assert await store.directory.find(ANNA.extension)

    async def test_who_is_meant_by_number_is_struck_out_too(self, store):
        await told(store, call_of(1, BO.extension), says("sök", SEEK))
        await told(store, call_of(2, BO.extension), says("sök", SEEK[:-1]))
        named = Named(ANNA.extension)
        assert [m.call.id for m in await store.retention.mentions(named)] == ["k1"]
        assert await store.retention.forget_mentions(named) == 1
        assert await store.retention.mentions(named) == ()


class TrailPromises:
    """A subclass gives `store`, and `open_again` to open the same one once more."""

    async def test_what_concerns_no_extension_is_on_the_trail(self, store, open_again):
        await store.audit.note(SETTINGS)
        async with open_again() as other:
            assert (await other.audit.entries(limit=1)) == (SETTINGS,)
            nobodys = await other.audit.find(ChangesWanted(Extension("")))
            assert [noted.entry for noted in nobodys.changes] == [SETTINGS]

    async def test_the_trail_can_be_searched(self, store):
        await store.diverts.apply(ANNA.extension, sets(LUNCH), LATER, "voice")
        await store.audit.note(SETTINGS)
        for wanted, events in (
            (ChangesWanted(BO.extension), ["ExtensionAdded"]),
            (ChangesWanted(ANNA.extension), ["DivertSet", "ExtensionAdded"]),
            (ChangesWanted(by="voice"), ["DivertSet"]),
            (ChangesWanted(event="SettingsChanged"), ["SettingsChanged"]),
            (ChangesWanted(subject="retention"), ["SettingsChanged"]),
            (ChangesWanted(since=LATER), ["DivertSet"]),
            (ChangesWanted(until=LATER, by="eva"), ["SettingsChanged"]),
            (ChangesWanted(by="nobody"), []),
        ):
            found = await store.audit.find(wanted)
            assert [n.entry.event for n in found.changes] == events, wanted
            assert not found.more

    async def test_changes_are_found_by_a_mouth_or_a_person_alone(self, store):
        for by in ("web: eva", "web", "operator: eva", "eva", "web: neva", "Web: Eva"):
            await store.audit.note(replace(SETTINGS, by=by))
        for hand, those in (
            ("web", ["web: neva", "web", "web: eva"]),
            ("eva", ["eva", "operator: eva", "web: eva"]),
            ("web: eva", ["web: eva"]),
            ("e%a", []),
            ("ev_", []),
            ("a", []),
        ):
            found = await store.audit.find(ChangesWanted(hand=hand))
            assert [n.entry.by for n in found.changes] == those, hand

    async def test_pages_of_the_trail_follow_each_other(self, store):
        for number in range(7):
            await store.audit.note(replace(SETTINGS, detail=str(number)))
        every = await store.audit.entries()
        paged, last, more = [], None, True
        while more:
            found = await store.audit.find(ChangesWanted(), last, limit=3)
            paged += [noted.entry for noted in found.changes]
            last, more = found.changes[-1].number, found.more
        assert tuple(paged) == every
