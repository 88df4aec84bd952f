"""The promises of any store about calendars: links, what was read, own bookings."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_samples import (
    ANNA,
    BO,
    LUNCH,
    NOW,
    STRANGER,
    few_examples,
    instants,
    sets,
    texts,
)

from voice.divert.model import (
    Entry,
    EntryKey,
    Extension,
    Mark,
    Mode,
    ReasonCode,
    Slip,
)
from voice.store.link_values import booking_in_utc, kept_in_utc, progress_in_utc
from voice.store.links_port import (
    Kept,
    Link,
    Linked,
    LinkKind,
    OwnBooking,
    Progress,
    Step,
    Watching,
)
from voice.store.port import Listing, UnknownExtensionError

LINK = Link(ANNA.extension, LinkKind.GOOGLE, "anna@example.org")
OTHER = replace(LINK, kind=LinkKind.CALDAV, address="https://example.org/anna/")
BOS = Link(BO.extension, LinkKind.OUTLOOK, "bo@example.org")
MARK = Mark(ReasonCode("SAM"), Mode.CLOSED)
BOOKING = OwnBooking(
    ANNA.extension, "a1", MARK, NOW, NOW + timedelta(hours=1), Step.PUT
)
entries = st.builds(
    Entry,
    key=texts.map(EntryKey),
    mark=st.none() | st.builds(Mark, texts.map(ReasonCode), st.sampled_from(Mode)),
    start=instants,
    end=instants,
    all_day=st.booleans(),
    private=st.booleans(),
    declined=st.booleans(),
    cancelled=st.booleans(),
    ours=st.booleans(),
    series=st.none() | texts,
    free=st.booleans(),
    tentative=st.booleans(),
    invited=st.booleans(),
    slip=st.none() | st.sampled_from(Slip),
    opened=st.just("") | texts,
)
kepts = st.builds(
    Kept,
    st.lists(entries, max_size=4).map(tuple),
    st.frozensets(texts.map(EntryKey), max_size=3),
)
watchings = st.builds(Watching, texts, texts, texts, instants)
maybe = st.none() | instants
progresses = st.builds(
    Progress, maybe, st.none() | texts, maybe, maybe, maybe, texts, texts, watchings
)
bookings = st.builds(
    OwnBooking,
    extension=st.just(ANNA.extension),
    key=texts,
    mark=st.builds(Mark, texts.map(ReasonCode), st.sampled_from(Mode)),
    start=instants,
    end=instants,
    step=st.sampled_from(Step),
    attempts=st.integers(0, 1000),
    due=maybe,
)


class LinkPromises:
    """A subclass gives `store`, and `open_again` to open the same one once more."""

    async def test_a_link_comes_back_with_all_that_is_known_of_it(self, store):
        await store.links.put(LINK, NOW, "test")
        await store.links.put(Link(BO.extension, LinkKind.ICS, "/b.ics"), NOW, "test")
        mine, bos = await store.links.list()
        assert mine == Linked(LINK, Progress(), coupled=False)
        assert bos.link.extension == BO.extension
        assert bos.coupled

    @few_examples
    @given(story=st.tuples(progresses, kepts))
    async def test_what_was_read_comes_back_equal(self, store, open_again, story):
        progress, kept = story
        await store.links.put(LINK, NOW, "test")
        assert await store.links.keep(LINK, progress, kept)
        async with open_again() as other:
            (linked,) = await other.links.list()
            assert linked == Linked(LINK, progress_in_utc(progress), coupled=False)
            assert linked.progress.watching.until.tzinfo is UTC
            again = await other.links.kept(ANNA.extension)
            assert again == kept_in_utc(kept)
            assert {entry.start.tzinfo for entry in again.entries} <= {UTC}

    async def test_the_same_link_again_keeps_what_was_read(self, store):
        kept = Kept(opted_out=frozenset({EntryKey("a")}))
        await store.links.put(LINK, NOW, "test")
        await store.links.keep(LINK, Progress(read_at=NOW), kept)
        await store.links.put(LINK, NOW, "test")
        assert await store.links.kept(ANNA.extension) == kept

    async def test_another_calendar_is_begun_anew(self, store):
        kept = Kept(opted_out=frozenset({EntryKey("a")}))
        await store.links.put(LINK, NOW, "test")
        await store.links.keep(LINK, Progress(read_at=NOW, cursor="c"), kept)
        await store.links.put(OTHER, NOW, "test")
        assert await store.links.list() == (Linked(OTHER, Progress(), False),)
        assert await store.links.kept(ANNA.extension) == Kept()

    async def test_a_reading_of_the_calendar_before_is_not_kept(self, store):
        await store.links.put(LINK, NOW, "test")
        await store.links.put(OTHER, NOW, "test")
        late, kept = Progress(read_at=NOW), Kept(opted_out=frozenset({EntryKey("a")}))
        assert not await store.links.keep(LINK, late, kept)
        await store.links.note({LINK: late})
        assert await store.links.list() == (Linked(OTHER, Progress(), False),)
        assert await store.links.kept(ANNA.extension) == Kept()

    async def test_one_link_can_be_asked_for(self, store):
        await store.links.put(LINK, NOW, "test")
        await store.links.put(BOS, NOW, "test")
        (mine,) = await store.links.list(ANNA.extension)
        assert mine.link == LINK
        both = (
            each.link
            for each in await store.links.list(BO.extension, ANNA.extension, STRANGER)
        )
        assert tuple(both) == (LINK, BOS)
        assert await store.links.list(STRANGER) == ()

    @few_examples
    @given(entry=entries, another=entries)
    async def test_everybodys_copies_of_a_booking_with_a_code_are_found(
        self, store, entry, another
    ):
        await store.directory.put([replace(ANNA, coupled=True)], NOW, "test")
        for link, held in ((LINK, (entry, another)), (BOS, (entry,))):
            await store.links.put(link, NOW, "test")
            await store.links.keep(link, Progress(), Kept(held))
        with_code = [e for e in (entry, another, entry) if e.mark is not None]
        wanted = [e for e in with_code if e.key == entry.key]
        found = await store.links.copies([entry.key])
        alike = kept_in_utc(Kept(tuple(wanted))).entries
        assert sorted(found, key=repr) == sorted(alike, key=repr)
        both = await store.links.copies(iter([entry.key, another.key]))
        assert len(both) == len(with_code)
        assert await store.links.copies([]) == ()
        assert await store.links.copies([EntryKey("%")]) == ()

    async def test_a_copy_without_its_code_or_of_one_uncoupled_is_not_found(
        self, store
    ):
        entry = Entry(EntryKey("a1"), MARK, NOW, NOW + timedelta(hours=1))
        await store.links.put(BOS, NOW, "test")
        await store.links.put(LINK, NOW, "test")
        await store.links.keep(LINK, Progress(), Kept((entry,)))
        assert await store.links.copies([entry.key]) == ()
        await store.links.keep(BOS, Progress(), Kept((entry,)))
        assert await store.links.copies([entry.key]) == (entry,)
        plain = Kept((replace(entry, mark=None),))
        await store.links.keep(BOS, Progress(), plain)
        assert await store.links.copies([entry.key]) == ()
        opted_out = Kept((entry,), frozenset({entry.key}))
        await store.links.keep(BOS, Progress(), opted_out)
        assert await store.links.copies([entry.key]) == ()

    async def test_how_many_are_read_is_noted_at_once(self, store):
        bos = Link(BO.extension, LinkKind.OUTLOOK, "bo@example.org")
        for link in (LINK, bos):
            await store.links.put(link, NOW, "test")
        how = {LINK: Progress(read_at=NOW), bos: Progress(fault="BusyError")}
        await store.links.note(how)
        assert {each.link: each.progress for each in await store.links.list()} == how

    async def test_how_all_are_read_is_told_of_phones_that_follow(self, store):
        minute, hour = NOW - timedelta(minutes=1), NOW - timedelta(hours=1)
        read = (
            Progress(read_at=NOW),
            Progress(read_at=minute),
            Progress(read_at=NOW, doubted_at=NOW),
            Progress(),
            Progress(read_at=NOW, failing_since=NOW, fault="BusyError"),
            Progress(read_at=hour, failing_since=hour, fault="BusyError"),
        )
        numbers = [Extension(f"500{nth}") for nth in range(len(read))]
        people = [Listing(number, "", coupled=True) for number in numbers]
        await store.directory.put(people, NOW, "test")
        read_of = dict(zip(numbers, read, strict=True)) | {ANNA.extension: Progress()}
        for number, progress in read_of.items():
            link = replace(LINK, extension=number)
            await store.links.put(link, NOW, "test")
            await store.links.keep(link, progress, Kept())
        found = await store.readings.of_all(NOW - timedelta(seconds=30))
        assert (found.count, found.unread, found.oldest) == (6, 1, hour)
        worst = [numbers.index(each.link.extension) for each in found.worst]
        assert worst == [5, 4, 1, 2, 3]
        some = await store.readings.of_all(NOW - timedelta(seconds=30), limit=2)
        assert (some.wrong, some.worst) == (5, found.worst[:2])

    async def test_a_link_is_removed_once_and_leaves_nothing(self, store):
        await store.links.put(LINK, NOW, "test")
        await store.links.keep(
            LINK, Progress(), Kept(opted_out=frozenset({EntryKey("a")}))
        )
        for _ in range(2):
            await store.links.remove(ANNA.extension, NOW, "test")
        assert await store.links.list() == ()
        assert await store.links.kept(ANNA.extension) == Kept()
        trail = await store.audit.entries(ANNA.extension, limit=2)
        assert [each.event for each in trail] == ["CalendarUnlinked", "CalendarLinked"]

    async def test_linking_leaves_diverts_as_they_stand(self, store):
        await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
        await store.links.put(LINK, NOW, "test")
        (last,) = await store.audit.entries(limit=1)
        assert last.before == last.after == (LUNCH,)

    async def test_an_own_booking_is_amended_only_as_it_is_known(self, store):
        await store.bookings.put([BOOKING, replace(BOOKING, key="b2")])
        done = replace(BOOKING, step=Step.NONE, attempts=0, due=None)
        gone = replace(done, step=Step.GONE)
        assert not await store.bookings.amend(done, gone)
        assert await store.bookings.amend(BOOKING, done)
        assert await store.bookings.amend(done, gone)
        for other in (done, BOOKING, replace(BOOKING, key="never")):
            assert not await store.bookings.amend(other, done)
        there = await store.bookings.of(ANNA.extension)
        assert there == (gone, replace(BOOKING, key="b2"))

    async def test_one_who_leaves_takes_calendar_and_bookings_along(self, store):
        await store.links.put(LINK, NOW, "test")
        await store.bookings.put([BOOKING])
        await store.directory.remove(ANNA.extension, NOW, "test")
        await store.directory.add(ANNA, NOW, "test")
        assert await store.links.list() == ()
        assert await store.bookings.of(ANNA.extension) == ()
        assert await store.bookings.unsettled() == ()

    async def test_a_stranger_has_no_calendar_and_no_bookings(self, store):
        for asked in (
            store.links.put(replace(LINK, extension=STRANGER), NOW, "test"),
            store.links.remove(STRANGER, NOW, "test"),
            store.bookings.put([BOOKING, replace(BOOKING, extension=STRANGER)]),
        ):
            with pytest.raises(UnknownExtensionError, match="extension add 9999"):
                await asked
        assert await store.links.kept(STRANGER) == Kept()
        assert await store.bookings.of(ANNA.extension) == ()

    @few_examples
    @given(some=st.lists(bookings, max_size=4, unique_by=lambda each: each.key))
    async def test_own_bookings_come_back_equal_and_by_key(
        self, store, open_again, some
    ):
        there = await store.bookings.of(ANNA.extension)
        await store.bookings.forget(ANNA.extension, [each.key for each in there])
        await store.bookings.put(some)
        async with open_again() as other:
            found = await other.bookings.of(ANNA.extension)
        kept = sorted(map(booking_in_utc, some), key=lambda each: each.key)
        assert found == tuple(kept)
        assert await store.bookings.of(BO.extension) == ()
        assert await store.bookings.unsettled() == ((ANNA.extension,) if some else ())

    async def test_a_booking_takes_the_place_of_the_one_with_its_key(self, store):
        later = replace(BOOKING, step=Step.DROP, attempts=2, due=NOW)
        await store.bookings.put([BOOKING])
        await store.bookings.put([later, replace(BOOKING, key="b2")])
        assert await store.bookings.of(ANNA.extension) == (
            later,
            replace(BOOKING, key="b2"),
        )

    async def test_forgetting_twice_is_the_same_as_once(self, store):
        await store.bookings.put([BOOKING, replace(BOOKING, key="b2")])
        for _ in range(2):
            await store.bookings.forget(ANNA.extension, ["a1", "never"])
        (left,) = await store.bookings.of(ANNA.extension)
        assert left.key == "b2"
