"""`calendar`: linked, checked, read once, shown and let go, from the command line."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command_line import Telefonist

from tests.calendars.on_caldav.radicale_server import (
    PASSWORD,
    USER,
    RadicaleHand,
    make_calendar,
    radicale,
)
from voice.store.database import open_store
from voice.store.leases_port import Lease

SUBJECT = "SAM: lönesamtal med Bertil"


@pytest.fixture(autouse=True)
def anna(telefonist: Telefonist) -> None:
    """List somebody who has a calendar."""
    telefonist("extension", "add", "1234", "Anna Berg")


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    now = datetime.now(UTC)
    start, end = (
        f"{now + hours * timedelta(hours=1):%Y%m%dT%H%M%SZ}" for hours in (-1, 1)
    )
    lines = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//SV", "BEGIN:VEVENT")
    event = ("UID:a", f"DTSTAMP:{start}", f"DTSTART:{start}", f"DTEND:{end}")
    rest = (f"SUMMARY:{SUBJECT}", "END:VEVENT", "END:VCALENDAR", "")
    file = tmp_path / "anna-berg.ics"
    file.write_bytes("\r\n".join((*lines, *event, *rest)).encode())
    return file


def records(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


def test_a_linked_calendar_closes_the_phone_and_unlinking_opens_it(
    telefonist: Telefonist, feed: Path
) -> None:
    linked = telefonist("calendar", "link", "1234", "--ics", str(feed))
    assert (linked.code, "calendar check 1234" in linked.out) == (0, True)
    read = telefonist("calendar", "sync", "--once", "--json")
    assert read.code == 0
    (record,) = records(read.out)
    assert (record["extension"], record["kind"]) == ("1234", "ics")
    assert record["fault"] is None
    assert 0 <= float(str(record["age_seconds"])) < 600
    (stands,) = records(telefonist("divert", "list", "--json").out)
    assert (stands["reason"], stands["source"]) == ("SAM", "calendar")
    reading = stands["calendar"]
    assert isinstance(reading, dict)
    assert 0 <= float(reading["age_seconds"]) < 600
    assert (reading["fault"], reading["failing_since"]) == (None, None)
    assert telefonist("calendar", "unlink", "1234").code == 0
    assert telefonist("divert", "list", "--json").out == ""
    assert telefonist("calendar", "status", "--json").out == ""
    (listed,) = records(telefonist("extension", "list", "--json").out)
    assert listed["extension"] == "1234"


def test_while_a_server_follows_calendars_it_is_said_which(
    telefonist: Telefonist, feed: Path, site: Path
) -> None:
    telefonist("calendar", "link", "1234", "--ics", str(feed))
    server = Lease("calendars", "exchange, process 4711, abc")

    async def serves() -> None:
        async with open_store(str(site / "site.db")) as store:
            await store.leases.take(server, timedelta(seconds=30))

    asyncio.run(serves())
    told = telefonist("calendar", "sync", "--once")
    assert told.code == 1
    assert "in the hands of exchange, process 4711, abc" in " ".join(told.err.split())
    assert telefonist("divert", "list", "--json").out == ""


def test_nothing_of_ours_stays_in_a_calendar_when_another_is_linked(
    telefonist: Telefonist,
    feed: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELEFONIST_CALDAV_PASSWORD", PASSWORD)
    settings = tmp_path / "settings.toml"
    settings.write_text(f'[caldav]\nuser = "{USER}"\n', "utf-8")
    monkeypatch.setenv("TELEFONIST_SETTINGS", str(settings))
    with radicale(tmp_path) as (_, place):
        address = make_calendar(place)
        hand = RadicaleHand(address)
        telefonist("calendar", "link", "1234", "--caldav", address)
        telefonist("divert", "set", "1234", "SAM")
        assert telefonist("calendar", "sync", "--once").code == 0
        assert len(hand.files()) == 1
        assert telefonist("calendar", "link", "1234", "--caldav", address).code == 0
        assert len(hand.files()) == 1
        assert telefonist("calendar", "link", "1234", "--ics", str(feed)).code == 0
        assert hand.files() == set()


def test_no_answer_tells_whose_calendar_it_is_or_what_is_in_it(
    telefonist: Telefonist, feed: Path
) -> None:
    telefonist("calendar", "link", "1234", "--ics", str(feed))
    for asked in (["sync", "--once"], ["status"], ["status", "--json"]):
        told = telefonist("calendar", *asked)
        assert told.code == 0
        for secret in ("lönesamtal", "anna-berg"):
            assert secret not in told.out + told.err


def test_what_cannot_be_read_is_told_with_a_remedy(telefonist: Telefonist) -> None:
    telefonist("calendar", "link", "1234", "--google", "anna@example.se")
    for asked in (["check", "1234"], ["sync", "--once"], ["status"]):
        told = telefonist("calendar", *asked)
        assert told.code == (0 if asked == ["status"] else 1)
        assert "name its key file in [google] key" in " ".join(told.out.split())
        assert "anna@" not in told.out + told.err


def test_what_a_calendar_lets_us_do_is_checked_one_by_one(
    telefonist: Telefonist, feed: Path
) -> None:
    telefonist("calendar", "link", "1234", "--ics", str(feed))
    told = telefonist("calendar", "check", "1234", "--json")
    assert told.code == 0
    assert records(told.out) == [
        {"what": "its bookings can be read", "well": True, "remedy": None}
    ]
    feed.unlink()
    told = telefonist("calendar", "check", "1234", "--json")
    assert told.code == 1
    (record,) = records(told.out)
    assert record["well"] is False
    assert record["remedy"]


def test_a_site_can_try_the_promises_on_its_own_server(
    telefonist: Telefonist, feed: Path
) -> None:
    told = telefonist("calendar", "conformance", "--calendar", f"ics:{feed}", "--json")
    assert told.code == 0
    tried = records(told.out)
    assert len(tried) >= 5
    assert all(each["well"] for each in tried)


@pytest.mark.parametrize(
    ("asked", "remedy"),
    [
        (["link", "1234"], "one of --google, --outlook, --caldav and --ics"),
        (["link", "1234", "--ics", "a", "--google", "b"], "one of --google"),
        (["link", "9999", "--ics", "a"], "extension add 9999"),
        (["unlink", "9999"], "extension add 9999"),
        (["check", "1234"], "calendar link"),
        (["sync"], "give --once"),
        (["conformance", "--calendar", "anna"], "KIND:ADDRESS"),
    ],
)
def test_what_is_asked_for_wrongly_is_told_with_a_remedy(
    telefonist: Telefonist, asked: list[str], remedy: str
) -> None:
    told = telefonist("calendar", *asked)
    assert told.code == 1
    assert remedy in " ".join(told.err.split())


def test_nothing_linked_is_told_with_an_example(telefonist: Telefonist) -> None:
    told = telefonist("calendar", "status")
    assert (told.code, "calendar link 1234" in told.out) == (0, True)
