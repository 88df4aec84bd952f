"""`retention`: what is old is counted, and then erased with a receipt."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command_line import Telefonist

from voice.divert.model import Extension
from voice.store.audit_port import AuditEntry
from voice.store.database import open_store
from voice.store.port import Call, CallId


@pytest.fixture
def changes(site: Path) -> None:
    """Leave two changes, of which one was made 731 days ago."""

    async def run() -> None:
        async with open_store(str(site / "site.db")) as store:
            for ago in (731, 729):
                at = datetime.now(UTC) - timedelta(days=ago)
                entry = AuditEntry(at, Extension("1234"), "eva", "PinSet", (), ())
                await store.audit.note(entry)

    asyncio.run(run())


@pytest.fixture
def calls(site: Path) -> None:
    """Leave calls that ended 91 days and an hour ago."""

    async def run() -> None:
        async with open_store(str(site / "site.db")) as store:
            for name, ago in (("old", timedelta(days=91)), ("young", timedelta(0, 1))):
                ended = datetime.now(UTC) - ago
                call = Call(CallId(name), "4949", None, ended)
                await store.transcripts.begin(call)
                await store.transcripts.end(call.id, "ended", ended)

    asyncio.run(run())


def left(telefonist: Telefonist) -> list[str]:
    told = telefonist("calls", "list", "--json").out.splitlines()
    return [json.loads(line)["call"] for line in told]


def receipts(site: Path) -> tuple[AuditEntry, ...]:
    async def run() -> tuple[AuditEntry, ...]:
        async with open_store(str(site / "site.db")) as store:
            return await store.audit.entries()

    return asyncio.run(run())


def test_what_is_old_is_first_only_counted(
    calls: None, telefonist: Telefonist, site: Path
):
    told = telefonist("retention", "run", "--dry-run")
    assert (told.code, told.out[:40]) == (0, "1 calls would be erased that ended befor")
    assert left(telefonist) == ["young", "old"]
    assert receipts(site) == ()


def test_what_is_old_is_erased_with_a_receipt(
    calls: None, telefonist: Telefonist, site: Path
):
    told = json.loads(telefonist("retention", "run", "--json").out)
    assert (told["calls"], told["erased"]) == (1, True)
    assert left(telefonist) == ["young"]
    (receipt,) = receipts(site)
    assert (receipt.event, receipt.by, receipt.detail) == (
        "CallsErased",
        "command line",
        "1 calls",
    )


def test_a_site_chooses_its_days(calls: None, telefonist: Telefonist, site: Path):
    file = site / "site.toml"
    file.write_text("[retention]\ntranscripts_days = 92\n", "utf-8")
    told = telefonist("--settings", file, "retention", "run", "--json")
    assert json.loads(told.out)["calls"] == 0
    assert left(telefonist) == ["young", "old"]


def test_old_changes_are_first_counted_and_then_erased(
    changes: None, telefonist: Telefonist, site: Path
):
    told = telefonist("retention", "run", "--dry-run")
    assert "and 1 changes on the trail from before 20" in told.out
    assert len(receipts(site)) == 2
    done = json.loads(telefonist("retention", "run", "--json").out)
    assert (done["calls"], done["changes"], done["erased"]) == (0, 1, True)
    assert [each.event for each in receipts(site)] == ["ChangesErased", "PinSet"]
    assert json.loads(telefonist("retention", "run", "--json").out)["changes"] == 0


@pytest.mark.parametrize("days", ["0", "-1", '"ninety"', "3651"])
def test_days_that_cannot_be_are_blamed(telefonist: Telefonist, site: Path, days: str):
    file = site / "site.toml"
    file.write_text(f"[retention]\ntranscripts_days = {days}\n", "utf-8")
    told = telefonist("--settings", file, "retention", "run")
    assert told.code == 1
    assert f"{file}:2: [retention] transcripts_days: " in told.err
