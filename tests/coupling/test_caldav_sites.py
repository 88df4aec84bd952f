"""Each CalDAV calendar of a site is opened by the account that is for it."""

import base64
from contextlib import asynccontextmanager

import pytest
from calendar_house import ANNA, BO, HOUR, NOW, SITE, CalendarHouse

from tests.calendars.on_caldav import radicale_server
from tests.calendars.on_caldav.odd_door import Door, opened
from tests.calendars.on_caldav.radicale_server import (
    RadicaleHand,
    make_calendar,
    radicale,
)
from voice.calendars.ground import Booking
from voice.calendars.settings import CaldavAccount, CaldavSettings, CalendarAccess
from voice.coupling.following import Coupled
from voice.coupling.opening import open_calendars
from voice.coupling.syncing import Sync
from voice.obey import Door as Commands
from voice.store.links_port import Link, LinkKind
from voice.store.port import Listing

OWNERS = {ANNA: radicale_server.ANNA, BO: radicale_server.BO}


@pytest.fixture
def door(tmp_path):
    """A real server with two who may read their own calendars alone, and its door."""
    with radicale(tmp_path) as (_, place), opened(Door(place)) as door:
        yield door


def accounts(door, **passwords):
    """Return an account for each of these, with a password or without."""
    return CaldavSettings(
        accounts=tuple(
            CaldavAccount(name, None, password, f"{door.address}/{name}/", name)
            for name, password in passwords.items()
        )
    )


@asynccontextmanager
async def followed(door, settings):
    """Give the sync of a house whose two follow a calendar, booked this hour."""
    house = CalendarHouse()
    for extension, owner in OWNERS.items():
        address = make_calendar(door.place, owner)
        booking = Booking("SAM: x", NOW, NOW + HOUR)
        await RadicaleHand(address, owner).book(booking)
        listing = Listing(extension, owner[0], coupled=True)
        await house.store.directory.put([listing], NOW, "test")
        through = address.replace(door.place, door.address)
        link = Link(extension, LinkKind.CALDAV, through)
        await house.store.links.put(link, NOW, "test")
    access = CalendarAccess(caldav=settings)
    async with open_calendars(access, SITE.reasons) as ways:
        commands = Commands(house.store, SITE)
        yield Sync(Coupled(commands, ways.open, house.settings, lambda: house.now))


def shown(door):
    """Return whose passwords were shown for whose calendars."""
    for asked in door.asked:
        told = asked.headers.get("authorization", "").removeprefix("Basic ")
        if told:
            user = base64.b64decode(told).decode().partition(":")[0]
            yield user, asked.path.split("/")[1]


async def test_each_is_read_by_an_account_of_its_own(door):
    async with followed(door, accounts(door, **dict(OWNERS.values()))) as sync:
        links = await sync.once()
    assert [linked.progress.fault for linked in links] == ["", ""]
    assert set(shown(door)) == {("anna", "anna"), ("bo", "bo")}


async def test_one_whose_password_lacks_is_told_and_hinders_nobody(door):
    settings = accounts(door, anna=dict(OWNERS.values())["anna"], bo="")
    async with followed(door, settings) as sync:
        well, lacks = await sync.once()
    assert well.progress.fault == ""
    assert "set TELEFONIST_CALDAV_PASSWORD_BO in the" in lacks.progress.remedy
    assert "write user" not in lacks.progress.remedy
    assert set(shown(door)) == {("anna", "anna")}


async def test_one_whose_password_is_wrong_is_told_by_the_accounts_name(door):
    settings = accounts(door, anna="fel", bo=dict(OWNERS.values())["bo"])
    async with followed(door, settings) as sync:
        wrong, well = await sync.once()
    assert "TELEFONIST_CALDAV_PASSWORD_ANNA" in wrong.progress.remedy
    assert well.progress.fault == ""
