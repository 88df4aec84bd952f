"""The promises of any store, kept by every twin."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_access_contract import AccountPromises, SessionPromises
from store_calls_contract import CallPromises
from store_checks_contract import CheckPromises
from store_held_contract import HeldPromises
from store_leases_contract import LeasePromises
from store_links_contract import LinkPromises
from store_live_contract import CountPromises, LivePromises
from store_people_contract import PeoplePromises
from store_repeats_contract import ProgramPromises
from store_retention_contract import PersonPromises, RetentionPromises, TrailPromises
from store_samples import (
    ANNA,
    BO,
    CALL,
    LUNCH,
    NOW,
    STOCKHOLM,
    STRANGER,
    adds_one,
    diverts,
    few_examples,
    instants,
    sets,
    some_diverts,
)
from store_search_contract import MarkPromises, SearchPromises

from voice.divert.model import (
    CalendarFollowed,
    Change,
    ChangeUndone,
    DivertsCleared,
    DivertSet,
    Refused,
    Source,
    Standing,
)
from voice.store.port import (
    AuditEntry,
    ExtensionTakenError,
    UnknownExtensionError,
)
from voice.store.values import standing_in_utc


class AccessPromises(AccountPromises, SessionPromises, CheckPromises, ProgramPromises):
    """Who may log in, what other programs may ask, and whom we call."""


class ReadingPromises(SearchPromises, MarkPromises, LivePromises, CountPromises):
    """What can be read of calls."""


class LettingGoPromises(RetentionPromises, PersonPromises, HeldPromises, TrailPromises):
    """What is let go of, and what the trail tells of it."""


class StorePromises(
    CallPromises,
    PeoplePromises,
    LinkPromises,
    LeasePromises,
    AccessPromises,
    ReadingPromises,
    LettingGoPromises,
):
    """A subclass gives `store`, and `open_again` to open the same one once more."""

    @pytest.fixture(autouse=True)
    async def _known_people(self, store):
        await store.directory.put([ANNA, BO], NOW, "test")

    async def test_what_is_set_comes_back_equal(self, store):
        event = await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        assert event == DivertSet(LUNCH)
        stands = Standing((LUNCH,), Change(NOW, gone=(), new=(LUNCH,)))
        assert await store.diverts.standing(ANNA.extension) == stands

    async def test_decide_is_shown_what_stands(self, store):
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        shown = []

        def look(standing):
            shown.append(standing)
            return Refused("nothing_to_clear")

        await store.diverts.apply(ANNA.extension, look, NOW, "voice")
        assert shown == [await store.diverts.standing(ANNA.extension)]

    @few_examples
    @given(story=st.tuples(some_diverts, diverts, some_diverts, instants))
    async def test_any_standing_comes_back(self, store, open_again, story):
        booked, spoken, replaced, at = story
        early = datetime(2019, 1, 1, tzinfo=UTC)
        await store.directory.remove(ANNA.extension, NOW, "test")
        await store.directory.add(ANNA, NOW, "test")
        events = (CalendarFollowed(gone=(), new=booked), DivertSet(spoken, replaced))
        for event, now in zip(events, (early, at), strict=True):
            await store.diverts.apply(
                ANNA.extension, lambda _, event=event: event, now, "test"
            )
        stands = await store.diverts.standing(ANNA.extension)
        assert (
            stands.last
            == standing_in_utc(Standing((), Change(at, replaced, (spoken,)))).last
        )
        async with open_again() as other:
            assert await other.diverts.standing(ANNA.extension) == stands

    @pytest.mark.parametrize(
        "wall",
        [
            datetime(2025, 3, 30, 1, 59, 59, 999999, STOCKHOLM),
            datetime(2025, 3, 30, 3, tzinfo=STOCKHOLM),
            datetime(2025, 10, 26, 2, 30, tzinfo=STOCKHOLM, fold=0),
            datetime(2025, 10, 26, 2, 30, tzinfo=STOCKHOLM, fold=1),
        ],
    )
    async def test_nights_when_the_clocks_change(self, store, open_again, wall):
        night = replace(LUNCH, start=wall, until=None, set_at=wall)
        await store.diverts.apply(ANNA.extension, sets(night), wall, "voice")
        async with open_again() as other:
            stands = await other.diverts.standing(ANNA.extension)
        instants = [stands.diverts[0].start, stands.diverts[0].set_at, stands.last.at]
        assert instants == [wall.astimezone(UTC)] * 3
        assert {instant.tzinfo for instant in instants} == {UTC}

    async def test_an_instant_without_zone_is_refused(self, store):
        naive = replace(LUNCH, start=NOW.replace(tzinfo=None))
        with pytest.raises(ValueError, match="zone"):
            await store.diverts.apply(ANNA.extension, sets(naive), NOW, "voice")
        assert await store.diverts.standing(ANNA.extension) == Standing()

    async def test_a_divert_is_not_kept_on_another_extension(self, store):
        with pytest.raises(ValueError, match="belongs to"):
            await store.diverts.apply(BO.extension, sets(LUNCH), NOW, "voice")
        assert set((await store.diverts.everyone()).values()) == {Standing()}

    async def test_undo_survives_reopening(self, store, open_again):
        later = NOW + timedelta(minutes=1)
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        clear = DivertsCleared((LUNCH,))
        await store.diverts.apply(ANNA.extension, lambda _: clear, later, "voice")
        async with open_again() as other:
            last = (await other.diverts.standing(ANNA.extension)).last
            assert last == Change(later, gone=(LUNCH,), new=())
            undo = ChangeUndone(gone=last.new, restored=last.gone)
            await other.diverts.apply(ANNA.extension, lambda _: undo, later, "voice")
        stands = await store.diverts.standing(ANNA.extension)
        assert stands == Standing((LUNCH,), None)

    async def test_many_commands_at_once_come_one_after_the_other(
        self, store, open_again
    ):
        async with open_again() as other:
            await asyncio.gather(
                *(
                    either.diverts.apply(ANNA.extension, adds_one, NOW, "voice")
                    for either in (store, other) * 10
                )
            )
        stands = await store.diverts.standing(ANNA.extension)
        assert [divert.reason for divert in stands.diverts] == list(map(str, range(20)))
        trail = (await store.audit.entries(ANNA.extension))[::-1][1:]
        assert trail[0].before == ()
        assert trail[-1].after == stands.diverts
        for one, next_one in zip(trail, trail[1:], strict=False):
            assert one.after == next_one.before

    async def test_one_extension_does_not_touch_another(self, store):
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        assert await store.diverts.standing(BO.extension) == Standing()
        assert await store.diverts.everyone() == {
            ANNA.extension: await store.diverts.standing(ANNA.extension),
            BO.extension: Standing(),
        }

    async def test_a_decision_that_fails_changes_nothing(self, store):
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        before = await _everything(store)

        def fail(standing):
            raise ZeroDivisionError("decided badly")

        with pytest.raises(ZeroDivisionError, match="decided badly"):
            await store.diverts.apply(ANNA.extension, fail, NOW, "voice")
        assert await _everything(store) == before

    async def test_hanging_up_in_the_middle_leaves_all_or_nothing(self, store):
        for patience in range(0, 60, 3):
            before = await _everything(store)
            task = asyncio.ensure_future(
                store.diverts.apply(ANNA.extension, adds_one, NOW, "voice")
            )
            for _ in range(patience):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
            standing, _, audit = await _everything(store)
            if (standing, _, audit) == before:
                continue
            assert audit[0].before == before[0][ANNA.extension].diverts
            assert audit[0].after == standing[ANNA.extension].diverts
            assert len(audit) == len(before[2]) + 1
        await store.diverts.apply(ANNA.extension, adds_one, NOW, "voice")

    async def test_every_change_is_on_the_trail(self, store):
        later = NOW + timedelta(minutes=1)
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, Source.KEYS)
        clear = DivertsCleared((LUNCH,))
        await store.diverts.apply(ANNA.extension, lambda _: clear, later, "web Bo")
        assert await store.audit.entries(ANNA.extension, limit=2) == (
            AuditEntry(later, ANNA.extension, "web Bo", "DivertsCleared", (LUNCH,), ()),
            AuditEntry(NOW, ANNA.extension, "keys", "DivertSet", (), (LUNCH,)),
        )

    async def test_a_refusal_is_not_a_change(self, store):
        before = await _everything(store)
        refused = Refused("nothing_to_clear")
        event = await store.diverts.apply(
            ANNA.extension, lambda _: refused, NOW, "voice"
        )
        assert event == refused
        assert await _everything(store) == before

    async def test_the_trail_of_all_comes_last_change_first(self, store):
        bos = replace(LUNCH, extension=BO.extension)
        await store.diverts.apply(BO.extension, sets(bos), NOW, "voice")
        entries = await store.audit.entries()
        assert [(entry.extension, entry.event) for entry in entries] == [
            (BO.extension, "DivertSet"),
            (BO.extension, "ExtensionAdded"),
            (ANNA.extension, "ExtensionAdded"),
        ]

    async def test_an_unknown_extension_is_told_what_to_do(self, store):
        for asked in (
            store.diverts.apply(STRANGER, sets(LUNCH), NOW, "voice"),
            store.diverts.standing(STRANGER),
            store.directory.find(STRANGER),
            store.directory.remove(STRANGER, NOW, "test"),
        ):
            with pytest.raises(UnknownExtensionError, match="extension add 9999"):
                await asked

    async def test_the_directory_comes_back_by_number(self, store):
        assert await store.directory.list() == (ANNA, BO)
        assert await store.directory.find(BO.extension) == BO

    async def test_an_extension_is_not_added_twice(self, store):
        other = replace(ANNA, name="Någon annan")
        with pytest.raises(ExtensionTakenError, match="1234 is already"):
            await store.directory.add(other, NOW, "test")
        assert await store.directory.find(ANNA.extension) == ANNA

    async def test_a_line_can_be_changed_and_its_diverts_stand(self, store):
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        stands = await store.diverts.standing(ANNA.extension)
        married = replace(ANNA, name="Åsa Ek", coupled=True)
        await store.directory.put([married, BO], NOW, "test")
        assert await store.directory.list() == (married, BO)
        assert await store.diverts.standing(ANNA.extension) == stands
        assert (await store.audit.entries(limit=1))[0] == AuditEntry(
            *(NOW, ANNA.extension, "test", "ExtensionChanged", (LUNCH,), (LUNCH,)),
            # What was changed, and not what it is: that is personal.
            detail="name coupled",
        )

    async def test_one_who_leaves_takes_the_diverts_along(self, store):
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        await store.transcripts.begin(CALL)
        await store.directory.remove(ANNA.extension, NOW, "test")
        assert list(await store.diverts.everyone()) == [BO.extension]
        assert await store.transcripts.calls() == (CALL,)
        assert (await store.audit.entries(ANNA.extension, limit=1))[0] == AuditEntry(
            NOW, ANNA.extension, "test", "ExtensionRemoved", (LUNCH,), ()
        )
        await store.directory.add(ANNA, NOW, "test")
        assert await store.diverts.standing(ANNA.extension) == Standing()


async def _everything(store):
    return (
        await store.diverts.everyone(),
        await store.directory.list(),
        await store.audit.entries(limit=1000),
    )
