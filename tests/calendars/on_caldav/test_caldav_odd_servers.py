"""CalDAV servers that cannot tell all that the others tell are read all the same."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from calendar_samples import DAY
from odd_door import XML, Answered, only, straight

from voice.calendars.caldav_cursor import read
from voice.calendars.ground import Booking
from voice.calendars.port import CursorExpiredError

HOUR = timedelta(hours=1)


@pytest.fixture
def ground(caldav_ground):
    return caldav_ground


def booked(ground, nth=0):
    start = ground.hour + nth * DAY
    return ground.hand.book(Booking("SAM: x", start, start + HOUR))


@pytest.mark.parametrize("status", [400, 403, 409, 410, 412, 415, 501])
async def test_a_token_can_be_refused_in_many_ways(door, ground, status):
    first = await ground.calendar.read(ground.window, None)
    expired = b'<error xmlns="DAV:"><valid-sync-token/></error>'
    door.bend = only("sync-collection", Answered(status, expired, XML))
    with pytest.raises(CursorExpiredError, match="read"):
        await ground.calendar.read(ground.window, first.cursor)


async def test_a_server_without_tokens_is_compared_by_its_tags(door, ground):
    door.bend = lambda asked, ask: ask().without("sync-token", "D:sync-token")
    await booked(ground)
    first = await ground.calendar.read(ground.window, None)
    (before,) = first.entries
    door.asked.clear()
    second = await ground.calendar.read(ground.window, first.cursor)
    assert (second.entries, second.gone, second.whole) == ((), (), False)
    assert door.kinds == ["PROPFIND"]
    other = Booking("TJÄ: x", ground.hour + DAY, ground.hour + DAY + HOUR)
    name = await ground.hand.book(other)
    third = await ground.calendar.read(ground.window, second.cursor)
    assert [entry.start for entry in third.entries] == [other.start]
    assert (third.gone, third.whole) == ((), False)
    await ground.hand.remove(name)
    fourth = await ground.calendar.read(ground.window, third.cursor)
    assert fourth.gone == (third.entries[0].key,)
    assert before.key not in fourth.gone


async def test_a_server_without_anything_is_compared_too(door, ground):
    door.bend = lambda asked, ask: ask().without("sync-token", "CS:getctag", "getctag")
    name = await booked(ground)
    first = await ground.calendar.read(ground.window, None)
    second = await ground.calendar.read(ground.window, first.cursor)
    assert (second.entries, second.gone, second.whole) == ((), (), False)
    await ground.hand.remove(name)
    third = await ground.calendar.read(ground.window, second.cursor)
    assert third.gone == (first.entries[0].key,)


async def test_a_server_that_tells_a_part_at_a_time_is_asked_on(door, ground, caldav):
    name = await booked(ground)
    first = await ground.calendar.read(ground.window, None)
    await ground.hand.remove(name)
    further = read((await ground.calendar.read(ground.window, None)).cursor).token
    await booked(ground, 1)
    door.bend = once(only("sync-collection", part(further, caldav + f"{name}.ics")))
    door.asked.clear()
    second = await ground.calendar.read(ground.window, first.cursor)
    assert door.kinds == ["sync-collection"] * 2 + ["calendar-multiget"]
    assert door.asked[-1].body.count("<href>") == 1
    assert second.gone == (first.entries[0].key,)
    assert [entry.start for entry in second.entries] == [ground.hour + DAY]


async def test_a_server_that_comes_no_further_is_read_whole(door, ground):
    first = await ground.calendar.read(ground.window, None)
    door.bend = only("sync-collection", part(read(first.cursor).token, "/a/1.ics"))
    with pytest.raises(CursorExpiredError, match="read the whole"):
        await ground.calendar.read(ground.window, first.cursor)


def part(token, gone):
    """Return the answer of a server that had no room for all."""
    text = (
        '<multistatus xmlns="DAV:"><response><href>/a</href>'
        "<status>HTTP/1.1 507 Insufficient Storage</status></response>"
        f"<response><href>{urlsplit(gone).path}</href>"
        "<status>HTTP/1.1 404 Not Found</status></response>"
        f"<sync-token>{token}</sync-token></multistatus>"
    )
    return Answered(207, text.encode(), XML)


def once(bend):
    """Bend one answer, and none after it."""
    bends = [bend]
    return lambda asked, ask: (bends.pop() if bends else straight)(asked, ask)
