"""Our own bookings on a CalDAV server are there once, whatever goes wrong."""

import asyncio
from datetime import timedelta

import pytest
from caldav_samples import caldav_at
from calendar_samples import NOW, REASONS
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from odd_door import XML, Answered, lost, only, straight

from voice.calendars.ground import moved, of, whole
from voice.calendars.ics_entries import read_ics
from voice.calendars.ics_fields import Reader
from voice.calendars.ics_written import ics_written
from voice.calendars.port import (
    AccessDeniedError,
    Block,
    BrokenAnswerError,
    BusyError,
    Window,
)
from voice.divert.model import Mark, Mode

HOUR = timedelta(hours=1)


@pytest.fixture
def ground(caldav_ground):
    return caldav_ground


@pytest.fixture
async def other(caldav):
    """Another connection to the same calendar."""
    async with caldav_at(caldav) as calendar:
        yield calendar


@pytest.mark.parametrize("bend", [lost("PUT"), only("PUT", None)])
async def test_a_booking_whose_answer_was_lost_is_there_once(door, ground, bend):
    block = ground.block()
    for wanted in (block, moved(block, HOUR), block):
        door.bend = bend
        with pytest.raises(BusyError):
            await ground.calendar.put(wanted)
        door.bend = straight
        await ground.calendar.put(wanted)
        (entry,) = (await whole(ground)).entries
        assert (entry.ours, entry.start, entry.end) == (True, wanted.start, wanted.end)
    assert len(ground.hand.files()) == 1


async def test_a_removal_whose_answer_was_lost_is_done_once(door, ground):
    await ground.calendar.put(ground.block())
    door.bend = lost("DELETE")
    with pytest.raises(BusyError):
        await ground.calendar.drop(ground.block().key)
    door.bend = straight
    await ground.calendar.drop(ground.block().key)
    assert ground.hand.files() == set()
    # Else Nextcloud would keep it, and refuse to have it anew.
    removals = [asked for asked in door.asked if asked.method == "DELETE"]
    assert {asked.headers["x-nc-caldav-no-trashbin"] for asked in removals} == {"1"}


async def test_what_is_there_as_it_should_be_is_left_alone(door, ground):
    await ground.calendar.put(ground.block())
    before = ground.hand.read(*ground.hand.files())
    door.asked.clear()
    await ground.calendar.put(ground.block())
    assert door.kinds == ["PUT", "calendar-multiget"]
    assert ground.hand.read(*ground.hand.files()) == before


async def test_two_that_write_at_once_write_one_booking(ground, other):
    block = ground.block()
    later = moved(block, HOUR)
    for pair in ((block, block), (later, later), (block, later)):
        puts = [
            calendar.put(each)
            for calendar, each in zip((ground.calendar, other), pair, strict=True)
        ]
        await asyncio.gather(*puts)
        (entry,) = (await whole(ground)).entries
        assert entry.start in {each.start for each in pair}
    assert len(ground.hand.files()) == 1


async def test_a_booking_that_its_owner_moved_is_moved_back(ground):
    block = ground.block()
    await ground.calendar.put(block)
    (name,) = ground.hand.files()
    start, away = (f"{each:%Y%m%dT%H%M%SZ}" for each in (block.start, block.end))
    ground.hand.put(name, ground.hand.read(name).replace(f":{start}", f":{away}"))
    assert of(block, (await whole(ground)).entries) == []
    await ground.calendar.put(block)
    assert len(of(block, (await whole(ground)).entries)) == 1


async def test_a_booking_that_another_program_cut_down_is_still_ours(ground):
    block = ground.block()
    await ground.calendar.put(block)
    (name,) = ground.hand.files()
    ground.hand.put(name, ground.hand.read(name).replace("X-TELEFONIST:1\r\n", ""))
    assert "X-TELEFONIST" not in ground.hand.read(name)
    assert len(of(block, (await whole(ground)).entries)) == 1
    await ground.calendar.put(block)
    assert "X-TELEFONIST" in ground.hand.read(name)


async def test_a_booking_that_makes_no_sense_any_more_is_written_anew(ground):
    block = ground.block()
    await ground.calendar.put(block)
    (name,) = ground.hand.files()
    endless = "X-TELEFONIST:1\r\nRRULE:FREQ=SECONDLY"
    text = ground.hand.read(name).replace("X-TELEFONIST:1", endless)
    ground.hand.put(name, text)
    await ground.calendar.put(block)
    assert len(of(block, (await whole(ground)).entries)) == 1


async def test_a_booking_is_found_under_another_name(ground):
    block, later = ground.block(), moved(ground.block(), HOUR)
    await ground.calendar.put(block)
    (name,) = ground.hand.files()
    text = ground.hand.read(name)
    ground.hand.delete(name)
    ground.hand.put("a name of theirs.ics", text)
    for wanted in (block, later):
        await ground.calendar.put(wanted)
        (entry,) = (await whole(ground)).entries
        assert (entry.start, entry.ours) == (wanted.start, True)
    assert ground.hand.files() == {"a%20name%20of%20theirs.ics"}
    await ground.calendar.drop(block.key)
    assert ground.hand.files() == set()


async def test_a_calendar_that_changes_all_the_while_is_tried_later(door, ground):
    await ground.calendar.put(ground.block())
    door.bend = only("PUT", Answered(412))
    with pytest.raises(BusyError, match="changes all the while"):
        await ground.calendar.put(moved(ground.block(), HOUR))
    door.bend = straight
    assert len(of(ground.block(), (await whole(ground)).entries)) == 1


async def test_a_booking_changed_while_it_is_written_is_looked_at_again(door, ground):
    await ground.calendar.put(ground.block())
    (name,) = ground.hand.files()
    text = ground.hand.read(name)

    def bend(asked, ask):
        answer = ask()
        if asked.kind == "calendar-multiget":
            ground.hand.put(name, text.replace("CATEGORIES:", "CATEGORIES:ANNAS,"))
            door.bend = straight
        return answer

    door.bend = bend
    door.asked.clear()
    await ground.calendar.put(moved(ground.block(), HOUR))
    assert door.kinds == ["PUT", "calendar-multiget", "PUT"] * 2
    (entry,) = (await whole(ground)).entries
    assert entry.start == ground.block().start + HOUR


async def test_a_booking_removed_while_it_is_written_is_written_anew(door, ground):
    await ground.calendar.put(ground.block())
    (name,) = ground.hand.files()

    def bend(asked, ask):
        if asked.kind == "calendar-multiget":
            ground.hand.delete(name)
            door.bend = straight
        return ask()

    door.bend = bend
    await ground.calendar.put(moved(ground.block(), HOUR))
    (entry,) = (await whole(ground)).entries
    assert entry.start == ground.block().start + HOUR


async def test_a_server_without_tags_is_written_to(door, ground):
    door.bend = lambda asked, ask: ask().without("getetag")
    for wanted in (ground.block(), moved(ground.block(), HOUR)):
        await ground.calendar.put(wanted)
    assert len(ground.hand.files()) == 1
    (entry,) = (await whole(ground)).entries
    assert entry.start == ground.block().start + HOUR


async def test_what_is_refused_for_its_name_is_no_missing_calendar(door, ground):
    taken = (
        b'<error xmlns="DAV:"><C:no-uid-conflict '
        b'xmlns:C="urn:ietf:params:xml:ns:caldav"/></error>'
    )
    door.bend = only("PUT", Answered(409, taken, XML))
    with pytest.raises(BusyError, match="changes all the while"):
        await ground.calendar.put(ground.block())


async def test_a_booking_of_ours_has_a_reminder_and_no_more_than_its_code(ground):
    await ground.calendar.put(ground.block())
    (name,) = ground.hand.files()
    (event,) = Calendar.from_ical(ground.hand.read(name)).walk("VEVENT")
    (alarm,) = event.walk("VALARM")
    assert event["SUMMARY"] == "SAM: hänvisad"
    assert alarm["TRIGGER"].dt == -timedelta(minutes=5)
    assert alarm["TRIGGER"].params["RELATED"] == "END"
    assert "DESCRIPTION" not in event


codes = st.sampled_from(sorted(REASONS))
minutes = st.integers(0, 2_000_000)


@given(code=codes, mode=st.sampled_from(Mode), start=minutes, lasts=minutes)
def test_what_is_written_is_what_is_read(code, mode, start, lasts):
    begin = NOW + timedelta(minutes=start)
    block = Block("key", Mark(code, mode), begin, begin + timedelta(minutes=lasts + 1))
    text = ics_written(block, "telefonist-1", begin)
    held = read_ics([text], Window(block.start, block.end), Reader(REASONS))
    (entry,) = held.entries
    assert (entry.mark, entry.start, entry.end) == (block.mark, block.start, block.end)
    assert entry.ours
    assert entry.slip is None


@given(code=st.text(st.characters(codec="utf-8", categories=["L"]), min_size=1))
def test_no_line_is_longer_than_a_line_may_be(code):
    block = Block("key", Mark(code, Mode.CLOSED), NOW, NOW + HOUR)
    text = ics_written(block, "telefonist-1", NOW)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert event["SUMMARY"] == f"{code}: hänvisad"


async def test_a_booking_that_its_owner_removed_is_not_found(ground):
    await ground.calendar.put(ground.block())
    ground.hand.delete(*ground.hand.files())
    assert await ground.calendar.find(ground.block().key) is None


async def test_a_booking_that_makes_no_sense_is_not_gone(ground):
    await ground.calendar.put(ground.block())
    (name,) = ground.hand.files()
    text = ground.hand.read(name).replace("X-TELEFONIST:1", "RRULE:FREQ=SECONDLY")
    ground.hand.put(name, text)
    with pytest.raises(BrokenAnswerError, match="no sense"):
        await ground.calendar.find(ground.block().key)


async def test_where_there_is_no_calendar_any_more_nothing_is_gone(caldav, ground):
    await ground.calendar.put(ground.block())
    async with caldav_at(f"{caldav}never/") as elsewhere:
        with pytest.raises(AccessDeniedError, match="no calendar"):
            await elsewhere.find(ground.block().key)


async def test_what_a_server_without_tokens_lacks_was_not_told(door, ground):
    door.bend = lambda asked, ask: ask().without("sync-token", "D:sync-token")
    await ground.calendar.put(ground.block())
    first = await ground.calendar.read(ground.window, None)
    ground.hand.delete(*ground.hand.files())
    second = await ground.calendar.read(ground.window, first.cursor)
    assert second.gone == (first.entries[0].key,)
    assert second.compared
