"""Transcripts that are kept for a site's days, by whichever program's turn it is."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from voice.config import RetentionSettings
from voice.divert.model import Extension
from voice.leasing import lease
from voice.retention import Old, count_old, erase_old, keep_young
from voice.store.accounts_port import Account, Login, Role
from voice.store.audit_port import AuditEntry, ChangesWanted
from voice.store.memory import memory_store
from voice.store.port import Call, CallId, Store
from voice.store.repeats_port import Asked
from voice.store.sessions_port import SessionId

NOW = datetime(2026, 3, 5, 11, 40, tzinfo=UTC)
MONTH, MINUTES = RetentionSettings(30, 60), timedelta(minutes=10)
ERASED = ChangesWanted(event="CallsErased")


@pytest.fixture
def store() -> Store:
    return memory_store()


async def ended(store: Store, name: str, at: datetime) -> None:
    call = Call(CallId(name), "4949", None, at - timedelta(minutes=1))
    await store.transcripts.begin(call)
    await store.transcripts.end(call.id, "ended", at)


async def left(store: Store) -> set[str]:
    return {call.id for call in await store.transcripts.calls()}


async def test_a_call_is_kept_for_its_days_and_no_longer(store: Store):
    await ended(store, "young", NOW - timedelta(days=30))
    await ended(store, "old", NOW - timedelta(days=30, microseconds=1))
    assert await erase_old(store, MONTH, NOW) == Old(1, 0)
    assert await left(store) == {"young"}
    (noted,) = (await store.audit.find(ERASED)).changes
    assert (noted.entry.by, noted.entry.detail) == ("retention", "1 calls")


async def test_a_change_is_told_of_for_its_days_and_no_longer(store: Store):
    day, least = timedelta(days=60), timedelta(microseconds=1)
    for at in (NOW - day, NOW - day - least, NOW - 2 * day):
        await store.audit.note(
            AuditEntry(at, Extension("1234"), "voice", "DivertSet", (), ())
        )
    assert await count_old(store, MONTH, NOW) == Old(0, 2)
    assert await erase_old(store, MONTH, NOW) == Old(0, 2)
    receipt, left = await store.audit.entries()
    assert left.at == NOW - day
    assert (receipt.event, receipt.by) == ("ChangesErased", "retention")
    assert await erase_old(store, MONTH, NOW) == Old(0, 0)


async def test_what_a_web_left_that_runs_no_more_is_forgotten(store: Store):
    account = Account(Login("eva"), frozenset({Role.PERSON}), NOW)
    await store.accounts.put(account, NOW, "test")
    asked, later = Asked("växeln", "an id", "a digest"), NOW + timedelta(days=7)
    await store.sessions.begin(SessionId("1"), account.login, "x", NOW)
    await store.repeats.begin(asked, NOW)
    await erase_old(store, MONTH, later - timedelta(days=6, hours=1))
    assert len(await store.sessions.of(account.login)) == 1
    assert await store.repeats.begin(asked, NOW) is not None
    await erase_old(store, MONTH, later)
    assert await store.sessions.of(account.login) == ()
    assert await store.repeats.begin(asked, NOW) is None


class Watched:
    """A part of a store, which says when it has been asked."""

    def __init__(self, part: Any) -> None:
        self._part, self.asked = part, asyncio.Event()

    async def erase_before(self, *asked: object) -> int:
        erased: int = await self._part.erase_before(*asked)
        return erased

    async def erase_changes_before(self, *asked: object) -> int:
        erased: int = await self._part.erase_changes_before(*asked)
        self.asked.set()
        return erased

    async def take(self, *asked: object) -> str:
        holder: str = await self._part.take(*asked)
        self.asked.set()
        return holder

    async def give_up(self, *asked: object) -> None:
        await self._part.give_up(*asked)


async def done_until(watched: Watched, store: Store) -> None:
    """Do the chore until a part of its store has been asked, and end it."""
    chore = asyncio.create_task(keep_young(store, MONTH, lambda: NOW))
    async with asyncio.timeout(5):
        await watched.asked.wait()
    chore.cancel()
    await asyncio.wait([chore])
    assert chore.cancelled()


async def test_the_service_erases_as_soon_as_it_runs(store: Store):
    await ended(store, "old", NOW - timedelta(days=31))
    watched = Watched(store.retention)
    await done_until(watched, replace(store, retention=watched))
    assert await left(store) == set()
    # Others may do it at once.
    other = lease("old transcripts")
    assert await store.leases.take(other, MINUTES) == other.holder


async def test_another_program_that_does_it_is_left_to_it(store: Store):
    await ended(store, "old", NOW - timedelta(days=31))
    other = lease("old transcripts")
    await store.leases.take(other, MINUTES)
    watched = Watched(store.leases)
    await done_until(watched, replace(store, leases=watched))
    assert await left(store) == {"old"}
    assert await store.leases.take(other, MINUTES) == other.holder
