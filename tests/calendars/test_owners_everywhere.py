"""What we and owners do to bookings, in a calendar of each kind and in two stores."""

from contextlib import asynccontextmanager, closing
from datetime import timedelta

import pytest
from calendar_house import ANNA, HOUR, NOW, CalendarHouse
from calendar_samples import REASONS
from outlook_samples import OutlookHand, way_to
from outlook_samples import calendar_of as outlook_of

from tests.calendars.google_workspace.google_samples import ANNA as OWNER
from tests.calendars.google_workspace.google_samples import GoogleHand, workspace_of
from tests.calendars.google_workspace.google_samples import calendar_of as google_of
from tests.calendars.on_caldav.radicale_server import (
    PASSWORD,
    USER,
    RadicaleHand,
    make_calendar,
    radicale,
)
from tests.fakes import google, graph
from voice.calendars.caldav import CaldavCalendar
from voice.calendars.caldav_clients import Clients
from voice.calendars.ground import Booking
from voice.calendars.ics_fields import Reader
from voice.calendars.settings import CaldavAccount, CalendarSettings, Clearing

SOON, LATER = timedelta(seconds=11), timedelta(minutes=11)
MEETING = Booking("SAM: budget", NOW, NOW + HOUR)


class Owner:
    """An owner of a calendar of some kind, who sees and touches what is ours in it."""

    def __init__(self, calendar, hand, subjects, remove):
        self.calendar, self.hand = calendar, hand
        self.subjects, self.remove = subjects, remove


@asynccontextmanager
async def at_google(tmp_path):
    with google.stand_in() as stand_in:
        stand_in.person(OWNER)

        def remove():
            (event,) = stand_in.events(OWNER)
            stand_in.remove(OWNER, event["id"])

        def subjects():
            return [event["summary"] for event in stand_in.events(OWNER)]

        async with workspace_of(stand_in) as workspace:
            hand = GoogleHand(stand_in, OWNER)
            yield Owner(google_of(workspace), hand, subjects, remove)


@asynccontextmanager
async def at_microsoft(tmp_path):
    with graph.stand_in() as stand_in:
        stand_in.person(OWNER)

        def remove():
            (row,) = stand_in.rows(OWNER)
            stand_in.remove(OWNER, row["id"])

        def subjects():
            return [row["subject"] for row in stand_in.rows(OWNER)]

        async with way_to(stand_in) as way:
            hand = OutlookHand(stand_in, OWNER)
            yield Owner(outlook_of(way), hand, subjects, remove)


@asynccontextmanager
async def on_radicale(tmp_path):
    with radicale(tmp_path) as (_, place):
        address = make_calendar(place)
        hand = RadicaleHand(address)

        def subjects():
            lines = (hand.read(file).splitlines() for file in hand.files())
            heads = (line.partition(":") for each in lines for line in each)
            return [text for name, _, text in heads if name == "SUMMARY"]

        def remove():
            hand.delete(*hand.files())

        with closing(Clients(CaldavAccount(USER, password=PASSWORD))) as clients:
            calendar = CaldavCalendar(address, clients, Reader(REASONS))
            yield Owner(calendar, hand, subjects, remove)


@pytest.fixture(params=[at_google, at_microsoft, on_radicale])
async def owner(request, tmp_path):
    async with request.param(tmp_path) as owner:
        yield owner


async def house_of(owner, **settings):
    """Return a house with a store of its own, whose phone follows the calendar."""
    house = CalendarHouse(settings=CalendarSettings(**settings))
    house.calendars[ANNA] = owner.calendar
    await house.couple()
    await house.follow()
    return house


async def test_who_removes_our_booking_clears_the_divert_that_it_stands_for(owner):
    house = await house_of(owner)
    await house.set(until=NOW + HOUR)
    await house.settle()
    await house.follow()
    owner.remove()
    await house.follow()
    await house.settle()
    assert await house.is_closed()
    house.now += SOON
    await house.settle()
    assert await house.standing() == ()
    assert owner.subjects() == []


async def test_a_store_that_knows_nothing_learns_what_was_opened(owner):
    await owner.hand.book(MEETING)
    house = await house_of(owner)
    assert await house.is_closed()
    await house.clear()
    assert await house.settle() is None
    fresh = await house_of(owner)
    assert not await fresh.is_closed()
    assert owner.subjects() == ["SAM: budget"]


async def test_what_was_opened_and_moved_since_closes_in_any_store(owner):
    name = await owner.hand.book(MEETING)
    house = await house_of(owner)
    await house.clear()
    await house.settle()
    longer = Booking(MEETING.subject, NOW, NOW + 2 * HOUR)
    await owner.hand.rebook(name, longer)
    await house.follow()
    assert await house.is_closed()
    assert await (await house_of(owner)).is_closed()


async def test_a_code_is_cut_where_the_site_says_so(owner):
    await owner.hand.book(MEETING)
    house = await house_of(owner, clearing=Clearing.UNCODE)
    await house.clear()
    await house.settle()
    assert owner.subjects() == ["SAM: budget"]
    house.now += LATER
    await house.settle()
    await house.follow()
    assert owner.subjects() == ["budget"]
    assert await house.standing() == ()
