"""The service's rounds: the directory server looked at by a process of its own."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from directory_server import BASE, READER, READER_PASSWORD, DirectoryServer, people
from prometheus_client import CollectorRegistry

from voice.directory_measures import DirectoryMeasures
from voice.ldap.settings import SECRET, LdapSettings
from voice.leasing import lease
from voice.staff_rounds import StaffRounds
from voice.store.audit_port import ChangesWanted
from voice.store.database import open_store
from voice.store.memory import memory_store

pytestmark = pytest.mark.ldap

NOW = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)


class Site:
    """A settings file, a store and rounds."""

    def __init__(self, folder: Path, access: LdapSettings) -> None:
        self.store, self.file = f"sqlite:///{folder}/site.db", folder / "site.toml"
        self.registry = CollectorRegistry()
        self.settings = replace(access, sync_minutes=60)
        self.looked = asyncio.Event()
        measures = DirectoryMeasures(self.registry)
        self.rounds = StaffRounds(self.settings, self.file, measures, self.now)

    def now(self) -> datetime:
        """Read the clock, which is read when a round is over."""
        self.looked.set()
        return NOW

    def counted(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(f"telefonist_directory_{name}", labels)

    async def names(self) -> list[str]:
        async with open_store(self.store) as store:
            return [each.name for each in await store.directory.list()]


@pytest.fixture
def site(tmp_path: Path, access: LdapSettings, monkeypatch: pytest.MonkeyPatch) -> Site:
    site = Site(tmp_path, access)
    site.file.write_text(
        f'[ldap]\naddress = "{access.address}"\nunencrypted = "here"\n'
        f'user = "{READER}"\nbase = "{BASE}"\nsync_minutes = 60\nseconds = 5\n'
    )
    monkeypatch.setenv("TELEFONIST_STORE", site.store)
    monkeypatch.setenv(SECRET, READER_PASSWORD)
    return site


async def test_a_round_makes_the_directory_as_the_server_has_it(
    site: Site, slapd: DirectoryServer, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    slapd.add(*people(1, 2, 3))
    slapd.change("Person 3", mobile="finns ej")
    await site.rounds.look()
    assert await site.names() == ["Person 1", "Person 2", "Person 3"]
    assert site.rounds.condition.ready
    told = "3 added, 0 changed, 0 removed, 0 same, 1 left_out"
    assert told in site.rounds.condition.detail
    assert site.counted("syncs_total", outcome="ok") == 1
    assert site.counted("sync_seconds", outcome="ok") == NOW.timestamp()
    assert site.counted("sync_people", how="added") == 3
    assert site.counted("sync_people", how="left_out") == 1
    async with open_store(site.store) as store:
        wanted = ChangesWanted(event="DirectorySynced")
        (noted,) = (await store.audit.find(wanted)).changes
    assert noted.entry.by == "directory server"
    # Whoever is listed there is nobody's business who reads logs.
    assert told in caplog.text
    for secret in ("Person", READER_PASSWORD, "070", "finns"):
        assert secret not in caplog.text


async def test_a_round_that_fails_is_told_with_its_remedy_and_tried_again(
    site: Site, slapd: DirectoryServer, monkeypatch: pytest.MonkeyPatch
):
    slapd.add(*people(1))
    monkeypatch.setenv(SECRET, "hemligt-fel")
    await site.rounds.look()
    assert not site.rounds.condition.ready
    assert "does not let us in: look at user in [ldap]" in site.rounds.condition.detail
    assert "hemligt" not in site.rounds.condition.detail
    assert site.counted("syncs_total", outcome="failed") == 1
    assert site.counted("sync_seconds", outcome="ok") is None
    assert await site.names() == []
    monkeypatch.setenv(SECRET, READER_PASSWORD)
    await site.rounds.look()
    assert site.rounds.condition.ready
    assert await site.names() == ["Person 1"]


async def test_a_round_that_cannot_begin_is_told_too(
    site: Site, slapd: DirectoryServer
):
    site.file.write_text("[ldap]\naddress = 1\n")
    await site.rounds.look()
    assert "this is no directory server: write" in site.rounds.condition.detail


async def test_the_service_looks_as_soon_as_it_runs_and_ends_its_process(
    site: Site, slapd: DirectoryServer
):
    slapd.add(*people(1))
    store = memory_store()
    running = asyncio.create_task(site.rounds.run(store.leases))
    async with asyncio.timeout(60):
        await site.looked.wait()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert await site.names() == ["Person 1"]


async def test_of_programs_that_share_a_store_one_looks(
    site: Site, slapd: DirectoryServer
):
    store = memory_store()
    other = lease("readings of the directory server")
    minutes = NOW - NOW.replace(hour=1)
    await store.leases.take(other, minutes)
    running = asyncio.create_task(site.rounds.run(store.leases))
    await asyncio.wait([running], timeout=0.3)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert site.rounds.condition.detail == "Another program looks at it."
    assert site.counted("syncs_total", outcome="ok") is None
