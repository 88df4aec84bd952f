"""Every kind of calendar, opened as a site's settings say, closes and opens a phone."""

import json
import logging
import re
import ssl
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trustme
from calendar_house import ANNA, SITE, CalendarHouse

from tests.calendars.on_caldav.radicale_server import (
    PASSWORD,
    USER,
    RadicaleHand,
    make_calendar,
    radicale,
    vevent,
)
from tests.fakes import google, graph
from tests.fakes.graph_entra import CLIENT, SECRET, TENANT
from voice.calendars.settings import (
    CaldavSettings,
    CalendarAccess,
    GoogleSettings,
    OutlookSettings,
)
from voice.coupling.following import Coupled
from voice.coupling.opening import open_calendars
from voice.coupling.syncing import Sync
from voice.obey import Door
from voice.store.database import open_store
from voice.store.links_port import Link, LinkKind
from voice.store.memory import memory_store
from voice.store.port import Listing

OWNER = "anna@kommun.example"
SUBJECT = "SAM: lönesamtal med Bertil"
# The stand-ins keep time by the clock.
NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)


@dataclass
class Place:
    """Somewhere that a calendar is, and its owner's hand there."""

    kind: LinkKind
    address: str
    access: CalendarAccess
    book: Any
    remove: Any
    ours: Any = None


@contextmanager
def at_google(folder, monkeypatch):
    with google.stand_in() as there:
        there.person(OWNER)
        key = folder / "key.json"
        key.write_text(json.dumps(there.key))
        access = CalendarAccess(google=GoogleSettings(key, there.endpoint))

        def ours():
            mine = [e for e in there.events(OWNER) if e["status"] != "cancelled"]
            return [e for e in mine if e.get("extendedProperties")]

        yield Place(
            LinkKind.GOOGLE,
            OWNER,
            access,
            lambda: there.book(OWNER, SUBJECT, NOW - HOUR, NOW + HOUR),
            lambda name: there.remove(OWNER, name),
            ours,
        )


@contextmanager
def at_microsoft(folder, monkeypatch):
    authority = trustme.CA(key_type=trustme.KeyType.RSA)
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with graph.stand_in(trusted=context) as there:
        there.person(OWNER)
        settings = OutlookSettings(
            TENANT, CLIENT, None, there.place, there.base, SECRET
        )

        def ours():
            rows = there.rows(OWNER)
            return [row for row in rows if "Telefonist" in row.get("categories", ())]

        yield Place(
            LinkKind.OUTLOOK,
            OWNER,
            CalendarAccess(outlook=settings),
            lambda: there.book(
                OWNER, subject=SUBJECT, start=NOW - HOUR, end=NOW + HOUR
            ),
            lambda name: there.remove(OWNER, name),
            ours,
        )


@contextmanager
def on_a_server(folder, monkeypatch):
    with radicale(folder) as (_, place):
        address = make_calendar(place)
        hand = RadicaleHand(address)
        access = CalendarAccess(caldav=CaldavSettings(USER, None, PASSWORD))

        def book():
            hand.put("a.ics", event())
            return "a.ics"

        yield Place(
            LinkKind.CALDAV,
            address,
            access,
            book,
            hand.delete,
            lambda: hand.files() - {"a.ics"},
        )


@contextmanager
def in_a_file(folder, monkeypatch):
    file = folder / "anna.ics"
    file.write_text(vevent_of_nobody())

    def book():
        file.write_text(event())

    def remove(_):
        file.write_text(vevent_of_nobody())

    yield Place(LinkKind.ICS, str(file), CalendarAccess(), book, remove)


def event():
    start, end = (f"{each:%Y%m%dT%H%M%SZ}" for each in (NOW - HOUR, NOW + HOUR))
    return vevent(
        "UID:a", f"DTSTAMP:{start}", f"DTSTART:{start}", f"DTEND:{end}",
        f"SUMMARY:{SUBJECT}",
    )  # fmt: skip


def vevent_of_nobody():
    return event().replace(SUBJECT, "Något annat")


@pytest.fixture(params=[at_google, at_microsoft, on_a_server, in_a_file])
def place(request, tmp_path, monkeypatch):
    with request.param(tmp_path, monkeypatch) as place:
        yield place


@asynccontextmanager
async def coupled_to(place, store=None):
    """Give a house whose one phone follows the calendar, and its sync."""
    house = CalendarHouse(store or memory_store(), now=NOW)
    await house.store.directory.put([Listing(ANNA, "Anna", coupled=True)], NOW, "test")
    await house.store.links.put(Link(ANNA, place.kind, place.address), NOW, "test")
    asked = house.measures.asked
    async with open_calendars(place.access, SITE.reasons, asked) as calendars:
        door = Door(house.store, SITE)
        coupled = Coupled(door, calendars.open, house.settings, lambda: house.now)
        yield house, Sync(coupled)


async def test_a_booking_closes_the_phone_and_its_removal_opens_it(place, caplog):
    caplog.set_level(logging.DEBUG)
    async with coupled_to(place) as (house, sync):
        name = place.book()
        (linked,) = await sync.once()
        assert linked.progress.fault == ""
        (divert,) = await house.standing()
        assert (divert.start, divert.until) == (NOW - HOUR, NOW + HOUR)
        assert await house.is_closed()
        place.remove(name)
        await sync.once()
        assert not await house.is_closed()
        assert "lönesamtal" not in caplog.text


async def test_each_question_to_a_server_is_counted_by_its_kind(place):
    async with coupled_to(place) as (house, sync):
        await sync.once()
        registry = house.measures.registry
    asked = {
        kind: registry.get_sample_value(
            "telefonist_calendar_requests_total", {"kind": kind.value}
        )
        for kind in LinkKind
    }
    # A file is no server.
    counted = [kind for kind in asked if asked[kind]]
    assert counted == [kind for kind in (place.kind,) if kind is not LinkKind.ICS]


async def test_no_word_of_a_booking_is_in_any_file_of_the_store(place, tmp_path):
    file = tmp_path / "kept" / "store.db"
    file.parent.mkdir()
    async with open_store(str(file)) as store, coupled_to(place, store) as (_, sync):
        place.book()
        await sync.once()
        kept = await store.links.kept(ANNA)
        assert [each.mark.reason for each in kept.entries] == ["SAM"]
        held = [each.read_bytes() for each in file.parent.iterdir()]
    assert any(b"SAM" in each for each in held)
    for word in ("lönesamtal", "Bertil", "Telefonist"):
        assert not any(word.encode() in each for each in held)


async def test_what_is_set_by_phone_is_in_the_calendar_and_goes_with_it(place):
    async with coupled_to(place) as (house, sync):
        await house.set(until=NOW + 2 * HOUR)
        await sync.once()
        if place.ours is None:
            assert await house.store.bookings.of(ANNA) == ()
            return
        assert len(place.ours()) == 1
        await sync.once()
        assert len(place.ours()) == 1
        assert len(await house.standing()) == 1
        await house.clear()
        await sync.once()
        assert not place.ours()
        assert not await house.is_closed()


@pytest.mark.parametrize(
    ("kind", "remedy"),
    [
        (LinkKind.GOOGLE, r"name its key file in \[google\]"),
        (LinkKind.OUTLOOK, r"write its tenant and client in \[outlook\]"),
        (LinkKind.CALDAV, r"write user in \[caldav\]"),
        (LinkKind.ICS, "."),
    ],
)
async def test_what_lacks_is_named_with_its_setting(kind, remedy):
    place = Place(kind, "/nowhere/anna.ics", CalendarAccess(), None, None)
    async with coupled_to(place) as (_, sync):
        (linked,) = await sync.once()
        assert linked.progress.fault == "AccessDeniedError"
        assert re.search(remedy, linked.progress.remedy)
        assert "anna" not in linked.progress.remedy
