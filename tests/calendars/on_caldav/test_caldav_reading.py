"""What a CalDAV calendar holds is read as the rules want it, and changes alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from caldav_samples import caldav_at
from calendar_samples import DAY, NOW, REASONS, SAM
from radicale_server import RadicaleHand, vcalendar, vevent

from voice.calendars.caldav_cursor import read, written
from voice.calendars.ground import Booking, Ground, after
from voice.calendars.ics_fields import Reader
from voice.calendars.port import CursorExpiredError, Window

OWNER = "anna@example.org"
HOUR = timedelta(hours=1)
WINDOW = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
TIMES = "DTSTART:20260310T090000Z", "DTEND:20260310T100000Z"
NINE = datetime(2026, 3, 10, 9, tzinfo=UTC)


@pytest.fixture
def reader():
    return Reader(REASONS, OWNER)


@pytest.fixture
async def calendar(caldav, reader):
    async with caldav_at(caldav, reader) as calendar:
        yield calendar


@pytest.fixture
def hand(caldav):
    return RadicaleHand(caldav)


@pytest.fixture
def ground(calendar, hand):
    return Ground(calendar, SAM, NOW, hand)


async def only(calendar):
    (entry,) = (await calendar.read(WINDOW, None)).entries
    return entry


def starts(reading):
    return sorted(entry.start for entry in reading.entries)


@pytest.mark.parametrize(
    ("lines", "start"),
    [
        (("DTSTART:20260310T090000", "DURATION:PT1H"), NINE - HOUR),
        (("DTSTART;TZID=Europe/Stockholm:20260310T090000",), NINE - HOUR),
        (("DTSTART;TZID=Nowhere/Nothing:20260310T090000",), NINE - HOUR),
        (("DTSTART;VALUE=DATE:20260310",), NINE.replace(hour=0) - HOUR),
    ],
    ids=["floating", "with a zone", "in a zone nobody knows", "all day"],
)
async def test_times_are_those_of_the_site_where_they_name_no_place(
    calendar, hand, lines, start
):
    hand.put(
        "1.ics", vevent("UID:1", "SUMMARY:SAM: x", "DTSTAMP:20260301T000000Z", *lines)
    )
    assert (await only(calendar)).start == start


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("CLASS:PRIVATE",), {"private": True, "mark": None}),
        (("CLASS:CONFIDENTIAL",), {"private": True, "mark": None}),
        (("TRANSP:TRANSPARENT",), {"free": True, "mark": SAM}),
        (("STATUS:CANCELLED",), {"cancelled": True}),
        (("STATUS:TENTATIVE",), {"tentative": True}),
        ((f"ATTENDEE;PARTSTAT=DECLINED:mailto:{OWNER}",), {"declined": True}),
        (("ATTENDEE;PARTSTAT=DECLINED:mailto:bo@example.org",), {"declined": False}),
        (("ORGANIZER:mailto:bo@example.org",), {"invited": True}),
    ],
)
async def test_what_the_rules_ask_for_is_read(calendar, hand, lines, told):
    lines = "UID:1", "DTSTAMP:20260301T000000Z", "SUMMARY:SAM: x", *TIMES, *lines
    hand.put("1.ics", vevent(*lines))
    entry = await only(calendar)
    assert {name: getattr(entry, name) for name in told} == told


async def test_a_series_is_read_with_its_exceptions(calendar, hand):
    head = "UID:1", "DTSTAMP:20260301T000000Z"
    days = "RRULE:FREQ=WEEKLY", "EXDATE:20260317T090000Z"
    moved = (
        "RECURRENCE-ID:20260324T090000Z",
        "DTSTART:20260325T130000Z",
        "DURATION:PT1H",
    )
    series = ["BEGIN:VEVENT", *head, "SUMMARY:SAM: x", *TIMES, *days, "END:VEVENT"]
    other = ["BEGIN:VEVENT", *head, "SUMMARY:TJÄ: x", *moved, "END:VEVENT"]
    hand.put("1.ics", vcalendar(*series, *other))
    reading = await calendar.read(WINDOW, None)
    there = [(each.start.day, each.mark.reason) for each in reading.entries]
    assert sorted(there) == [(10, "SAM"), (25, "TJÄ"), (31, "SAM")]
    # Without its exceptions the moved day keeps its key, and the removed one is back.
    hand.put("1.ics", vcalendar(*series[:-2], "END:VEVENT"))
    second = await calendar.read(WINDOW, reading.cursor)
    known = after(reading.entries, second)
    assert sorted(each.start.day for each in known.values()) == [10, 17, 24, 31]
    assert {each.key for each in reading.entries} <= known.keys()
    assert second.gone == ()


async def test_only_what_changed_comes_and_nothing_when_nothing_did(calendar, ground):
    names = [await ground.hand.book(booking(ground, nth)) for nth in range(3)]
    first = await calendar.read(ground.window, None)
    assert len(first.entries) == 3
    second = await calendar.read(ground.window, first.cursor)
    assert (second.entries, second.gone, second.whole) == ((), (), False)
    await ground.hand.rebook(names[1], booking(ground, 5))
    await ground.hand.remove(names[2])
    third = await calendar.read(ground.window, second.cursor)
    assert starts(third) == [booking(ground, 5).start]
    assert len(third.gone) == 1
    assert not third.whole


def booking(ground, nth):
    start = ground.hour + nth * DAY
    return Booking("SAM: x", start, start + HOUR)


async def test_a_cursor_outlives_its_connection(caldav, reader, calendar, ground):
    name = await ground.hand.book(booking(ground, 0))
    first = await calendar.read(ground.window, None)
    await ground.hand.remove(name)
    async with caldav_at(caldav, reader) as another:
        second = await another.read(ground.window, first.cursor)
    assert second.gone == (first.entries[0].key,)


async def test_what_a_window_comes_upon_is_told(calendar, ground):
    window = ground.window
    series = replace(booking(ground, 0), days=40)
    await ground.hand.book(series)
    alone = Booking("SAM: x", window.end + 5 * HOUR, window.end + 6 * HOUR)
    name = await ground.hand.book(alone)
    first = await calendar.read(window, None)
    assert starts(first)[-1] < window.end
    later = Window(window.start + DAY, window.end + DAY)
    second = await calendar.read(later, first.cursor)
    assert not second.whole
    known = after(first.entries, second)
    fresh = (await calendar.read(later, None)).entries
    assert {each.key for each in fresh} <= known.keys()
    assert alone.start in starts(second)
    await ground.hand.remove(name)
    third = await calendar.read(later, second.cursor)
    assert (third.entries, len(third.gone)) == ((), 1)


async def test_a_window_that_moves_back_is_read_whole(calendar, ground):
    first = await calendar.read(ground.window, None)
    earlier = Window(ground.window.start - DAY, ground.window.end)
    with pytest.raises(CursorExpiredError, match="read the whole"):
        await calendar.read(earlier, first.cursor)


async def test_a_token_that_the_server_does_not_know_has_expired(calendar, ground):
    first = await calendar.read(ground.window, None)
    place = read(first.cursor)
    assert place.token is not None
    unknown = place.token[:-8] + "00000000"
    for token in (unknown, "nonsense", "<&>"):
        with pytest.raises(CursorExpiredError, match="read "):
            await calendar.read(ground.window, written(replace(place, token=token)))


LATER = '[2,"2020-03-01T00:00:00+00:00","2026-04-01T00:00:00+00:00",null,null,{}]'
CURSORS = ["", "{}", "[]", "[2]", "null", '[1,"x","y",1,2,3]', LATER]


@pytest.mark.parametrize("cursor", CURSORS)
async def test_a_cursor_of_another_version_has_expired(calendar, ground, cursor):
    with pytest.raises(CursorExpiredError, match="read the whole"):
        await calendar.read(ground.window, cursor)


async def test_a_booking_that_makes_no_sense_keeps_back_no_other(
    calendar, ground, hand, caplog
):
    await hand.book(booking(ground, 0))
    endless = "RRULE:FREQ=SECONDLY", "SUMMARY:SAM: hemligt"
    head = "UID:1", "DTSTAMP:20260301T000000Z"
    hand.put("1.ics", vevent(*head, *TIMES, *endless))
    reading = await calendar.read(ground.window, None)
    assert starts(reading) == [booking(ground, 0).start]
    assert "1 bookings of a calendar make no sense" in caplog.text
    assert "hemligt" not in caplog.text


async def test_what_was_understood_once_is_not_gone_for_making_no_sense(calendar, hand):
    head = "UID:1", "DTSTAMP:20260301T000000Z", "SUMMARY:SAM: x"
    hand.put("1.ics", vevent(*head, *TIMES))
    first = await calendar.read(WINDOW, None)
    hand.put("1.ics", vevent(*head, *TIMES, "RRULE:FREQ=SECONDLY"))
    second = await calendar.read(WINDOW, first.cursor)
    assert (second.entries, second.gone) == ((), ())
    hand.delete("1.ics")
    third = await calendar.read(WINDOW, second.cursor)
    assert third.gone == (first.entries[0].key,)


async def test_a_booking_given_a_new_name_is_the_same(calendar, hand):
    text = vevent("UID:1", "DTSTAMP:20260301T000000Z", "SUMMARY:SAM: x", *TIMES)
    hand.put("1.ics", text)
    first = await calendar.read(WINDOW, None)
    hand.delete("1.ics")
    hand.put("a name with spaces & å.ics", text)
    second = await calendar.read(WINDOW, first.cursor)
    assert second.gone == ()
    assert [each.key for each in second.entries] == [first.entries[0].key]


async def test_tasks_are_no_bookings(calendar, hand):
    first = await calendar.read(WINDOW, None)
    task = "BEGIN:VTODO", "UID:1", "DTSTAMP:20260301T000000Z", "SUMMARY:SAM: x"
    hand.put("1.ics", vcalendar(*task, "DUE:20260310T090000Z", "END:VTODO"))
    assert (await calendar.read(WINDOW, first.cursor)).entries == ()
    assert (await calendar.read(WINDOW, None)).entries == ()


async def test_many_changes_are_all_read(calendar, ground, hand):
    first = await calendar.read(ground.window, None)
    for nth in range(55):
        start = NINE.replace(month=4) + nth * timedelta(minutes=10)
        lines = f"DTSTART:{start:%Y%m%dT%H%M%SZ}", "DURATION:PT10M", "SUMMARY:SAM: x"
        hand.put(f"{nth}.ics", vevent(f"UID:{nth}", "DTSTAMP:20260301T000000Z", *lines))
    second = await calendar.read(ground.window, first.cursor)
    assert len(second.entries) == 55
    assert not second.whole
