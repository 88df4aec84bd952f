"""Nothing of a booking but its code and times leaves the connector of CalDAV."""

import logging
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from caldav_faults import FAULTS, SECRET
from calendar_samples import SAM
from odd_door import always, only
from radicale_server import PASSWORD, vevent

from voice.calendars.keys import entry_key
from voice.calendars.port import CalendarError, Opening


@pytest.fixture
def ground(caldav_ground):
    return caldav_ground


BOOKING = vevent(
    "UID:hemlig-uid",
    "DTSTAMP:20260301T000000Z",
    "DTSTART:20260310T090000Z",
    "DTEND:20260310T100000Z",
    f"SUMMARY:SAM: {SECRET}",
    f"DESCRIPTION:{SECRET}",
    "LOCATION:Hemligheten",
    "ATTENDEE;CN=Hemlig Person:mailto:hemlig@example.org",
    "X-OTHER:Hemlig egenhet",
)
HOURS = (datetime(2026, 3, 10, hour, tzinfo=UTC) for hour in (9, 10))
OPENED = Opening(entry_key("hemlig-uid"), SAM, *HOURS)
NONSENSE = BOOKING.replace("X-OTHER", "RRULE:FREQ=SECONDLY\r\nX-OTHER")


async def test_nothing_of_a_booking_is_in_any_word_written(door, ground, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    told = [repr(reading) async for reading in readings(ground)]
    first = await ground.calendar.read(ground.window, None)
    for answer, *_ in FAULTS:
        door.bend = always(answer)
        for work in (
            ground.calendar.read(ground.window, None),
            ground.calendar.read(ground.window, first.cursor),
            ground.calendar.put(ground.block()),
            ground.calendar.drop(ground.block().key),
            ground.calendar.find(ground.block().key),
            ground.calendar.set_opened(OPENED, True),
            ground.calendar.take_code(OPENED),
        ):
            told += await faults(work)
    assert len(told) > 3 * 3 * len(FAULTS)
    written = " ".join([*told, caplog.text, *capfd.readouterr()]).casefold()
    for word in ("hemlig", *SECRET.casefold().split(), PASSWORD):
        assert word not in written


async def test_nothing_of_a_booking_is_told_when_its_code_cannot_be_cut(
    door, ground, caplog, capfd
):
    caplog.set_level(logging.DEBUG)
    ground.hand.put("1.ics", BOOKING.replace("ATTENDEE", "X-GUEST"))
    told = []
    for answer, *_ in FAULTS:
        door.bend = only("PUT", answer)
        told += await faults(ground.calendar.take_code(OPENED))
    written = " ".join([*told, caplog.text, *capfd.readouterr()]).casefold()
    assert told
    for word in ("hemlig", *SECRET.casefold().split(), PASSWORD):
        assert word not in written


async def readings(ground):
    """Read the calendar as its bookings come, change and make no sense."""
    cursor = None
    for text in (BOOKING, BOOKING.replace("SAM:", "TJÄ;"), NONSENSE):
        ground.hand.put("1.ics", text)
        for since in (None, cursor):
            reading = await ground.calendar.read(ground.window, since)
            yield reading
        cursor = reading.cursor
    await ground.calendar.put(ground.block())
    yield await ground.calendar.read(ground.window, cursor)


async def faults(work):
    """Return all that an error tells of itself; some of the answers are none."""
    try:
        await work
    except CalendarError as error:
        return [repr(error), repr(error.__cause__), repr(error.__context__)]
    return []


def test_the_library_is_silent_also_where_the_environment_wants_it_to_speak():
    tell = (
        "import logging, voice.calendars.caldav_clients, caldav.lib.error as error;"
        "speaks = logging.getLogger('caldav.response').isEnabledFor(logging.ERROR);"
        "print(speaks, bool(error.debug_dump_communication))"
    )
    wants = {"PYTHON_CALDAV_DEBUGMODE": "DEBUG", "PYTHON_CALDAV_COMMDUMP": "1"}
    told = subprocess.run(
        [sys.executable, "-c", tell],
        env=os.environ | wants,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["False", "False"]
