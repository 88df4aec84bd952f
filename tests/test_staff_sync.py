"""The staff directory, night by night as a directory server has it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ldap_people import USUAL, entry

from voice.divert.model import Extension
from voice.ldap.entries import Entry
from voice.ldap.settings import LdapSettings
from voice.numbering import NumberPlan
from voice.pins import Pins
from voice.staff_import import (
    ChangedMeanwhileError,
    Import,
    TooManyGoneError,
    check_gone,
)
from voice.staff_ldap import listed
from voice.staff_sync import NobodyListedError, Sync, compared, settled, synced
from voice.store.audit_port import ChangesWanted
from voice.store.memory import memory_store
from voice.store.port import Listing, Store

NOW = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
RECEIPTS = ChangesWanted(event="DirectorySynced")
OFFICE = {
    number: entry(f"Nr {number}", ipPhone=number, mail=f"nr{number}@example.org")
    for number in map(str, range(100, 120))
}


@pytest.fixture
def store() -> Store:
    return memory_store()


class Night:
    """A server's people, looked at every night."""

    def __init__(self, store: Store, settings: LdapSettings = USUAL) -> None:
        self.store, self.settings = store, settings
        self.people: dict[str, Entry] = dict(OFFICE)

    async def compared(self) -> Sync:
        async def read() -> tuple[Entry, ...]:
            return tuple(self.people.values())

        return await compared(read, self.store, self.settings, NumberPlan())

    async def passes(self) -> Sync:
        sync = await self.compared()
        sync.check()
        check_gone(sync.plan, sync.known)
        await synced(sync.plan, sync.known, self.store, NOW, "test")
        return sync

    async def names(self) -> dict[str, str]:
        return {each.extension: each.name for each in await self.store.directory.list()}


def counted(plan: Import) -> tuple[int, int, int, int]:
    return len(plan.added), len(plan.changed), len(plan.gone), plan.same


@pytest.fixture
async def night(store: Store) -> Night:
    """Return the night after the first, in which all were added."""
    night = Night(store)
    assert counted((await night.passes()).plan) == (20, 0, 0, 0)
    return night


async def test_a_night_without_news_changes_nothing_and_leaves_no_receipt(night: Night):
    assert counted((await night.passes()).plan) == (0, 0, 0, 20)
    assert len((await night.store.audit.find(RECEIPTS)).changes) == 1


async def test_each_night_that_changes_anything_leaves_a_receipt(night: Night):
    night.people["100"] = entry("Anna Ny", ipPhone="100", mail="nr100@example.org")
    night.people["x"] = entry("Fel", ipPhone="inget")
    del night.people["119"]
    await night.passes()
    last = (await night.store.audit.find(RECEIPTS)).changes[0].entry
    assert last.detail == "0 added, 1 changed, 1 removed"
    assert (last.by, last.extension) == ("test", "")


async def test_one_who_is_renamed_keeps_number_pin_and_mobiles(night: Night):
    anna, pins = Extension("100"), Pins(night.store)
    await pins.set(anna, "471193", NOW, "test")
    night.people["100"] = entry("Anna Gift", ipPhone="100", mail="anna@example.org")
    sync = await night.passes()
    assert counted(sync.plan) == (0, 1, 0, 19)
    listing = await night.store.directory.find(anna)
    assert (listing.name, listing.mail) == ("Anna Gift", "anna@example.org")
    assert await night.store.credentials.find(anna) is not None


async def test_one_who_moves_is_in_another_unit(night: Night):
    night.people["100"] = entry("Nr 100", ipPhone="100", department="Skola")
    await night.passes()
    assert (await night.store.directory.find(Extension("100"))).unit == "Skola"


async def test_one_who_gets_another_number_leaves_the_former(night: Night):
    night.people["100"] = entry("Nr 100", ipPhone="150", mail="nr100@example.org")
    sync = await night.passes()
    assert counted(sync.plan) == (1, 0, 1, 19)
    names = await night.names()
    assert "100" not in names
    assert names["150"] == "Nr 100"


async def test_two_exchange_numbers_and_mail_addresses(night: Night):
    night.people["100"] = entry("A", ipPhone="101", mail="nr100@example.org")
    night.people["101"] = entry("B", ipPhone="100", mail="nr101@example.org")
    assert counted((await night.passes()).plan) == (0, 2, 0, 18)
    assert (await night.store.directory.find(Extension("101"))).mail == (
        "nr100@example.org"
    )


async def test_one_who_has_left_is_removed(night: Night):
    del night.people["100"]
    assert counted((await night.passes()).plan) == (0, 0, 1, 19)
    assert "100" not in await night.names()


async def test_nobody_is_removed_where_that_is_switched_off(store: Store):
    night = Night(store, replace(USUAL, remove_missing=False))
    await night.passes()
    night.people = {"100": OFFICE["100"]}
    assert counted((await night.passes()).plan) == (0, 0, 0, 1)
    assert len(await night.names()) == 20


async def test_extensions_that_are_only_written_here_can_be_kept(store: Store):
    night = Night(store, replace(USUAL, kept=("900",)))
    for number in ("900", "901"):
        room = Listing(Extension(number), "Stora salen")
        await store.directory.add(room, NOW, "test")
    night.people |= {str(n): entry(f"Nr {n}", ipPhone=str(n)) for n in range(200, 210)}
    # Two of two would be half a directory.
    night.settings = replace(night.settings, remove_missing=False)
    await night.passes()
    night.settings = replace(night.settings, remove_missing=True)
    assert [each.extension for each in (await night.passes()).plan.gone] == ["901"]


@pytest.mark.parametrize("left", [0, 10, 17])
async def test_a_server_that_has_lost_many_removes_nobody(night: Night, left: int):
    night.people = dict(list(OFFICE.items())[:left])
    with pytest.raises((TooManyGoneError, NobodyListedError)):
        await night.passes()
    assert len(await night.names()) == 20


async def test_an_empty_server_is_told_to_be_empty(store: Store):
    night = Night(store)
    night.people = {"x": entry("Ingen", mail="a@example.org")}
    with pytest.raises(
        NobodyListedError, match="nobody who has a number: look at base"
    ):
        await night.passes()


async def test_a_server_of_which_nothing_can_be_read_changes_nothing(store: Store):
    night = Night(store)
    night.people = {"x": entry("Anna", ipPhone="+46 63-14 12 34")}
    with pytest.raises(NobodyListedError, match="none of whom can be taken of the 1 "):
        await night.passes()


async def test_one_whose_number_is_spoilt_stays_as_before(night: Night):
    before = await night.store.directory.find(Extension("100"))
    night.people["100"] = entry("Ny", ipPhone="växeln", mail="NR100@example.org")
    sync = await night.passes()
    assert counted(sync.plan) == (0, 0, 0, 19)
    assert [each.who for each in sync.left_out] == ["Ny"]
    assert await night.store.directory.find(Extension("100")) == before


async def test_one_whose_number_is_anothers_too_stays_as_before(night: Night):
    before = await night.store.directory.find(Extension("100"))
    night.people["x"] = entry("Ny", ipPhone="100")
    await night.passes()
    assert await night.store.directory.find(Extension("100")) == before


async def test_a_mobile_of_two_stays_with_who_has_it(night: Night):
    night.people["110"] = entry("Jour", ipPhone="110", mobile="0701234567")
    await night.passes()
    night.people["100"] = entry("Anna", ipPhone="100", mobile="0701234567")
    sync = await night.passes()
    assert [str(each) for each in sync.left_out] == [
        "Anna: +46701234567 is that of 110 too: leave it with one of them."
    ]
    assert (await night.store.directory.find(Extension("110"))).mobiles
    listing = await night.store.directory.find(Extension("100"))
    assert (listing.name, listing.mobiles) == ("Anna", ())


async def test_a_directory_that_others_change_meanwhile_is_left_to_them(night: Night):
    night.people["100"] = entry("Anna Ny", ipPhone="100")
    sync = await night.compared()
    bo = Listing(Extension("100"), "Anna Handskriven")
    await night.store.directory.put([bo], NOW, "test")
    with pytest.raises(ChangedMeanwhileError):
        await synced(sync.plan, sync.known, night.store, NOW, "test")
    assert (await night.names())["100"] == "Anna Handskriven"


async def test_a_mobile_that_another_gets_meanwhile_is_told_of_without_the_mobile(
    night: Night,
):
    mobile = "+46701234567"
    night.people["100"] = entry("Anna", ipPhone="100", mobile=mobile)
    sync = await night.compared()
    bo = Listing(Extension("110"), "Bo", mobiles=(mobile,))
    await night.store.directory.put([bo], NOW, "test")
    with pytest.raises(ChangedMeanwhileError) as told:
        await synced(sync.plan, sync.known, night.store, NOW, "test")
    assert mobile not in str(told.value)


NUMBERS = st.sampled_from(["1", "2", "3", "4", "x"])
MAILS = st.sampled_from(["a@x.se", "b@x.se", "c@x.se", "d@x.se", "", "?"])
MOBILES = st.sampled_from(["0701234561", "0701234562", "0701234563", "", "?"])
PEOPLE = st.lists(
    st.builds(
        lambda n, mail, mobile: entry(f"N{n}", ipPhone=n, mail=mail, mobile=mobile),
        NUMBERS,
        MAILS,
        MOBILES,
    ),
    max_size=6,
)


def after(sync: Sync) -> dict[Extension, Listing]:
    plan = sync.plan
    there = dict(sync.known) | {e.extension: e for e in (*plan.added, *plan.changed)}
    return {n: e for n, e in there.items() if e not in plan.gone}


def planned_of(people: list[Entry], known: Mapping[Extension, Listing]) -> Sync:
    return settled(listed(people, USUAL, NumberPlan()), known, USUAL)


@given(PEOPLE, PEOPLE)
def test_whatever_a_server_lists_nothing_becomes_that_of_two(first, second):
    before = after(planned_of(first, {}))
    sync = planned_of(second, before)
    there = after(sync)
    contacts = [c for e in there.values() for c in (*e.mobiles, e.mail) if c]
    assert len(contacts) == len(set(contacts))
    # What was done once is not done again.
    assert counted(planned_of(second, there).plan)[:3] == (0, 0, 0)


@given(PEOPLE, PEOPLE)
def test_those_of_whom_nothing_can_be_read_are_neither_changed_nor_removed(
    first, second
):
    before = after(planned_of(first, {}))
    unread = listed(second, USUAL, NumberPlan()).unread
    there = after(planned_of(second, before))
    assert {n: e for n, e in there.items() if n in unread} == {
        n: e for n, e in before.items() if n in unread
    }
