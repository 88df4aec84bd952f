"""What we write on people's bookings on a CalDAV server, refused and lost or not."""

from datetime import timedelta

import pytest
from caldav_samples import caldav_at
from calendar_samples import REASONS
from odd_door import Answered, lost, only, straight
from radicale_server import vevent

from voice.calendars.ground import Booking, whole
from voice.calendars.ics_fields import Reader
from voice.calendars.port import AccessDeniedError, BusyError
from voice.calendars.touched import opening

HOUR = timedelta(hours=1)
OWNER = "anna@example.org"


@pytest.fixture
def ground(caldav_ground):
    return caldav_ground


async def booked(ground):
    """Book what closes the phone, and return it as one that was opened."""
    times = (ground.hour, ground.hour + HOUR)
    await ground.hand.book(Booking("SAM: hemligt", *times))
    (entry,) = (await whole(ground)).entries
    return opening(entry)


def text(ground):
    (name,) = ground.hand.files()
    return ground.hand.read(name)


async def test_what_was_lost_on_the_way_is_written_once(door, ground):
    mine = await booked(ground)
    for write in (
        lambda: ground.calendar.set_opened(mine, True),
        lambda: ground.calendar.take_code(mine),
    ):
        door.bend = lost("PUT")
        with pytest.raises(BusyError):
            await write()
        door.bend = straight
        await write()
    assert text(ground).count(mine.proof) == 1
    assert "SUMMARY:hemligt" in text(ground)


async def test_what_carries_it_already_is_not_written_again(door, ground):
    mine = await booked(ground)
    await ground.calendar.set_opened(mine, True)
    door.asked.clear()
    await ground.calendar.set_opened(mine, True)
    assert door.kinds == ["calendar-query"]


async def test_an_edit_that_comes_between_is_not_lost(door, ground):
    mine = await booked(ground)
    before = text(ground)

    def bend(asked, ask):
        answer = ask()
        if asked.kind == "calendar-query":
            door.bend = straight
            ground.hand.put("booking-0.ics", before.replace("hemligt", "ändrat"))
        return answer

    door.bend = bend
    assert await ground.calendar.take_code(mine)
    assert "SUMMARY:ändrat" in text(ground)


async def test_a_calendar_that_changes_all_the_while_is_tried_later(door, ground):
    mine = await booked(ground)
    door.bend = only("PUT", Answered(412))
    with pytest.raises(BusyError, match="changes all the while"):
        await ground.calendar.set_opened(mine, True)


async def test_a_server_that_lets_no_guest_change_a_subject_is_told_of(door, ground):
    mine = await booked(ground)
    door.bend = only("PUT", Answered(403))
    assert not await ground.calendar.take_code(mine)
    with pytest.raises(AccessDeniedError):
        await ground.calendar.set_opened(mine, True)


async def test_bookings_that_nobody_can_read_hide_none(ground):
    mine = await booked(ground)
    start = f"DTSTART:{mine.start:%Y%m%dT%H%M%SZ}"
    ground.hand.put("odd.ics", vevent("UID:odd", start, "RRULE:FREQ=SECONDLY"))
    await ground.calendar.set_opened(mine, True)
    assert mine.proof in ground.hand.read("booking-0.ics")


async def test_a_meeting_of_ones_own_is_left_as_it_is(caldav, ground):
    times = (f"{at:%Y%m%dT%H%M%SZ}" for at in (ground.hour, ground.hour + HOUR))
    start, end = times
    guests = f"ORGANIZER:mailto:{OWNER}", "ATTENDEE:mailto:bo@example.org"
    lines = "UID:met", f"DTSTART:{start}", f"DTEND:{end}", "SUMMARY:SAM: x"
    ground.hand.put("met.ics", vevent(*lines, f"DTSTAMP:{start}", *guests))
    before = text(ground)
    async with caldav_at(caldav, Reader(REASONS, OWNER)) as annas:
        (entry,) = (await annas.read(ground.window, None)).entries
        await annas.set_opened(opening(entry), True)
        assert not await annas.take_code(opening(entry))
    assert text(ground) == before
