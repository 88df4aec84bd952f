"""What any store promises of what only one program at a time is to do."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from store_samples import ANNA, BO, LUNCH, NOW, adds_one, sets

from voice.divert.model import Mark, Mode, ReasonCode
from voice.store.leases_port import Lease
from voice.store.links_port import Kept, Link, LinkKind, OwnBooking, Progress, Step
from voice.store.port import LeaseLostError

LONG, NO_TIME = timedelta(hours=1), timedelta(0)
MINE = Lease("calendars", "one, process 1")
THEIRS = replace(MINE, holder="two, process 2")
LINK = Link(ANNA.extension, LinkKind.GOOGLE, "anna@example.org")
BOOKING = OwnBooking(
    ANNA.extension,
    "a1",
    Mark(ReasonCode("SAM"), Mode.CLOSED),
    NOW,
    NOW + LONG,
    Step.PUT,
)


def changes(store):
    """Return every change that is made while calendars are followed, by name."""
    return {
        "divert": store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "calendar"),
        "reading": store.links.keep(LINK, Progress(read_at=NOW), Kept()),
        "progress": store.links.note({LINK: Progress(cursor="c")}),
        "booking": store.bookings.put([BOOKING]),
        "amended booking": store.bookings.amend(BOOKING, BOOKING),
        "done booking": store.bookings.forget(ANNA.extension, ["a1"]),
    }


class LeasePromises:
    """A subclass gives `store`, and `open_again` to open the same one once more."""

    async def test_who_comes_first_holds_it_and_others_are_told_who(self, store):
        assert await store.leases.take(MINE, LONG) == MINE.holder
        assert await store.leases.take(THEIRS, LONG) == MINE.holder
        assert await store.leases.take(MINE, LONG) == MINE.holder

    async def test_it_is_the_same_however_the_store_is_opened(self, store, open_again):
        await store.leases.take(MINE, LONG)
        async with open_again() as other:
            assert await other.leases.take(THEIRS, LONG) == MINE.holder
            await other.leases.give_up(THEIRS)
            assert await other.leases.take(THEIRS, LONG) == MINE.holder

    async def test_what_is_given_up_may_be_taken_at_once(self, store):
        await store.leases.take(MINE, LONG)
        await store.leases.give_up(MINE)
        await store.leases.give_up(MINE)
        assert await store.leases.take(THEIRS, LONG) == THEIRS.holder

    async def test_what_is_over_may_be_taken(self, store):
        await store.leases.take(MINE, NO_TIME)
        assert await store.leases.take(THEIRS, LONG) == THEIRS.holder
        assert await store.leases.take(MINE, LONG) == THEIRS.holder

    async def test_what_is_renewed_is_not_over(self, store):
        await store.leases.take(MINE, NO_TIME)
        await store.leases.take(MINE, LONG)
        assert await store.leases.take(THEIRS, LONG) == MINE.holder

    async def test_a_clock_that_was_set_back_keeps_nobody_waiting(self, store):
        # As one looks that was taken by a clock which is hours behind by now.
        await store.leases.take(MINE, LONG)
        shorter = timedelta(seconds=20)
        assert await store.leases.take(THEIRS, shorter) == THEIRS.holder

    async def test_one_of_another_name_is_another(self, store):
        await store.leases.take(MINE, LONG)
        other = replace(THEIRS, name="tidying")
        assert await store.leases.take(other, LONG) == other.holder

    async def test_of_many_at_once_one_gets_it(self, store, open_again):
        async with AsyncExitStack() as opened:
            stores = [await opened.enter_async_context(open_again()) for _ in range(5)]
            told = await asyncio.gather(
                *(
                    each.leases.take(replace(MINE, holder=f"process {nth}"), LONG)
                    for nth, each in enumerate(stores)
                )
            )
        assert len(set(told)) == 1

    async def test_under_a_lease_that_is_ours_all_goes_on(self, store):
        await store.links.put(LINK, NOW, "test")
        await store.leases.take(MINE, LONG)
        for change in changes(store.under(MINE)).values():
            await change
        assert (await store.diverts.standing(ANNA.extension)).diverts == (LUNCH,)
        assert (await store.links.list())[0].progress == Progress(cursor="c")

    async def test_under_one_that_is_over_but_nobody_elses_too(self, store):
        await store.leases.take(MINE, NO_TIME)
        await store.under(MINE).diverts.apply(
            ANNA.extension, sets(LUNCH), NOW, "calendar"
        )

    async def test_who_was_overtaken_changes_nothing_any_more(self, store):
        await store.links.put(LINK, NOW, "test")
        await store.leases.take(MINE, NO_TIME)
        overtaken = store.under(MINE)
        await store.leases.take(THEIRS, LONG)
        for change in changes(overtaken).values():
            with pytest.raises(
                LeaseLostError, match="Another program may have calendars"
            ):
                await change
        assert (await store.diverts.standing(ANNA.extension)).diverts == ()
        assert (await store.links.list())[0].progress == Progress()
        assert await store.bookings.unsettled() == ()
        assert await store.leases.take(THEIRS, LONG) == THEIRS.holder

    async def test_a_lease_hinders_nobody_who_does_something_else(self, store):
        await store.leases.take(MINE, LONG)
        await store.diverts.apply(ANNA.extension, adds_one, NOW, "voice")
        await store.directory.put([replace(BO, name="Bo E")], NOW, "test")
