"""The site's password to everybody's calendars goes where it went before."""

from dataclasses import replace

import pytest
from web_house import ANNA, BO, NOW

from voice.calendars.settings import CaldavAccount, CaldavSettings
from voice.config import settings
from voice.divert.model import Site
from voice.language.catalog import Catalog
from voice.obey import Door
from voice.store.links_port import Link, LinkKind
from voice.store.memory import memory_store
from voice.store.port import Listing
from voice.web.administration import NotKeptError
from voice.web_calendars import Calendars

OURS = "https://cloud.example.se/dav/anna/"
ONE = CaldavAccount("bo", password="hers", address="https://p42.example.com/")
CALDAV = CaldavSettings("telefonist", password="everybody's", accounts=(ONE,))


@pytest.fixture
async def calendars(catalog: Catalog) -> Calendars:
    store, chosen = memory_store(), settings({})
    people = [Listing(ANNA, "Anna Berg"), Listing(BO, "Bo Ek")]
    await store.directory.put(people, NOW, "test")
    access = replace(chosen.access, caldav=CALDAV)
    chosen = replace(chosen, access=access)
    door = Door(store, Site(catalog.reasons))
    made = Calendars(chosen, door, catalog, lambda: NOW)
    # As from the command line.
    await store.links.put(Link(ANNA, LinkKind.CALDAV, OURS), NOW, "test")
    return made


@pytest.mark.parametrize(
    "address",
    [
        "https://CLOUD.example.se:443/dav/bo/",
        # To this one goes its own password, and nobody else's.
        "https://p42.example.com/bo/",
    ],
)
async def test_a_server_that_is_known_is_followed(calendars: Calendars, address: str):
    await calendars.link(Link(BO, LinkKind.CALDAV, address), "web: chef")


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/dav/anna/",
        "https://cloud.example.se:8443/dav/anna/",
        "https://cloud.example.se.evil.example/",
    ],
)
async def test_a_stranger_is_not_shown_the_password(calendars: Calendars, address: str):
    with pytest.raises(NotKeptError) as refused:
        await calendars.link(Link(BO, LinkKind.CALDAV, address), "web: chef")
    assert refused.value.faults == {"address": "calendar.stranger"}


async def test_a_feed_is_shown_no_password(calendars: Calendars):
    feed = Link(BO, LinkKind.ICS, "https://feeds.example/bo.ics")
    await calendars.link(feed, "web: chef")
